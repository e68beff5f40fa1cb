import { type Capacity, peakMoment, type Schedule } from "@runs-fleet/scheduling";
import { yearMs } from "./schedule-peak.ts";

/** A pool as far as it wants machines. */
export interface PoolDemand {
  readonly name: string;
  readonly schedule: Schedule;
  /** Most machines that it may have. */
  readonly most: number;
}

/** A moment at which pools together want most. */
export interface PeakTogether {
  /** The first such moment, epoch milliseconds. */
  readonly atMs: number;
  /** What they want then, hot and stopped, each within its own limit. */
  readonly total: number;
  /** What each wants then, the largest first. */
  readonly parts: readonly { readonly name: string; readonly count: number }[];
}

/** Most different schedules of which a year is looked through; of more, {@link shortMs}. */
const mostYears = 50;
/** A month and its edges: what pools want together is mostly the same every week. */
const shortMs = 35 * 86_400_000;

/** When within a year these pools together want most, at one and the same moment; with more than 50 schedules within 35 days. */
export function peakTogether(pools: readonly PoolDemand[], fromMs: number): PeakTogether {
  const groups = new Map<string, { readonly pool: PoolDemand; count: number; wanted: number }>();
  const groupOf = pools.map((pool) => {
    const key = JSON.stringify([pool.schedule, pool.most]);
    const group = groups.get(key) ?? { pool, count: 0, wanted: 0 };
    group.count += 1;
    groups.set(key, group);
    return group;
  });
  const different = [...groups.values()];
  const demands = different.map(({ pool: { schedule, most }, count }) => ({
    schedule,
    weigh: ({ hot, stopped }: Capacity): number => count * Math.min(hot + stopped, most),
  }));
  const untilMs = fromMs + (groups.size > mostYears ? shortMs : yearMs);
  const { atMs, total, parts } = peakMoment(demands, fromMs, untilMs);
  for (const [index, group] of different.entries()) {
    group.wanted = (parts[index] ?? 0) / group.count;
  }
  return {
    atMs,
    total,
    parts: pools
      .map(({ name }, index) => ({ name, count: groupOf[index]?.wanted ?? 0 }))
      .sort((left, right) => right.count - left.count),
  };
}
