import type { Calendar } from "../calendar/lanes.ts";
import { calendarOf, changesPerDay, withKinds } from "../engine/compile.ts";
import { createFold, type Fold, type State } from "../engine/state.ts";
import { pageLength } from "../engine/track.ts";
import { turnsIn } from "../engine/turns.ts";
import type { Schedule } from "../types/schedule.ts";
import type { ZoneSource, ZoneSpans } from "../types/zones.ts";
import { CLOCK_HISTORY_MS } from "../zones/civil-clock.ts";
import type { Span } from "./telling-spans.ts";

/** Longest stretch that is looked at in one go, about six days. */
export const STRETCH_MS = 536_870_912;

/** How long the stretches of a calendar are: the more it does in a day, the shorter. */
export const stretchLength = (calendar: Calendar): number =>
  Math.min(STRETCH_MS, pageLength(changesPerDay(calendar)));

/** A schedule that is gone through once: unlike what is compiled, nothing of it is kept. */
export interface Walk {
  readonly calendar: Calendar;
  /** Offsets of its zones, over all that is gone through. */
  readonly clocks: readonly ZoneSpans[];
  readonly fold: Fold;
  /** How much is looked at in one go. */
  readonly lengthMs: number;
}

/** A walk through some of a range. */
export const walkIn = (
  calendar: Calendar,
  zones: ZoneSource,
  fold: Fold,
  { fromMs, toMs }: Span,
): Walk => ({
  calendar,
  clocks: calendar.zones.map((id) => zones.spans(id, fromMs - CLOCK_HISTORY_MS, toMs)),
  fold,
  lengthMs: stretchLength(calendar),
});

/**
 * A walk through some of a range, for a schedule as it is written.
 *
 * @throws A `RangeError` when a part of the schedule cannot be read, or a zone is unknown.
 */
export function openWalk(schedule: Schedule, zones: ZoneSource, range: Span): Walk {
  const whole = withKinds(schedule);
  const calendar = calendarOf(whole, zones);
  return walkIn(calendar, zones, createFold(whole, calendar.lanes), range);
}

/** Receives what holds from a moment on, and what held just before. */
export type OnState = (after: State, atMs: number, before: State) => void;

/** Goes through a stretch: its beginning, and every moment at which a lane begins or ends. */
export function walkStretch(
  { calendar, clocks, fold }: Walk,
  { fromMs, toMs }: Span,
  onState: OnState,
): void {
  const { flags, offsets, lanes } = turnsIn(calendar, clocks, fromMs, toMs - fromMs);
  const stateAfter = fold(flags, lanes);
  let before = stateAfter(0);
  if (offsets[0] !== 0) onState(before, fromMs, before);
  for (let next = 0; next < offsets.length; ) {
    const offset = offsets[next] as number;
    while (offsets[next] === offset) next++;
    const after = stateAfter(next);
    onState(after, fromMs + offset, before);
    before = after;
  }
}

/** Goes through a span, stretch by stretch; they end where stretches end that are counted from the epoch. */
export function walkSpan(walk: Walk, { fromMs, toMs }: Span, onState: OnState): void {
  for (let atMs = fromMs; atMs < toMs; ) {
    const untilMs = stretchEnd(walk, atMs, toMs);
    walkStretch(walk, { fromMs: atMs, toMs: untilMs }, onState);
    atMs = untilMs;
  }
}

/** Where the stretch ends that an instant lies in, at most `toMs`. */
export const stretchEnd = ({ lengthMs }: Walk, atMs: number, toMs: number): number =>
  Math.min(toMs, (Math.floor(atMs / lengthMs) + 1) * lengthMs);
