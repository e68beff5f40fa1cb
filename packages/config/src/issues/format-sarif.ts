import type { ConfigIssue } from "./issue.ts";
import { ruleTexts } from "./rules.ts";

const levels = { error: "error", warning: "warning", note: "note" } as const;
const home = "https://github.com/runs-fleet/runs-fleet";

/** Issues as SARIF 2.1.0, one run: what code scanning places in the file. Source: SARIF 2.1.0, and GitHub's "SARIF support for code scanning". */
export function formatSarif(issues: readonly ConfigIssue[], version: string): string {
  const ids = [...new Set(issues.map(({ rule }) => rule))].sort();
  const rules = ids.map((id) => ({
    id,
    name: id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${ruleTexts[id] ?? id.replaceAll("-", " ")}.` },
    helpUri: `${home}/blob/main/docs/config.md`,
    defaultConfiguration: { level: "error" },
  }));
  const results = issues.map(({ rule, severity, message, file, start, end, suggestion }) => ({
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    level: levels[severity],
    message: {
      text: suggestion === undefined ? `${message}.` : `${message}. Did you mean ${suggestion}?`,
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file), uriBaseId: "%SRCROOT%" },
          region: {
            startLine: start.line,
            startColumn: start.column,
            endLine: end.line,
            endColumn: end.column,
          },
        },
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${rule}:${start.line}:${start.column}` },
  }));
  const driver = { name: "runs-fleet", semanticVersion: version, informationUri: home, rules };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { "%SRCROOT%": { description: { text: "The root of the checkout." } } },
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** A path as a relative URI. */
function uriOf(file: string): string {
  return file
    .replaceAll("\\", "/")
    .replace(/^\.\//, "")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
}
