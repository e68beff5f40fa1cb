import type { JobLife } from "./lives.ts";
import type { StartedJob } from "./measure-waits.ts";
import { type PhasesMs, waitPhases } from "./report.ts";

const limitCodes: ReadonlySet<string> = new Set([
  "pool-limit",
  "repository-limit",
  "environment-limit",
  "region-limit",
  "mint-budget",
  "budget",
]);

function wasLimited({ decisions }: JobLife): boolean {
  return decisions.some(({ code }) => limitCodes.has(code));
}

/** Where a started job's waiting time went; the phases add up to the wait. */
export function phasesOf({ life, waitMs }: StartedJob): PhasesMs {
  const { job, receivedAtMs, machine } = life;
  const endMs = job.queuedAtMs + waitMs;
  let fromMs = job.queuedAtMs;
  /** How long it is from the last moment to this one: never back, never past the start. */
  const until = (atMs: number | undefined): number => {
    const toMs = Math.min(endMs, Math.max(fromMs, atMs ?? fromMs));
    const spanMs = toMs - fromMs;
    fromMs = toMs;
    return spanMs;
  };
  const delivery = until(receivedAtMs);
  const beforeBoot = until(machine?.bootedAtMs);
  const boot = until(machine?.readyAtMs);
  const afterBoot = until(machine?.claimedAtMs);
  const limited = wasLimited(life);
  return {
    delivery,
    limit: limited ? beforeBoot + afterBoot : 0,
    boot,
    planning: limited ? 0 : beforeBoot + afterBoot,
    assignment: until(machine?.readAtMs),
    registration: until(endMs),
  };
}

/** Means over jobs, whole milliseconds. */
export function meanPhases(jobs: readonly StartedJob[]): PhasesMs {
  const sums: Record<keyof PhasesMs, number> = {
    delivery: 0,
    limit: 0,
    boot: 0,
    planning: 0,
    assignment: 0,
    registration: 0,
  };
  for (const job of jobs) {
    const phases = phasesOf(job);
    for (const phase of waitPhases) sums[phase] += phases[phase];
  }
  for (const phase of waitPhases) sums[phase] = Math.round(sums[phase] / Math.max(1, jobs.length));
  return sums;
}
