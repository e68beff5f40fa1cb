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
