import { requireInstant } from "../engine/instant.ts";
import { sameTarget } from "../engine/smooth.ts";
import type { State } from "../engine/state.ts";
import type { Level } from "../types/answers.ts";
import type { Instant, Schedule } from "../types/schedule.ts";
import type { ZoneSource } from "../types/zones.ts";
import { defaultZones } from "../zones/default-zones.ts";
import { tellingSpans } from "./telling-spans.ts";
import { openWalk, walkSpan } from "./walk.ts";

/**
 * What a schedule says at an instant, and what its transitions until another one lead to: each different capacity and entry
 * behind it once, in the order of their first moments.
 *
 * Weeks that only repeat those before are passed over, so that a year takes little longer than some weeks, and nothing is kept.
 *
 * @param from - The first level holds then.
 * @param to - Exclusive.
 * @param zones - Zone data. @defaultValue that of the runtime
 * @throws A `RangeError` when a bound is no instant, a zone is unknown, or a part of the schedule cannot be read.
 * @example
 * levels(schedule, now, now + 366 * 86_400_000).find(({ hot }) => hot > 40)?.atMs; // when it first wants more than 40
 */
export function levels(
  schedule: Schedule,
  from: Instant,
  to: Instant,
  { zones = defaultZones() }: { readonly zones?: ZoneSource } = {},
): readonly Level[] {
  const fromMs = requireInstant(from);
  const toMs = Math.max(fromMs + 1, requireInstant(to));
  const walk = openWalk(schedule, zones, { fromMs, toMs });
  const found = new Map<string, Level>();
  // Few lanes have few states, which come again and again.
  const known = new WeakSet<State>();
  for (const span of tellingSpans([walk.calendar], zones, fromMs, toMs)) {
    walkSpan(walk, span, (state, atMs, before) => {
      const isNew = atMs === fromMs || !sameTarget(before.capacity, state.capacity);
      if (!isNew || known.has(state)) return;
      known.add(state);
      const { capacity, entry } = state;
      const key = `${capacity.hot} ${capacity.stopped} ${entry}`;
      if (found.has(key)) return;
      found.set(
        key,
        Object.freeze({ atMs, ...capacity, ...(entry === undefined ? {} : { entry }) }),
      );
    });
  }
  return [...found.values()];
}
