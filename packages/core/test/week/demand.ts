import type { Entropy } from "../../src/ports/clock.ts";
import { civilAt } from "./civil.ts";
import type { WeekOfYear } from "./configuration.ts";

/** A job that somebody pushes. */
export interface Arrival {
  readonly atMs: number;
  /** Absent: it asks for a shape and no pool. */
  readonly pool?: string;
  readonly labels: readonly string[];
  readonly repository: string;
  readonly durationMs: number;
  /** Its developer cancels it so long after. */
  readonly cancelAfterMs?: number;
}

const minutes = 60_000;
const repositories = 8;

/** Jobs an hour that people push, by hour of a working day. */
const byHour = [1, 0, 0, 0, 0, 1, 2, 8, 18, 30, 34, 28, 14, 24, 32, 30, 26, 18, 10, 5, 3, 3, 2, 1];
const byHourOff = 0.7;

/** How many happen in a stretch in which `mean` are expected. */
function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/** A lognormal time around a median, cut off at both ends: most jobs are short, some are not. */
function durationOf(medianMs: number, random: () => number): number {
  const bell = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.round(Math.min(40 * minutes, Math.max(15_000, medianMs * Math.exp(0.7 * bell))));
}

/**
 * The jobs of a week, oldest first: office hours with bursts, quiet nights and weekends, builds every night. The same
 * entropy gives the same jobs.
 *
 * @param scale - Multiplies the jobs that people push.
 */
export function arrivalsOf(week: WeekOfYear, entropy: Entropy, scale: number): readonly Arrival[] {
  const { random } = entropy;
  const arrivals: Arrival[] = [];
  // Some repositories are busier than others.
  const somewhere = (): string => `acme/app${Math.floor(random() ** 1.5 * repositories)}`;
  const push = (
    atMs: number,
    pool: string | undefined,
    cpu: number,
    medianMs: number,
    repository = somewhere(),
  ): void => {
    arrivals.push({
      atMs: Math.round(atMs),
      labels: pool === undefined ? [`runs-fleet/cpu=${cpu}`] : [`runs-fleet/pool=${pool}`],
      repository,
      durationMs: durationOf(medianMs, random),
      ...(pool === undefined ? {} : { pool }),
      ...(random() < 0.02 ? { cancelAfterMs: Math.round(random() * 4 * minutes) } : {}),
    });
  };
  const burst = (fromMs: number, pool: string, least: number, most: number): void => {
    const count = least + Math.floor(random() * (most - least + 1));
    const repository = somewhere();
    for (let job = 0; job < count; job++)
      push(fromMs + random() * 20_000, pool, 2, 3 * minutes, repository);
  };
  for (let atMs = week.fromMs; atMs < week.toMs; atMs += minutes) {
    const { hour, minute, atWork } = civilAt(atMs);
    const within = (): number => atMs + random() * minutes;
    const perHour = (atWork ? (byHour[hour] ?? 0) : byHourOff) * scale;
    for (let job = poisson(perHour / 60, random); job > 0; job--) {
      const where = random();
      if (where < 0.75) push(within(), "office", 2, 3 * minutes);
      else if (where < 0.95) push(within(), "small", 1, 90_000);
      else push(within(), undefined, 2, 4 * minutes);
    }
    // Somebody merges a queue, a matrix fans out: at work about once in two hours, now and then at the small pool.
    if (atWork && hour >= 8 && hour < 18 && random() < 1 / 120)
      burst(within(), "office", 8, 8 + Math.round(16 * scale));
    if (random() < 1 / (12 * 60)) burst(within(), "small", 4, 12);
    // What the nightly builds are: started by the same wall clock, one minute after their machines are promised.
    if (hour === 2 && minute === 31)
      for (let job = 0; job < Math.round(14 * scale); job++)
        push(atMs + random() * 15 * minutes, "nightly", 8, 9 * minutes);
    // Releases, in the afternoon of New York.
    if (atWork && (hour === 20 || hour === 21) && minute % 20 === 5)
      for (let job = 0; job < 3; job++) push(within(), "release", 4, 5 * minutes);
  }
  return arrivals.sort((left, right) => left.atMs - right.atMs);
}
