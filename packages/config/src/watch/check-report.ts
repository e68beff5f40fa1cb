import type { Check } from "@runs-fleet/core";
import type { ConfigIssue } from "../issues/issue.ts";
import type { WatchOutcome } from "./create-config-watcher.ts";

const levels = { error: "failure", warning: "warning", note: "notice" } as const;

/** What the author of a commit is told of it. */
export interface Finding {
  readonly outcome: WatchOutcome;
  /** What was noted in the file, wrong or not. */
  readonly issues: readonly ConfigIssue[];
  /** The plan in Markdown, when something changed. */
  readonly plan?: string;
  /** The plan in one sentence. */
  readonly summary?: string;
}

const short = (version: string): string => version.slice(0, 10);

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

function words({
  outcome,
  issues,
  plan,
  summary,
}: Finding): Pick<Check, "conclusion" | "title" | "summary"> {
  switch (outcome.kind) {
    case "applied":
      return {
        conclusion: "success",
        title: summary ?? "In force",
        summary: `${outcome.version === "" ? "The file is gone." : `Version \`${short(outcome.version)}\` is in force.`}\n\n${plan ?? ""}`,
      };
    case "unchanged":
      return {
        conclusion: "success",
        title: "Nothing changes",
        summary:
          outcome.version === ""
            ? "There was no version before, and there is none now."
            : `Version \`${short(outcome.version)}\` was in force before, and stays.`,
      };
    case "superseded":
      return {
        conclusion: "neutral",
        title: "A later push decides",
        summary: `A push that came after this one was looked at before. In force is version \`${short(outcome.version)}\`.`,
      };
    case "rejected": {
      const errors = issues.filter(({ severity }) => severity === "error");
      return {
        conclusion: "failure",
        title: `${plural(errors.length, "error")}: nothing changes`,
        summary: `What was in force before stays in force. Each problem is annotated at its line; \`runs-fleet check\` tells them as well.\n\n${errors
          .slice(0, 20)
          .map(
            ({ file, start, message }) => `- \`${file}:${start.line}:${start.column}\` ${message}`,
          )
          .join("\n")}`,
      };
    }
    case "kept-last-good":
      return {
        conclusion: "failure",
        title: "The file cannot be read: nothing changes",
        summary: `${outcome.cause.message}. What was in force before stays in force.`,
      };
  }
}

/** A finding as the check run on its commit. The same commit has one, however often it is reported. */
export function checkReport(finding: Finding, name: string, sha: string): Check {
  return {
    name,
    sha,
    externalId: `${name}/${sha}`,
    ...words(finding),
    annotations: finding.issues.map(
      ({ file, start, end, severity, rule, message, suggestion }) => ({
        path: file,
        startLine: start.line,
        endLine: Math.max(start.line, end.line),
        level: levels[severity],
        message: `${message}${suggestion === undefined ? "" : `; did you mean ${suggestion}?`} (${rule})`,
      }),
    ),
  };
}
