import { type LabelAlias, labelSetKey, parseLabels } from "@runs-fleet/core";
import type { FieldIssue } from "../issues/issue.ts";
import { type AliasSign, coversPattern, signsOf, signsOfLabel } from "./alias-cover.ts";
import type { LintInput } from "./lint-input.ts";
import { mostWork, type Work } from "./work.ts";

/** An alias as far as what it stands for goes. */
interface Earlier {
  /** How messages call it. */
  readonly name: string;
  /** Of a pattern. */
  readonly signs?: readonly AliasSign[];
  /** Of a set of labels. */
  readonly key?: string;
}

/** Aliases that never have their turn: of those that stand for a job's labels the first wins, and our own labels need none. */
export function lintAliases({ form, isWhole }: LintInput): readonly FieldIssue[] {
  if (!isWhole(["aliases"])) return [];
  const issues: FieldIssue[] = [];
  const earlier: Earlier[] = [];
  const work = { left: mostWork };
  for (const [index, alias] of (form.aliases ?? []).entries()) {
    if ("dialect" in alias) continue;
    const key = "match" in alias ? "match" : "labels";
    const reason = reasonAgainst(alias, earlier, work);
    if (reason !== undefined) {
      const message = `This alias is never used: ${reason}`;
      const path = ["aliases", index, key];
      issues.push({ rule: "shadowed-alias", severity: "warning", message, path });
    }
    earlier.push(
      "match" in alias
        ? { name: alias.match, signs: signsOf(alias.match) }
        : { name: alias.labels.join(", "), key: labelSetKey(alias.labels) },
    );
  }
  return issues;
}

function reasonAgainst(
  alias: LabelAlias,
  earlier: readonly Earlier[],
  work: Work,
): string | undefined {
  const candidates =
    "match" in alias ? [signsOf(alias.match)] : alias.labels.map((label) => signsOfLabel(label));
  const labels = candidates.map((signs) =>
    signs.map((sign) => ("literal" in sign ? sign.literal : sign.capture.charAt(0))).join(""),
  );
  // Whatever captures hold, a label is ours by its beginning.
  if (parseLabels(labels) !== undefined) return "labels of runs-fleet are read as they stand";
  const key = "match" in alias ? undefined : labelSetKey(alias.labels);
  const taker = earlier.find(({ signs, key: theirs }) =>
    signs === undefined
      ? theirs === key
      : candidates.some((narrow) => coversPattern(signs, narrow, work)),
  );
  return taker && `${taker.name} before it takes all of its labels`;
}
