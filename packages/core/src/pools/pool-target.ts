import { type Compiled, compileSchedule, target } from "@runs-fleet/scheduling";
import type { FleetContext } from "../fleet/context.ts";
import type { PoolConfig } from "../routing/catalog.ts";
import { poolSmoothing } from "../routing/pool-smoothing.ts";
import { regionShare } from "./region-share.ts";

/** Lead of a pool that asks for `auto` while too little is known about its boot times, milliseconds. */
const unknownBootMs = 120_000;
/** Added to the boot time that 95 of 100 machines keep, so that the slow ones are ready as well. */
const leadMargin = 1.25;
/** Leads are rounded up to this, milliseconds: a schedule is compiled once for all that are nearly equal. */
const leadStepMs = 5_000;

/** What a pool wants now in one region: ready and unclaimed machines, and stopped ones. */
export interface PoolTarget {
  readonly pool: PoolConfig;
  readonly hot: number;
  readonly stopped: number;
  /** When the target changes next, epoch milliseconds; absent: not within the schedule's horizon. */
  readonly untilMs?: number;
  /**
   * Why the schedule could not be read. The pool then buys for jobs alone and sheds nothing: cannot read is not zero.
   */
  readonly problem?: string;
}

const compiled = new WeakMap<PoolConfig, Map<number | undefined, Compiled>>();

/** How long before a rise of its target the pool's machines are bought, milliseconds. */
export function leadOf(
  pool: PoolConfig,
  context: Pick<FleetContext, "bootMs">,
): number | undefined {
  if (pool.leadMs !== "auto") return pool.leadMs;
  const bootMs = context.bootMs?.get(pool.name);
  if (bootMs === undefined) return unknownBootMs;
  return Math.ceil((bootMs * leadMargin) / leadStepMs) * leadStepMs;
}

/** The pool's schedule, compiled once per configuration object and lead. */
export function compiledSchedule(
  pool: PoolConfig,
  context: Pick<FleetContext, "bootMs">,
): Compiled {
  const leadMs = leadOf(pool, context);
  const known = compiled.get(pool) ?? new Map<number | undefined, Compiled>();
  compiled.set(pool, known);
  const found = known.get(leadMs);
  if (found) return found;
  const made = compileSchedule(pool.schedule, { smoothing: poolSmoothing(pool, leadMs) });
  known.set(leadMs, made);
  return made;
}

/** One region's share of a total of a pool; none if the pool is not in the region. */
export function shareOf({ regions }: PoolConfig, region: string, total: number): number {
  const index = regions.findIndex(({ name }) => name === region);
  if (regions.length === 1) return index === 0 ? total : 0;
  const weights = regions.map(({ weight = 1 }) => weight);
  return index < 0 ? 0 : regionShare(total, weights, index);
}

/** What one pool wants here and now. One that cannot be computed must not hinder the others: it never throws. */
function poolTarget(pool: PoolConfig, context: FleetContext): PoolTarget {
  try {
    const { hot, stopped, untilMs } = target(compiledSchedule(pool, context), context.nowMs);
    return {
      pool,
      hot: shareOf(pool, context.region, hot),
      stopped: shareOf(pool, context.region, stopped),
      ...(untilMs === undefined ? {} : { untilMs }),
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { pool, hot: 0, stopped: 0, problem };
  }
}

/** What the pools of this environment want in this region now: its share of their totals, and when the next of them changes. */
export function poolTargets(context: FleetContext): {
  readonly targets: readonly PoolTarget[];
  readonly nextWakeAtMs: number;
} {
  const targets: PoolTarget[] = [];
  let nextWakeAtMs = Number.POSITIVE_INFINITY;
  for (const pool of context.catalog.pools) {
    if (pool.environment !== context.environment) continue;
    if (!pool.regions.some(({ name }) => name === context.region)) continue;
    const wanted = poolTarget(pool, context);
    targets.push(wanted);
    if (wanted.untilMs !== undefined) nextWakeAtMs = Math.min(nextWakeAtMs, wanted.untilMs);
  }
  return { targets, nextWakeAtMs };
}
