import type { Dice } from "./dice.ts";
import { mayUse, type PlannedPolicies } from "./plan-policies.ts";

const seconds = 1_000;
const minutes = 60 * seconds;

const repositories = ["acme/app", "acme/web", "acme/api", "acme/docs", "acme/infra"] as const;
/** Machines are bought for these without a pool. */
const coldLabels = ["runs-fleet/cpu=2", "runs-fleet/cpu=4/arch=arm64"] as const;
const poolLabel = "runs-fleet/pool=";
const foreignLabel = "runs-fleet/env=prod/pool=prod-web";

/** A job as it will be queued. */
export interface Arrival {
  /** Milliseconds after the start. */
  readonly atMs: number;
  readonly repository: string;
  readonly labels: readonly string[];
  readonly durationMs: number;
  /** Jobs of one number are one workflow run. */
  readonly run: number;
  readonly result: "succeeded" | "failed";
  /** Cancelled so long after it was queued. */
  readonly cancelAfterMs?: number;
  /** Its labels are wrong, or it asks for what its repository may not use: a refusal is what it should get. */
  readonly isWrong: boolean;
  /** It is of another environment: none of this fleet's business. */
  readonly isForeign: boolean;
}

/** What a repository may not use is asked for now and then: the refusal is what is to be seen. */
const forbiddenRate = 0.15;
const foreignRate = 0.01;
/** Fewest jobs of a day. */
const fewestPerDay = 120;

/** Jobs of some minutes each, some hundred and fifty to two hundred and fifty a day. */
export function planArrivals(
  dice: Dice,
  extra: Dice,
  lastMs: number,
  planned: PlannedPolicies,
): Arrival[] {
  const labels: [string, ...string[]] = [
    ...coldLabels,
    ...planned.pools.flatMap(({ name }) => [`runs-fleet/pool=${name}`, `runs-fleet/pool=${name}`]),
  ];
  const arrivals: Arrival[] = [];
  let run = 0;
  const queueRun = (atMs: number, repository: string, size: number, plain: boolean): void => {
    run += 1;
    const label = dice.pick(labels);
    const isMixed = dice.chance(0.3);
    for (let index = 0; index < size; index += 1) {
      const isWrong = !plain && dice.chance(0.015);
      const durationMs = Math.min(
        25 * minutes,
        Math.max(5 * seconds, dice.spread(2 * minutes, 1.2)),
      );
      const drawn = isMixed ? dice.pick(labels) : label;
      const isForbidden = !mayUse(planned, repository, drawn.slice(poolLabel.length));
      const asksAnyway = isForbidden && !plain && extra.chance(forbiddenRate);
      const allowed = isForbidden && !asksAnyway ? coldLabels[0] : drawn;
      const isForeign = !plain && extra.chance(foreignRate);
      const own = isWrong ? "runs-fleet/cpus=2" : isForeign ? foreignLabel : allowed;
      const isCancelled = !plain && dice.chance(0.04);
      arrivals.push({
        atMs,
        repository,
        labels: [own],
        durationMs,
        run,
        result: dice.chance(0.1) ? "failed" : "succeeded",
        isWrong: isWrong || (asksAnyway && !isForeign),
        isForeign: isForeign && !isWrong,
        ...(isCancelled ? { cancelAfterMs: dice.whole(1, 240) * seconds } : {}),
      });
    }
  };
  for (const [index, repository] of repositories.entries()) {
    queueRun(minutes + index * 20 * seconds, repository, 1, true);
  }
  const meanMs = dice.pick([18, 20, 24]) * minutes;
  const firstMs = 12 * minutes;
  const queueAny = (atMs: number): void => {
    const size = dice.chance(0.15) ? dice.whole(4, 12) : dice.whole(1, 3);
    queueRun(atMs, dice.pick(repositories), size, false);
  };
  for (let atMs = firstMs; atMs < lastMs; atMs += 1 + dice.wait(meanMs)) queueAny(atMs);
  // A quiet day is made a day worth its time: what goes wrong does so where jobs meet.
  const fewest = Math.floor((fewestPerDay * lastMs) / (24 * 60 * minutes));
  while (arrivals.length < fewest) queueAny(dice.whole(firstMs, lastMs));
  return arrivals.sort((left, right) => left.atMs - right.atMs);
}

/** One workflow of so many jobs: more than GitHub registers runners for in two minutes. */
const floodJobs = 400;
/** What an environment may have that is made for such floods. */
export const floodMachines = 320;
/** Number of its run. */
export const floodRun = 1_000_000;

/** A workflow that asks for hundreds of machines at once. */
export function planFlood(dice: Dice, lastMs: number): Arrival[] {
  const atMs = dice.whole(15 * minutes, Math.max(16 * minutes, lastMs));
  const repository = dice.pick(repositories);
  return Array.from({ length: floodJobs }, () => ({
    atMs,
    repository,
    labels: [coldLabels[0]],
    durationMs: dice.whole(20, 120) * seconds,
    run: floodRun,
    result: "succeeded",
    isWrong: false,
    isForeign: false,
  }));
}
