import type { Fault } from "./faults.ts";
import type { Judge } from "./judge.ts";
import type { StoreFacts } from "./observe-store.ts";
import { refusalsOf } from "./oracles/refusals.ts";
import type { Scenario } from "./plan-scenario.ts";
import type { Processes } from "./processes.ts";
import type { Truth } from "./truth.ts";

/** The value below which this part of the sorted values lies. */
function quantile(sorted: readonly number[], part: number): number {
  if (sorted.length === 0) return 0;
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

/** How long jobs waited that the fleet's own runners took, shortest first, milliseconds. */
export function waitsOf(truth: Truth): readonly number[] {
  return [...truth.jobs.values()]
    .flatMap(({ startedAtMs, queuedAtMs, runnerName = "" }) =>
      startedAtMs === undefined || truth.strangers.has(runnerName)
        ? []
        : [startedAtMs - queuedAtMs],
    )
    .sort((left, right) => left - right);
}

/** A simulation in numbers. */
export function statsOf(of: {
  readonly scenario: Scenario;
  readonly faults: readonly Fault[];
  readonly truth: Truth;
  readonly judge: Judge;
  readonly processes: Processes;
  readonly storeFacts: StoreFacts;
}): Readonly<Record<string, number>> {
  const { scenario, faults, truth, judge, processes, storeFacts } = of;
  const jobs = [...truth.jobs.values()];
  const waits = waitsOf(truth);
  const stats: Record<string, number> = {
    hours: scenario.hours,
    processes: scenario.processes,
    jobs: jobs.length,
    started: waits.length,
    succeeded: jobs.filter(({ conclusion }) => conclusion === "success").length,
    refused: refusalsOf(truth).length,
    reruns: jobs.filter(
      ({ originId }) => originId !== undefined && !truth.askedByPeople.has(originId),
    ).length,
    machines: [...truth.purchases.values()].reduce((sum, fact) => sum + fact.machineIds.size, 0),
    waitP50Ms: quantile(waits, 0.5),
    waitP95Ms: quantile(waits, 0.95),
    waitP99Ms: quantile(waits, 0.99),
    waitMaxMs: waits.at(-1) ?? 0,
    faults: faults.length,
    leases: storeFacts.lease?.epoch ?? 0,
    commits: storeFacts.commits,
    portCalls: processes.slots.reduce((sum, { calls }) => sum + calls, 0),
    oracleChecks: Object.values(judge.checks).reduce((sum, count) => sum + count, 0),
    violations: judge.violations.length,
  };
  for (const { kind } of faults) stats[`fault.${kind}`] = (stats[`fault.${kind}`] ?? 0) + 1;
  for (const [name, count] of Object.entries(judge.checks)) stats[`checks.${name}`] = count;
  return stats;
}
