/** What a pool had, from one moment to the next point. */
export interface PoolPoint {
  /** From when on, epoch milliseconds. */
  readonly atMs: number;
  /** Ready machines that were wanted. */
  readonly target: number;
  /** Machines that were ready and unclaimed. */
  readonly ready: number;
  /** Machines that were bought or started, and not ready yet. */
  readonly booting: number;
  /** Machines that were claimed or ran a job. */
  readonly busy: number;
  /** Stopped machines that were wanted. */
  readonly stoppedTarget: number;
  /** Machines that were stopped. */
  readonly stopped: number;
}

/** The curves of a pool, as far as this controller remembers. */
export interface PoolHistory {
  /** Since when it is kept, epoch milliseconds: nothing is known of before. */
  readonly sinceMs: number;
  /** Oldest first; each holds until the next one. */
  readonly points: readonly PoolPoint[];
}

/** Remembers what pools had. */
export interface PoolRecorder {
  /** Whether a minute has passed since the last note: only then is it worth counting. */
  due(nowMs: number): boolean;
  /** Notes all pools at once; pools that are not named are forgotten. Does nothing unless {@link PoolRecorder.due}. */
  note(nowMs: number, pools: ReadonlyMap<string, Omit<PoolPoint, "atMs">>): void;
  /** `undefined`: never noted. */
  of(pool: string): PoolHistory | undefined;
}

/** Time between two points, milliseconds. */
const everyMs = 60_000;
/** How long points are kept, milliseconds. */
const keptMs = 7 * 86_400_000;
/** Most points of one pool, and of all pools together. */
const mostOfOne = 2_000;
const mostOfAll = 200_000;
/** Every pool may have as many, however many pools there are. */
const fewest = 100;

interface Kept {
  sinceMs: number;
  points: PoolPoint[];
}

function same(one: Omit<PoolPoint, "atMs">, other: Omit<PoolPoint, "atMs">): boolean {
  return (
    one.target === other.target &&
    one.ready === other.ready &&
    one.booting === other.booting &&
    one.busy === other.busy &&
    one.stoppedTarget === other.stoppedTarget &&
    one.stopped === other.stopped
  );
}

/** Forgets what is too old, and every other point of the older half when there are too many. */
function trim(kept: Kept, nowMs: number, most: number): void {
  const { points } = kept;
  const oldestMs = nowMs - keptMs;
  // The point in force at the boundary still says what held there.
  let gone = 0;
  while ((points[gone + 1]?.atMs ?? Number.POSITIVE_INFINITY) <= oldestMs) gone += 1;
  if (gone > 0) points.splice(0, gone);
  if (kept.sinceMs < oldestMs) kept.sinceMs = oldestMs;
  if (points.length <= most) return;
  const half = Math.floor(points.length / 2);
  kept.points = points.filter((_, index) => index >= half || index % 2 === 0);
}

/**
 * Makes a memory of curves that is empty: a new controller begins anew. At most one point a minute, only changes, at most
 * a week; the older half becomes coarser when there are too many.
 */
export function createPoolRecorder(): PoolRecorder {
  const histories = new Map<string, Kept>();
  let lastMs = Number.NEGATIVE_INFINITY;
  const due = (nowMs: number): boolean => nowMs - lastMs >= everyMs;
  return {
    due,
    note: (nowMs, pools) => {
      if (!due(nowMs)) return;
      lastMs = nowMs;
      const most = Math.max(fewest, Math.min(mostOfOne, Math.floor(mostOfAll / pools.size)));
      for (const name of histories.keys()) if (!pools.has(name)) histories.delete(name);
      for (const [name, counts] of pools) {
        const kept = histories.get(name) ?? { sinceMs: nowMs, points: [] };
        histories.set(name, kept);
        const last = kept.points.at(-1);
        if (!last || !same(last, counts)) kept.points.push({ atMs: nowMs, ...counts });
        trim(kept, nowMs, most);
      }
    },
    of: (pool) => {
      const kept = histories.get(pool);
      return kept && { sinceMs: kept.sinceMs, points: [...kept.points] };
    },
  };
}
