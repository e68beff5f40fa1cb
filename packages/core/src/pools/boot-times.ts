/** How long the machines of each pool took from purchase to ready, lately. */
export interface BootTimes {
  note(pool: string, bootMs: number): void;
  /** The 95th percentile of each pool that enough is known of, milliseconds. */
  p95s(): ReadonlyMap<string, number>;
}

/** Boots of a pool that are remembered: some days of a pool that recycles its machines, an hour of a busy one. */
const remembered = 100;
/** Fewer boots than this say nothing about the slow ones. */
const fewest = 5;

function p95(boots: readonly number[]): number {
  const sorted = [...boots].sort((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}

/** Makes a memory of boot times that is empty: a new controller learns anew. */
export function createBootTimes(): BootTimes {
  const boots = new Map<string, number[]>();
  let known: ReadonlyMap<string, number> = new Map();
  return {
    note: (pool, bootMs) => {
      const list = [...(boots.get(pool) ?? []), Math.max(0, bootMs)].slice(-remembered);
      boots.set(pool, list);
      if (list.length >= fewest) known = new Map([...known, [pool, p95(list)]]);
    },
    p95s: () => known,
  };
}
