import { createHash } from "node:crypto";
import type { ConfigIssue } from "./issue.ts";
import { ruleTexts } from "./rules.ts";

const levels = { error: "error", warning: "warning", note: "note" } as const;
const home = "https://github.com/runs-fleet/runs-fleet";

const pages = `${home}/blob/main/docs/config.md`;

/**
 * Issues as SARIF 2.1.0, one run: what code scanning places in the file.
 *
 * Source: SARIF 2.1.0; GitHub's "SARIF support for code scanning"; what `@microsoft/sarif-multitool` 5.7.0 wants of it.
 */
export function formatSarif(issues: readonly ConfigIssue[], version: string): string {
  const ids = [...new Set(issues.map(({ rule }) => rule))].sort();
  const rules = ids.map((id) => {
    const text = `${ruleTexts[id] ?? id.replaceAll("-", " ")}.`;
    const severity = issues.find(({ rule }) => rule === id)?.severity ?? "error";
    return {
      id,
      // A name that is the id again is to be left out.
      ...(id.includes("-") ? { name: nameOf(id) } : {}),
      shortDescription: { text },
      fullDescription: { text },
      help: { text: `What the file may say, and what is checked: ${pages}` },
      helpUri: pages,
      defaultConfiguration: { level: levels[severity] },
    };
  });
  const hashOf = createFingerprints();
  const results = issues.map((issue) => {
    const { rule, severity, message, file, start, end, suggestion } = issue;
    return {
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
      partialFingerprints: { primaryLocationLineHash: hashOf(issue) },
    };
  });
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

/** `unknown-key`: `UnknownKey`. */
const nameOf = (id: string): string =>
  id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Tells issues apart by rule and field, not by line: an alert stays the same one when lines above it come and go. */
function createFingerprints(): (issue: ConfigIssue) => string {
  const seen = new Map<string, number>();
  return ({ rule, file, path }) => {
    const hash = createHash("sha256")
      .update(JSON.stringify([rule, file, path]))
      .digest("hex")
      .slice(0, 16);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return `${hash}:${count}`;
  };
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
