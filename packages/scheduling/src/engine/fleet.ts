import type { Compiled, Fleet } from "../types/answers.ts";
import type { Engine } from "./compile.ts";
import { target } from "./target.ts";

const NOTHING: readonly number[] = /* @__PURE__ */ Object.freeze([]);

/**
 * Watches many schedules at once. A tick at which nothing is due costs one comparison.
 *
 * @example
 * const fleet = createFleet(pools);
 * for (const index of fleet.tick(now)) plan(pools[index], fleet.hot[index]);
 */
export function createFleet(schedules: readonly Compiled[]): Fleet {
  const pools = [...schedules];
  const validUntil = new Float64Array(pools.length).fill(-Infinity);
  const hot = new Int32Array(pools.length).fill(-1);
  const stopped = new Int32Array(pools.length).fill(-1);
  let last = -Infinity;
  let earliest = -Infinity;
  return {
    validUntil,
    hot,
    stopped,
    tick: (now) => {
      // A clock that was set back may have left any slot.
      if (now < last) validUntil.fill(-Infinity);
      else if (now < earliest) return NOTHING;
      last = now;
      const changed: number[] = [];
      earliest = Infinity;
      for (let index = 0; index < pools.length; index++) {
        if ((validUntil[index] as number) <= now) {
          const pool = pools[index] as Compiled;
          const next = target(pool, now);
          if (next.hot !== hot[index] || next.stopped !== stopped[index]) changed.push(index);
          hot[index] = next.hot;
          stopped[index] = next.stopped;
          // Without a change in sight nothing happens before the horizon.
          validUntil[index] = next.untilMs ?? now + (pool as Engine).horizonMs;
        }
        earliest = Math.min(earliest, validUntil[index] as number);
      }
      return changed;
    },
  };
}
