import type { Cause } from "../ports/cause.ts";
import { type PoolCounts, totalOf } from "./pool-counts.ts";

/** What decides why a pool has fewer machines than it wants. */
export interface Shortage {
  readonly pool: { readonly name: string; readonly limits: { readonly machines: number } };
  readonly target: { readonly hot: number; readonly stopped: number };
  readonly counts: PoolCounts;
  /** Jobs that wait for a machine of the pool. */
  readonly waiting: number;
  /** Why nothing is bought for it after a failure. */
  readonly gate?: Cause | undefined;
  /** Why its schedule cannot be read. */
  readonly problem?: string | undefined;
  readonly environment: { readonly name: string; readonly room: number };
}

/** Machines that are neither there nor on their way: what would be bought if nothing held it back. */
export function missingOf({ target, counts, waiting }: Shortage): number {
  const { ready, booting, buying, stopping } = counts;
  const running = ready.hot + booting + buying;
  return Math.max(0, waiting + target.hot + target.stopped - running - ready.stopped - stopping);
}

/** Why a pool has fewer machines than it wants; `undefined`: it lacks none, or they are bought in the next pass. */
export function causeOfShortage(shortage: Shortage): Cause | undefined {
  const { pool, counts, gate, problem, environment } = shortage;
  if (problem !== undefined) {
    const message = `Its schedule cannot be read, so it keeps what it has: ${problem}`;
    return { code: "config", message };
  }
  if (missingOf(shortage) === 0) return undefined;
  if (gate) return gate;
  if (totalOf(counts) >= pool.limits.machines) {
    const message = `Pool ${pool.name} has all of its ${pool.limits.machines} machines`;
    return { code: "pool-limit", message };
  }
  if (environment.room <= 0) {
    const message = `Environment ${environment.name} has all the machines it may have`;
    return { code: "environment-limit", message };
  }
  return undefined;
}
