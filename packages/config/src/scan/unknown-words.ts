/** Why a part of an expression is not known before the workflow runs, and what helps. */
export function unknownWords(source: string): string {
  const [root = "", name = ""] = source.split(/[.[]/);
  switch (root.trim().toLowerCase()) {
    case "vars":
      return `a configuration variable; give its value: --var ${/^[\w-]+/.exec(name)?.[0] ?? "NAME"}=...`;
    case "needs":
      return "an output of another job";
    case "github":
      return "known only when it runs";
    case "inputs":
      return "given by whoever starts or calls the workflow";
    case "strategy":
      return "known only when it runs";
    case "more possibilities than are looked at":
    case "more calls than are followed":
      return "the rest may ask for something else";
    default:
      return /^(?:\.\/|[^/\s]+\/[^/\s]+\/\.github\/workflows\/)/.test(source)
        ? "a workflow that is not among those looked at"
        : "not known before it runs";
  }
}
