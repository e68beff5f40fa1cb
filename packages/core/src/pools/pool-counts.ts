import type { Capacity } from "@runs-fleet/scheduling";

/** Machines of one pool by what they do. */
export interface PoolCounts {
  /** Ready and unclaimed, and stopped. */
  readonly ready: Capacity;
  /** On their way: bought or started, not ready yet. */
  readonly booting: number;
  /** In purchases that are not answered yet. */
  readonly buying: number;
  /** Claimed, or at work. */
  readonly busy: number;
  /** On their way to the stopped tier. */
  readonly stopping: number;
  /** On their way out. */
  readonly leaving: number;
}

/** No machines. */
export const noCounts: PoolCounts = Object.freeze({
  ready: Object.freeze({ hot: 0, stopped: 0 }),
  booting: 0,
  buying: 0,
  busy: 0,
  stopping: 0,
  leaving: 0,
});

/** All of them: what a pool's limit counts. */
export function totalOf({ ready, booting, buying, busy, stopping, leaving }: PoolCounts): number {
  return ready.hot + ready.stopped + booting + buying + busy + stopping + leaving;
}

interface CountedMachine {
  readonly pool?: string;
  readonly state: string;
  readonly attemptId: string;
}

interface CountedPurchase {
  readonly request: { readonly id: string; readonly count: number; readonly pool?: string };
}

type Tally = { -readonly [K in keyof Omit<PoolCounts, "ready">]: number } & {
  ready: { hot: number; stopped: number };
};

const fields: Readonly<Record<string, keyof Omit<PoolCounts, "ready">>> = {
  booting: "booting",
  claimed: "busy",
  assigned: "busy",
  withdrawing: "busy",
  acknowledged: "busy",
  registered: "busy",
  running: "busy",
  stopping: "stopping",
};

/** Counts the machines and open purchases of all pools in one go. A pool without any is absent. */
export function countPools(
  machines: Iterable<CountedMachine>,
  purchases: Iterable<CountedPurchase>,
): ReadonlyMap<string, PoolCounts> {
  const pools = new Map<string, Tally>();
  const answered = new Map<string, number>();
  const of = (pool: string): Tally => {
    const known = pools.get(pool);
    if (known) return known;
    const made: Tally = { ...noCounts, ready: { ...noCounts.ready } };
    pools.set(pool, made);
    return made;
  };
  for (const { pool, state, attemptId } of machines) {
    answered.set(attemptId, (answered.get(attemptId) ?? 0) + 1);
    if (pool === undefined) continue;
    const tally = of(pool);
    if (state === "ready") tally.ready.hot += 1;
    else if (state === "stopped") tally.ready.stopped += 1;
    else tally[fields[state] ?? "leaving"] += 1;
  }
  for (const { request } of purchases) {
    if (request.pool === undefined) continue;
    of(request.pool).buying += Math.max(0, request.count - (answered.get(request.id) ?? 0));
  }
  return pools;
}
