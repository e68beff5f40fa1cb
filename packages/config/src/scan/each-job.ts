import type { Scope } from "./expressions/evaluate.ts";
import { explore } from "./expressions/explore.ts";
import { evaluateTemplate } from "./expressions/template.ts";
import { ExpressionFailure, type UnknownValue, type Value } from "./expressions/value.ts";
import { expandMatrix } from "./matrix.ts";
import type { RunsOn } from "./runs-on.ts";
import type { WorkflowJob } from "./workflow.ts";

/** Most evaluations of one job: of all combinations of its matrix, in all ways to decide what is open. */
const mostEvaluations = 4_096;

/** What takes the place of a result that there is not. */
export type NoResult = Exclude<RunsOn, { kind: "labels" }>;

const tooMany: UnknownValue = { kind: "unknown", source: "more possibilities than are looked at" };

/**
 * Evaluates something for every job of a matrix, in every way to decide what is open.
 *
 * @param scopeOf - What there is to evaluate with; without a matrix, for the matrix itself.
 * @param take - Hears of every result: of which way to decide what the matrix is, and of which of its combinations.
 */
export function eachJob<T>(
  job: WorkflowJob,
  scopeOf: (choose: Scope["choose"], matrix?: Value) => Scope,
  evaluate: (scope: Scope) => T,
  take: (result: T | NoResult, way: number, combination: number) => void,
): void {
  let left = mostEvaluations;
  const matrices = explore((choose) =>
    guarded(() =>
      job.matrix === undefined
        ? { kind: "combinations" as const, combinations: [null] }
        : expandMatrix(evaluateTemplate(job.matrix, scopeOf(choose))),
    ),
  );
  if (!matrices.isComplete) take(tooMany, 0, 0);
  for (const [way, { value: expansion, decisions }] of matrices.results.entries()) {
    if (expansion.kind === "invalid") {
      take(expansion, way, 0);
      continue;
    }
    // Without the combinations, there is one of which nothing is known.
    const combinations: readonly Value[] =
      expansion.kind === "unknown" ? [expansion] : expansion.combinations;
    for (const [combination, matrix] of combinations.entries()) {
      const ways = explore((choose) => guarded(() => evaluate(scopeOf(choose, matrix))), decisions);
      left -= ways.results.length;
      if (!ways.isComplete || left < 0) take(tooMany, way, combination);
      if (left < 0) return;
      for (const { value } of ways.results) take(value, way, combination);
    }
  }
}

/** What GitHub would refuse is told instead. */
export function guarded<T>(run: () => T): T | Extract<RunsOn, { kind: "invalid" }> {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error;
    const { message } = error;
    return { kind: "invalid", message: message.charAt(0).toUpperCase() + message.slice(1) };
  }
}
