import { zoneClock } from "../../pools/zone-clock.ts";
import { createChance } from "./chance.ts";
import { durationAt } from "./durations.ts";
import type { Durations, SimulatedJob } from "./options.ts";

/** When jobs come: on workdays in office hours, always alike, or in one rush each night. */
export const jobPatterns = ["office-hours", "steady", "nightly"] as const;

/** One of {@link jobPatterns}. */
export type JobPattern = (typeof jobPatterns)[number];

/** What {@link generateJobs} is given. */
export interface GenerateJobsOptions {
  /** When in a day, and on which days, jobs come. */
  readonly pattern: JobPattern;
  /** Mean over the days that the pattern works on. 1 to 1,000,000. */
  readonly jobsPerDay: number;
  /** 1 to 400. */
  readonly days: number;
  /** A safe integer. */
  readonly seed: number;
  /** Label sets that jobs choose from, the first most often: each is half as frequent as the one before. */
  readonly labels: readonly (readonly string[])[];
  /** The day on whose beginning they start, epoch milliseconds: it is put back to midnight. */
  readonly fromMs: number;
  /** IANA time zone of the pattern's clock. @defaultValue UTC */
  readonly timeZone?: string;
  /** Repositories that jobs choose from, in the same way. @defaultValue five of `acme` */
  readonly repositories?: readonly string[];
  /** How long jobs run. @defaultValue half of them under 3 minutes, one in twenty over 15 */
  readonly durations?: Durations;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const defaultRepositories = ["app", "web", "api", "docs", "infra"].map((name) => `acme/${name}`);
const defaultDurations: Durations = {
  minMs: 20_000,
  p50Ms: 3 * minute,
  p95Ms: 15 * minute,
  maxMs: 45 * minute,
};

/** How much of a day's work falls into each hour of the wall clock. */
const officeHours: readonly number[] = [
  1, 1, 1, 1, 1, 2, 8, 30, 70, 95, 100, 100, 75, 85, 100, 100, 95, 75, 45, 20, 8, 4, 2, 1,
];
const hoursOf: Readonly<Record<JobPattern, readonly number[]>> = {
  "office-hours": officeHours,
  steady: officeHours.map(() => 1),
  nightly: officeHours.map((_, index) => (index === 2 ? 100 : index === 3 ? 20 : 1)),
};
/** Share of a workday's jobs that a Saturday or Sunday has in office hours. */
const weekendShare = 0.08;
/** Jobs of one workflow run come together: their number, each size as likely as the others. */
const runSizes = [1, 1, 1, 2, 3, 4] as const;
const meanRunSize = runSizes.reduce<number>((sum, size) => sum + size, 0) / runSizes.length;

/** The first of the weights that a part of their sum falls into. */
function pick(weights: readonly number[], part: number): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let left = part * sum;
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.length - 1;
}

function halving(count: number): readonly number[] {
  const weights: number[] = [];
  for (let weight = 1; weights.length < count; weight /= 2) weights.push(weight);
  return weights;
}

function check(options: GenerateJobsOptions): void {
  const { jobsPerDay, days, seed, labels, fromMs, repositories, pattern } = options;
  if (!jobPatterns.includes(pattern)) {
    throw new RangeError(`pattern must be one of ${jobPatterns.join(", ")}, is ${pattern}`);
  }
  if (!(jobsPerDay >= 1 && jobsPerDay <= 1_000_000)) {
    throw new RangeError(`jobsPerDay must be 1 to 1,000,000, is ${jobsPerDay}`);
  }
  if (!(Number.isSafeInteger(days) && days >= 1 && days <= 400)) {
    throw new RangeError(`days must be a whole number from 1 to 400, is ${days}`);
  }
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a safe integer, is ${seed}`);
  if (!Number.isSafeInteger(fromMs)) throw new RangeError(`fromMs must be an instant: ${fromMs}`);
  if (labels.length === 0 || labels.some((set) => set.length === 0)) {
    throw new TypeError("labels must name at least one label set, and none may be empty");
  }
  if (repositories?.length === 0) throw new TypeError("repositories must not be empty");
}

/**
 * Draws jobs like those of a pattern. The same options give the same jobs.
 *
 * @returns In order of time.
 * @throws A `TypeError` or `RangeError` for options that are empty or out of range, or an unknown time zone.
 */
export function generateJobs(options: GenerateJobsOptions): SimulatedJob[] {
  check(options);
  const { pattern, jobsPerDay, days, seed, labels, fromMs } = options;
  const { timeZone = "UTC", durations = defaultDurations } = options;
  const { repositories = defaultRepositories } = options;
  const clock = zoneClock(timeZone);
  const weights = hoursOf[pattern];
  const drawLabels = halving(labels.length);
  const drawRepository = halving(repositories.length);
  const chance = createChance(seed, "jobs");
  let drawn = 0;
  const next = (): number => {
    drawn += 1;
    return chance(drawn);
  };
  const jobs: SimulatedJob[] = [];
  let fromDayMs = clock.floor(fromMs, day);
  for (let index = 0; index < days; index += 1) {
    const toDayMs = clock.dayEndMs(fromDayMs);
    // 1970-01-01 was a Thursday.
    const weekday = (((clock.day(fromDayMs) + 3) % 7) + 7) % 7;
    const isWeekend = pattern === "office-hours" && weekday >= 5;
    const wanted = jobsPerDay * (isWeekend ? weekendShare : 1) * (0.9 + 0.2 * next());
    const runs = Math.max(1, Math.round(wanted / meanRunSize));
    for (let run = 0; run < runs; run += 1) {
      const atMs = Math.round(fromDayMs + (pick(weights, next()) + next()) * hour);
      const repository = repositories[pick(drawRepository, next())] ?? "";
      const size = runSizes[Math.floor(next() * runSizes.length)] ?? 1;
      const set = labels[pick(drawLabels, next())] ?? [];
      // On the day of a change of the clock, what falls behind its end comes at its end.
      const queuedAtMs = Math.min(atMs, toDayMs - 1);
      for (let job = 0; job < size; job += 1) {
        const durationMs = durationAt(durations, next());
        jobs.push({ queuedAtMs, durationMs, labels: set, repository });
      }
    }
    fromDayMs = toDayMs;
  }
  return jobs.sort((left, right) => left.queuedAtMs - right.queuedAtMs);
}
