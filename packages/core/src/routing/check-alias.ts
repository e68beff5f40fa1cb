import type { Diagnostic } from "@runs-fleet/scheduling";
import { parseAliasPattern } from "./alias-pattern.ts";
import { fillCaptures } from "./aliases.ts";
import { createDraft, reconcile } from "./draft.ts";
import { readSettings } from "./read-settings.ts";
import type { LabelAlias, LabelCatalog } from "./request.ts";

/** A value that each capture could have; `2` is also a word, and right for most numbers. */
const samples = { digits: "2", letters: "a", words: "2" } as const;
/** Problems that a sample has, not the alias. */
const sampleProblems: ReadonlySet<string> = new Set([
  "invalid-value",
  "out-of-range",
  "inverted-range",
]);

/** What is wrong with an alias, as seen before any label meets it. Paths start at the alias. */
export function checkAlias(
  alias: LabelAlias,
  runners: LabelCatalog["runners"],
): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  let captures: readonly string[] = [];
  if ("match" in alias) {
    const pattern = parseAliasPattern(alias.match);
    if (!pattern.ok) return pattern.issues.map((issue) => ({ ...issue, path: ["match"] }));
    captures = pattern.value.captures.map((capture) => samples[capture]);
  }
  const problem = (code: string, message: string) =>
    problems.push({ code, severity: "error", path: ["use"], message });
  const filled = fillCaptures(alias.use, captures);
  const missing = /\$\d?/.exec(filled);
  if (missing !== null) {
    const count = captures.length;
    problem("unknown-capture", `${missing[0]} names no capture; the pattern has ${count}`);
    return problems;
  }
  const sampled = new Set(
    alias.use
      .split("/")
      .filter((part) => part.includes("$"))
      .map((part) => part.split("=", 1).join("").toLowerCase()),
  );
  const draft = createDraft(alias.use, runners);
  draft.text = filled;
  if (filled !== "") readSettings(draft, 0);
  reconcile(draft);
  for (const { code, key, message } of draft.issues) {
    if (sampleProblems.has(code) && sampled.has(key ?? "")) continue;
    problem(code, message);
  }
  return problems;
}
