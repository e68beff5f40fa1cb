import { type Compiled, compileSchedule, target } from "@runs-fleet/scheduling";
import type { FleetContext } from "../fleet/context.ts";
import type { PoolTarget } from "../fleet/plan-launches.ts";
import type { PoolConfig } from "../routing/catalog.ts";
import { regionShare } from "./region-share.ts";

/** Lead of a pool that asks for `auto` while nothing is known about its boot times, milliseconds. */
const unknownBootMs = 120_000;

const compiled = new WeakMap<PoolConfig, Compiled>();

/** The pool's schedule, compiled once per configuration object. */
export function compiledSchedule(pool: PoolConfig): Compiled {
  const known = compiled.get(pool);
  if (known) return known;
  const { leadMs, holdMs, rampUp, rampDown, drainDeadlineMs } = pool;
  const made = compileSchedule(pool.schedule, {
    smoothing: {
      ...(leadMs === undefined ? {} : { leadMs: leadMs === "auto" ? unknownBootMs : leadMs }),
      ...(holdMs === undefined ? {} : { holdMs }),
      ...(rampUp === undefined ? {} : { rampUp }),
      ...(rampDown === undefined ? {} : { rampDown }),
      ...(drainDeadlineMs === undefined ? {} : { drainDeadlineMs }),
    },
  });
  compiled.set(pool, made);
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
    const { hot, stopped, untilMs } = target(compiledSchedule(pool), context.nowMs);
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
