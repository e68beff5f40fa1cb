/** One thing that is wrong, told to a person and to a script. */
export interface Problem {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly severity?: "error" | "warning";
  readonly message: string;
  /** As the person wrote it. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** Where in the document: `["pools", 0, "name"]`. */
  readonly path?: readonly (string | number)[];
  /** What to write instead; shown as "did you mean". */
  readonly suggestion?: string;
}

/** `pools[0].shape.cpu`, or with quotes where a key is no plain word. */
export function fieldPath(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

/** `error[code] file:line:column at field: message`, with a second line for the suggestion. Ends with a line break. */
export function formatProblem(problem: Problem, paint: Paint = plain): string {
  const { code, severity = "error", file, line, column, path, message, suggestion } = problem;
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  const field = path && path.length > 0 ? `at ${fieldPath(path)}` : "";
  const where = [place, field].filter(Boolean).join(" ");
  const head = paint(severity === "error" ? "red" : "yellow", `${severity}[${code}]`);
  const first = `${head} ${where ? `${paint("bold", where)}: ` : ""}${printable(message)}\n`;
  return suggestion === undefined
    ? first
    : `${first}  did you mean ${paint("green", printable(suggestion))}?\n`;
}

/** Text from a file, without what could steer a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    character === "\n" ? " " : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

export type Style = "red" | "yellow" | "green" | "bold" | "dim";

/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

const plain: Paint = (_, text) => text;
