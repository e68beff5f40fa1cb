import type { ConfigIssue } from "../issues/issue.ts";

/** Most problems that are put on record; check runs have all of them. */
const problemsKept = 10;
const longestProblem = 500;

/** What is put on record of the errors of a refused file: the first ones, each a line with its place, and how many more there are. */
export function problemsOf(issues: readonly ConfigIssue[]): {
  readonly problems: string[];
  readonly more: number;
} {
  const errors = issues.filter(({ severity }) => severity === "error");
  const problems = errors
    .slice(0, problemsKept)
    .map(({ file, start, message }) =>
      `${file}:${start.line}:${start.column}: ${message}`.slice(0, longestProblem),
    );
  return { problems, more: errors.length - problems.length };
}
