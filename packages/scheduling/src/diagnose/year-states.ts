import { DAY_MS } from "../calendar/civil.ts";
import type { Calendar } from "../calendar/lanes.ts";
import { changesPerDay } from "../engine/compile.ts";
import type { Fold, State } from "../engine/state.ts";
import { pageLength } from "../engine/track.ts";
import { turnsIn } from "../engine/turns.ts";
import type { ZoneSource } from "../types/zones.ts";
import { CLOCK_HISTORY_MS } from "../zones/civil-clock.ts";
import { tellingSpans } from "./telling-spans.ts";

/** How far ahead a schedule is looked at, days. */
export const YEAR_DAYS = 366;

/** Longest stretch that is looked at in one go, about six days. */
export const STRETCH_MS = 536_870_912;

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
  const lengthMs = Math.min(STRETCH_MS, pageLength(changesPerDay(calendar)));
  const indexOf = (instant: number): number => Math.floor(instant / lengthMs);
  // Whole stretches, so that what is found is the same from one hour to the next.
  const startMs = indexOf(fromMs) * lengthMs;
  const last = indexOf(fromMs + YEAR_DAYS * DAY_MS);
  const endMs = (last + 1) * lengthMs;
  const clocks = calendar.zones.map((id) => zones.spans(id, startMs - CLOCK_HISTORY_MS, endMs));
  const states = new Set<State>();
  let latest = indexOf(startMs);
  for (const span of tellingSpans(calendar, zones, startMs, endMs)) {
    for (let atMs = span.fromMs; atMs < span.toMs; ) {
      const index = indexOf(atMs);
      if (index > latest && states.size * calendar.lanes.length > MAX_STATE_WORK) {
        return { states, cutMs: atMs };
      }
      latest = index;
      const untilMs = Math.min(span.toMs, (index + 1) * lengthMs);
      const { flags, offsets, lanes } = turnsIn(calendar, clocks, atMs, untilMs - atMs);
      const stateAfter = fold(flags, lanes);
      if (offsets[0] !== 0) states.add(stateAfter(0));
      for (let next = 0; next < offsets.length; ) {
        const offset = offsets[next];
        while (offsets[next] === offset) next++;
        states.add(stateAfter(next));
      }
      atMs = untilMs;
    }
  }
  return { states, cutMs: undefined };
}
