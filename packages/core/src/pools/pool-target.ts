import { type Compiled, compileSchedule, target } from "@runs-fleet/scheduling";
import type { FleetContext } from "../fleet/context.ts";
import type { PoolTarget } from "../fleet/plan-launches.ts";
import type { PoolConfig } from "../routing/catalog.ts";

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

/** What the pools of this environment and region want now, and when the next of them changes. */
export function poolTargets(context: FleetContext): {
  readonly targets: readonly PoolTarget[];
  readonly nextWakeAtMs: number;
} {
  const targets: PoolTarget[] = [];
  let nextWakeAtMs = Number.POSITIVE_INFINITY;
  for (const pool of context.catalog.pools) {
    if (pool.environment !== context.environment) continue;
    if (!pool.regions.some(({ name }) => name === context.region)) continue;
    const wanted = target(compiledSchedule(pool), context.nowMs);
    targets.push({ pool, hot: wanted.hot, stopped: wanted.stopped });
    if (wanted.untilMs !== undefined) nextWakeAtMs = Math.min(nextWakeAtMs, wanted.untilMs);
  }
  return { targets, nextWakeAtMs };
}
