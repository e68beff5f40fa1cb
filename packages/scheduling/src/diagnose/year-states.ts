import { DAY_MS } from "../calendar/civil.ts";
import type { Calendar } from "../calendar/lanes.ts";
import type { Fold, State } from "../engine/state.ts";
import { tellingSpans } from "../survey/telling-spans.ts";
import { stretchEnd, stretchLength, walkIn, walkStretch } from "../survey/walk.ts";
import type { ZoneSource } from "../types/zones.ts";

/** How far ahead a schedule is looked at, days. */
export const YEAR_DAYS = 366;

/** Most work on states, in lanes looked at: a schedule of a thousand entries has more states in a year than anyone waits for. */
const MAX_STATE_WORK = 20_000_000;

/** What a schedule says in the course of a year. */
export interface Year {
  /** Every different state, in the order of its first moment. */
  readonly states: ReadonlySet<State>;
  /** Until when states were looked at, epoch milliseconds, when not for a whole year. */
  readonly cutMs: number | undefined;
}

/** Every different state of the year that begins at an instant, and of the rest of the stretches that its ends lie in. */
export function statesOfYear(
  calendar: Calendar,
  zones: ZoneSource,
  fold: Fold,
  fromMs: number,
): Year {
  const lengthMs = stretchLength(calendar);
  const indexOf = (instant: number): number => Math.floor(instant / lengthMs);
  // Whole stretches, so that what is found is the same from one hour to the next.
  const startMs = indexOf(fromMs) * lengthMs;
  const endMs = (indexOf(fromMs + YEAR_DAYS * DAY_MS) + 1) * lengthMs;
  const walk = walkIn(calendar, zones, fold, { fromMs: startMs, toMs: endMs });
  const states = new Set<State>();
  let latest = indexOf(startMs);
  for (const span of tellingSpans([calendar], zones, startMs, endMs)) {
    for (let atMs = span.fromMs; atMs < span.toMs; ) {
      const index = indexOf(atMs);
      if (index > latest && states.size * calendar.lanes.length > MAX_STATE_WORK) {
        return { states, cutMs: atMs };
      }
      latest = index;
      const untilMs = stretchEnd(walk, atMs, span.toMs);
      walkStretch(walk, { fromMs: atMs, toMs: untilMs }, (state) => states.add(state));
      atMs = untilMs;
    }
  }
  return { states, cutMs: undefined };
}
