import type { Durations, SimulatedJob, SimulateFleetOptions } from "./options.ts";

const hourMs = 3_600_000;
const longestHorizonMs = 400 * 24 * hourMs;
const mostSeeds = 100;
const mostJobs = 2_000_000;

function checkJob(job: SimulatedJob, index: number): void {
  const at = `jobs[${index}]`;
  const { queuedAtMs, durationMs, labels, repository, startedAtMs } = job;
  if (!Number.isSafeInteger(queuedAtMs)) {
    throw new RangeError(`${at}.queuedAtMs must be epoch milliseconds, is ${queuedAtMs}`);
  }
  if (!(Number.isSafeInteger(durationMs) && durationMs >= 0)) {
    throw new RangeError(`${at}.durationMs must be whole milliseconds, is ${durationMs}`);
  }
  if (startedAtMs !== undefined && !(startedAtMs >= queuedAtMs)) {
    throw new RangeError(`${at}.startedAtMs must not lie before queuedAtMs, is ${startedAtMs}`);
  }
  if (labels.length === 0) throw new TypeError(`${at}.labels must not be empty`);
  if (!/^[^/\s]+\/[^/\s]+$/.test(repository)) {
    throw new TypeError(`${at}.repository must be owner/name, is ${repository}`);
  }
}

function checkDurations({ minMs, p50Ms, p95Ms, maxMs }: Durations, name: string): void {
  const ordered = 0 <= minMs && minMs <= p50Ms && p50Ms <= p95Ms && p95Ms <= maxMs;
  if (!ordered || !Number.isFinite(maxMs)) {
    throw new RangeError(`${name} must hold minMs <= p50Ms <= p95Ms <= maxMs, none below 0`);
  }
}

function horizonOf({ horizon, jobs }: SimulateFleetOptions) {
  if (horizon) return horizon;
  if (jobs.length === 0) throw new RangeError("jobs must not be empty unless a horizon is given");
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { queuedAtMs } of jobs) {
    first = Math.min(first, queuedAtMs);
    last = Math.max(last, queuedAtMs);
  }
  return {
    fromMs: Math.floor(first / hourMs) * hourMs,
    toMs: (Math.floor(last / hourMs) + 1) * hourMs,
  };
}

/**
 * Checks what no type checks, and answers the horizon.
 *
 * @throws A `TypeError` or `RangeError` that names the option.
 */
export function checkOptions(options: SimulateFleetOptions): {
  readonly fromMs: number;
  readonly toMs: number;
} {
  const { jobs, seed, seeds = 1, boots, delays, interruptionsPerHour = 0, rates = {} } = options;
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a safe integer, is ${seed}`);
  if (!(Number.isSafeInteger(seeds) && seeds >= 1 && seeds <= mostSeeds)) {
    throw new RangeError(`seeds must be a whole number from 1 to ${mostSeeds}, is ${seeds}`);
  }
  if (jobs.length > mostJobs) throw new RangeError(`At most ${mostJobs} jobs are simulated`);
  for (const [index, job] of jobs.entries()) checkJob(job, index);
  if (!(interruptionsPerHour >= 0 && interruptionsPerHour <= 1)) {
    throw new RangeError(`interruptionsPerHour must be 0 to 1, is ${interruptionsPerHour}`);
  }
  for (const [name, { hotUsdPerHour, stoppedUsdPerHour, perStartUsd = 0 }] of Object.entries(
    rates,
  )) {
    if (!(hotUsdPerHour >= 0 && stoppedUsdPerHour >= 0 && perStartUsd >= 0)) {
      throw new RangeError(`rates.${name} must hold no negative number`);
    }
  }
  const profiles = [...Object.entries(boots?.os ?? {}), ...Object.entries(boots?.pools ?? {})];
  for (const [name, profile] of profiles) {
    checkDurations(profile.launch, `boots of ${name}: launch`);
    checkDurations(profile.start, `boots of ${name}: start`);
  }
  if (delays) {
    for (const name of ["webhook", "mint", "notice", "registration", "ending"] as const) {
      checkDurations(delays[name], `delays.${name}`);
    }
  }
  const { fromMs, toMs } = horizonOf(options);
  const isSound =
    Number.isSafeInteger(fromMs) && Number.isSafeInteger(toMs) && fromMs >= 0 && fromMs < toMs;
  if (!isSound || toMs - fromMs > longestHorizonMs) {
    throw new RangeError(`horizon must be a range of at most 400 days, is ${fromMs} to ${toMs}`);
  }
  return { fromMs, toMs };
}
