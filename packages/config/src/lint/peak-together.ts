import { compileSchedule, evaluate, type Schedule, transitions } from "@runs-fleet/scheduling";
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
  const groups = new Map<string, { readonly pool: PoolDemand; count: number }>();
  for (const pool of pools) {
    const key = JSON.stringify([pool.schedule, pool.most]);
    const group = groups.get(key) ?? { pool, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  const untilMs = fromMs + (groups.size > mostYears ? shortMs : yearMs);
  const changes: { readonly atMs: number; readonly by: number }[] = [];
  let total = 0;
  for (const { pool, count } of groups.values()) {
    const compiled = compileSchedule(pool.schedule);
    const wanted = ({ hot, stopped }: { hot: number; stopped: number }): number =>
      count * Math.min(hot + stopped, pool.most);
    total += wanted(evaluate(compiled, fromMs));
    for (const { atMs, before, after } of transitions(compiled, fromMs, untilMs)) {
      const by = wanted(after) - wanted(before);
      if (by !== 0) changes.push({ atMs, by });
    }
  }
  // Of one moment what falls goes first: what counts is how it is after it.
  changes.sort((left, right) => left.atMs - right.atMs || left.by - right.by);
  let best = { atMs: fromMs, total };
  for (const { atMs, by } of changes) {
    total += by;
    if (total > best.total) best = { atMs, total };
  }
  const parts = pools
    .map(({ name, schedule, most }) => {
      const { hot, stopped } = evaluate(compileSchedule(schedule), best.atMs);
      return { name, count: Math.min(hot + stopped, most) };
    })
    .sort((left, right) => right.count - left.count);
  return { ...best, parts };
}
