/** Whose runner takes a job that is not ours. */
export type OtherRunner = "github-hosted" | "self-hosted" | "runner-group" | "other";

/** Labels of GitHub's own runners, older and newer ones. Source: GitHub's documentation of its runners, read 2026-11-28. */
const hosted =
  /^(?:ubuntu-(?:latest|slim|\d\d\.\d\d)(?:-arm)?|windows-(?:latest|\d{2,4})(?:-arm|-vs\d{4})?|macos-(?:latest|\d\d(?:\.\d\d)?)(?:-intel|-large|-xlarge)?)$/i;
/** Names that GitHub proposes for its larger runners: `ubuntu-latest-16-cores`, `ubuntu-22.04-4core`, `windows-latest-8-cores`. */
const larger =
  /^(?:ubuntu|windows|linux)(?:-(?:latest|\d\d\.\d\d|\d{4}))?-\d{1,3}-?cores?(?:-[a-z0-9-]+)?$/i;

/** Whose runner takes a job with labels that are not ours, as far as they tell. */
export function otherRunner(labels: readonly string[], group?: string): OtherRunner {
  if (labels.some((label) => label.toLowerCase() === "self-hosted")) return "self-hosted";
  if (group !== undefined) return "runner-group";
  return labels.some((label) => hosted.test(label) || larger.test(label))
    ? "github-hosted"
    : "other";
}

/** The same in words. */
export const otherRunnerWords: Readonly<Record<OtherRunner, string>> = {
  "github-hosted": "GitHub-hosted",
  "self-hosted": "another self-hosted runner",
  "runner-group": "another runner group",
  other: "another runner with this label",
};

/** What was probably meant, when labels look like ours and are not: such a job waits for a runner that never comes. */
export function nearMiss(labels: readonly string[]): string | undefined {
  const label = labels.find((each) => /^runs?[-_ ]?fleet/i.test(each));
  if (label === undefined) return undefined;
  return `${JSON.stringify(label)} looks like a label of ours and is none: a label of ours begins with runs-fleet/`;
}
