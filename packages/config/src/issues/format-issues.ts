import { painted } from "../cli/paint.ts";
import { formatSarif } from "./format-sarif.ts";
import { formatText } from "./format-text.ts";
import type { ConfigIssue } from "./issue.ts";

/** How issues are written: for people, as JSON, for code scanning, as annotations of GitHub Actions. */
export type IssueFormat = "text" | "json" | "sarif" | "github";

/** What {@link formatIssues} may be told. */
export interface FormatIssuesOptions {
  /** Whether text has the colours of a terminal. @defaultValue `false` */
  readonly colour?: boolean;
  /** The text of a file, for the lines under the issues. @defaultValue none are shown */
  readonly textOf?: (file: string) => string | undefined;
  /** Version of the tool, as SARIF tells it. @defaultValue `0.0.0` */
  readonly version?: string;
}

/** Issues in one of the forms. Ends with a line break unless it is empty. */
export function formatIssues(
  issues: readonly ConfigIssue[],
  format: IssueFormat,
  { colour = false, textOf, version = "0.0.0" }: FormatIssuesOptions = {},
): string {
  switch (format) {
    case "text":
      return formatText(issues, colour ? painted : undefined, textOf);
    case "json":
      return `${JSON.stringify(issues, null, 2)}\n`;
    case "sarif":
      return formatSarif(issues, version);
    case "github":
      return issues.map(annotation).join("");
  }
}

const commands = { error: "error", warning: "warning", note: "notice" } as const;

/** A workflow command. Source: GitHub's "Workflow commands for GitHub Actions", with the escapes of its toolkit. */
function annotation({
  rule,
  severity,
  message,
  file,
  start,
  end,
  suggestion,
}: ConfigIssue): string {
  const property = (text: string | number): string =>
    escapeData(String(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const place = [
    `file=${property(file)}`,
    `line=${start.line}`,
    `endLine=${end.line}`,
    // Columns count only where an annotation stays on one line.
    ...(start.line === end.line ? [`col=${start.column}`, `endColumn=${end.column}`] : []),
    `title=${property(rule)}`,
  ].join(",");
  const hint = suggestion === undefined ? "" : ` (did you mean ${suggestion}?)`;
  return `::${commands[severity]} ${place}::${escapeData(`${message}${hint}`)}\n`;
}

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
