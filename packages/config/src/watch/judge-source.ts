import type { Rates } from "@runs-fleet/scheduling";
import type { ConfigIssue } from "../issues/issue.ts";
import { type FleetConfig, parseConfig } from "../parse-config.ts";
import { formatPlan } from "../plan/format-plan.ts";
import { planConfig } from "../plan/plan-config.ts";
import { problemsOf } from "./problems-of.ts";
import type { SourceText } from "./read-source.ts";

/** Whether a text can be applied, and what it would change. */
export type Judgement =
  | {
      readonly ok: true;
      readonly config: FleetConfig;
      readonly issues: readonly ConfigIssue[];
      /** What changes, in Markdown. */
      readonly plan: string;
      /** The same in one sentence. */
      readonly summary: string;
    }
  | {
      readonly ok: false;
      readonly issues: readonly ConfigIssue[];
      /** The first errors, each a line with its place. */
      readonly problems: readonly string[];
      readonly more: number;
    };

/**
 * Reads a configuration as it came from its source.
 *
 * @param path - Its file.
 * @param current - What is in force.
 * @param options - `misfit`: why a configuration cannot be put on record or served here.
 */
export function judgeSource(
  { text, include, version }: SourceText,
  path: string,
  current: FleetConfig | undefined,
  options: {
    readonly atMs: number;
    readonly rates?: Readonly<Record<string, Rates>>;
    readonly misfit: (config: FleetConfig) => string | undefined;
  },
): Judgement {
  const { atMs, rates, misfit } = options;
  const parsed = parseConfig(text, { file: path, version, atMs, include });
  if (!parsed.ok) return refused(parsed.issues);
  const unfit = misfit(parsed.value);
  if (unfit !== undefined) {
    const start = { line: 1, column: 1, offset: 0 };
    const place = { file: path, path: [], start, end: start };
    return refused([{ rule: "not-for-this-host", severity: "error", message: unfit, ...place }]);
  }
  const plan = planConfig(current, parsed.value, {
    atMs,
    ...(rates === undefined ? {} : { rates }),
  });
  return {
    ok: true,
    config: parsed.value,
    issues: parsed.issues,
    plan: formatPlan(plan, "markdown"),
    summary: plan.summary,
  };
}

function refused(issues: readonly ConfigIssue[]): Judgement {
  return { ok: false, issues, ...problemsOf(issues) };
}
