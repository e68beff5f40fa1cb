import type { Entropy } from "@runs-fleet/core";
import { createSeededEntropy } from "@runs-fleet/core/testing";
import type { DemandPattern } from "./demand-patterns.ts";
import { isRepeated, localTime } from "./local-time.ts";

/** A job that will be queued. */
export interface PlannedJob {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Pool that serves it; absent when none does. */
  readonly pool?: string;
  readonly repository: string;
  readonly labels: readonly string[];
  readonly durationMs: number;
  readonly result: "succeeded" | "failed";
}

const hourMs = 3_600_000;
/** Jobs take at most this, milliseconds. */
const longestJobMs = 90 * 60_000;
const shortestJobMs = 20_000;

/** A seed of its own for each pattern and hour. */
function seedOf(seed: number, name: string, hour: number): number {
  let hash = seed | 0;
  for (const word of [...name].map((letter) => letter.charCodeAt(0)).concat(hour)) {
    hash = Math.imul(hash ^ word, 0x01000193) ^ (hash >>> 15);
  }
  return hash >>> 0;
}

/** Workflow runs per hour that the pattern makes at an instant. */
function rateAt(pattern: DemandPattern, atMs: number): number {
  const { day, date, time } = localTime(pattern.timeZone, atMs);
  if (pattern.holidays.includes(date)) return 0;
  const hours = pattern.week.find(
    ({ days, from, to }) => days.includes(day) && from <= time && time < to,
  );
  // A nightly build that has run is not run again because clocks were set back.
  return hours === undefined || isRepeated(pattern.timeZone, atMs) ? 0 : hours.runsPerHour;
}

/** Jobs of one run: mostly one, sometimes a matrix. */
function jobsOfRun(pattern: DemandPattern, atMs: number, entropy: Entropy): readonly PlannedJob[] {
  const { repositories, pool, labels, mostJobs, medianMs } = pattern;
  const repository =
    repositories[Math.floor(entropy.random() * repositories.length)] ?? "acme/unknown";
  const count = 1 + Math.floor(entropy.random() ** 2.5 * mostJobs);
  return Array.from({ length: count }, () => {
    // The product of three is near to bell-shaped on a logarithmic scale.
    const spread = 4 ** (entropy.random() + entropy.random() + entropy.random() - 1.5);
    const durationMs = Math.round(
      Math.min(longestJobMs, Math.max(shortestJobMs, medianMs * spread)),
    );
    const result = entropy.random() < 0.06 ? "failed" : "succeeded";
    const job = { atMs, repository, labels, durationMs, result } as const;
    return pool === undefined ? job : { ...job, pool };
  });
}

/** The jobs of one whole hour of the epoch, which depend on nothing but the pattern, the hour and the seed. */
function planHour(pattern: DemandPattern, hour: number, seed: number): readonly PlannedJob[] {
  const entropy = createSeededEntropy(seedOf(seed, pattern.name, hour));
  const most = Math.max(0, ...pattern.week.map(({ runsPerHour }) => runsPerHour));
  const jobs: PlannedJob[] = [];
  let atMs = hour * hourMs;
  for (;;) {
    // Runs come at random: gaps as at the busiest time, of which some arrivals are dropped at calmer times.
    atMs += Math.ceil((-Math.log(1 - entropy.random()) / most) * hourMs);
    if (!(atMs < (hour + 1) * hourMs)) return jobs;
    const run = jobsOfRun(pattern, atMs, entropy);
    if (entropy.random() * most < rateAt(pattern, atMs)) jobs.push(...run);
  }
}

/**
 * The jobs that are queued in `[fromMs, untilMs)`, in the order of their instants.
 *
 * The same seed gives the same jobs, and the plans of two spans that follow one another are the plan of both together.
 */
export function planDemand(options: {
  readonly patterns: readonly DemandPattern[];
  readonly fromMs: number;
  readonly untilMs: number;
  /** A safe integer. */
  readonly seed: number;
}): readonly PlannedJob[] {
  const { patterns, fromMs, untilMs, seed } = options;
  const jobs: PlannedJob[] = [];
  for (let hour = Math.floor(fromMs / hourMs); hour * hourMs < untilMs; hour++) {
    for (const pattern of patterns) jobs.push(...planHour(pattern, hour, seed));
  }
  return jobs
    .filter(({ atMs }) => fromMs <= atMs && atMs < untilMs)
    .sort((left, right) => left.atMs - right.atMs);
}
