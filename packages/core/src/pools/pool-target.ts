import { type Compiled, compileSchedule, target } from "@runs-fleet/scheduling";
import type { FleetContext } from "../fleet/context.ts";
import type { PoolTarget } from "../fleet/plan-launches.ts";
import type { PoolConfig } from "../routing/catalog.ts";
import { regionShare } from "./region-share.ts";

/** Lead of a pool that asks for `auto` while too little is known about its boot times, milliseconds. */
const unknownBootMs = 120_000;
/** Added to the boot time that 95 of 100 machines keep, so that the slow ones are ready as well. */
const leadMargin = 1.25;
/** Leads are rounded up to this, milliseconds: a schedule is compiled once for all that are nearly equal. */
const leadStepMs = 5_000;

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
  const { holdMs, rampUp, rampDown, drainDeadlineMs } = pool;
  const made = compileSchedule(pool.schedule, {
    smoothing: {
      ...(leadMs === undefined ? {} : { leadMs }),
      ...(holdMs === undefined ? {} : { holdMs }),
      ...(rampUp === undefined ? {} : { rampUp }),
      ...(rampDown === undefined ? {} : { rampDown }),
      ...(drainDeadlineMs === undefined ? {} : { drainDeadlineMs }),
    },
  });
  known.set(leadMs, made);
  return made;
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
    const index = pool.regions.findIndex(({ name }) => name === context.region);
    if (index < 0) continue;
    const { hot, stopped, untilMs } = target(compiledSchedule(pool, context), context.nowMs);
    const weights = pool.regions.map(({ weight = 1 }) => weight);
    targets.push({
      pool,
      hot: regionShare(hot, weights, index),
      stopped: regionShare(stopped, weights, index),
      ...(untilMs === undefined ? {} : { untilMs }),
    });
    if (untilMs !== undefined) nextWakeAtMs = Math.min(nextWakeAtMs, untilMs);
  }
  return { targets, nextWakeAtMs };
}
