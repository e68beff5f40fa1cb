import { DAY_MS, formatDate, WEEKDAYS, weekdayOf } from "../calendar/civil.ts";
import type { Engine } from "../engine/compile.ts";
import { evaluate } from "../engine/evaluate.ts";
import { target } from "../engine/target.ts";
import { nextTransition } from "../engine/transitions.ts";
import type { Compiled, TargetReason } from "../types/answers.ts";
import type { ZoneSpans } from "../types/zones.ts";
import { CLOCK_HISTORY_MS, clockAt, instantOf, offsetAt } from "../zones/civil-clock.ts";

/** A stretch of one day on which nothing changes. */
export interface Piece {
  readonly fromMs: number;
  readonly toMs: number;
  readonly hot: number;
  readonly stopped: number;
  /** Why the target is above the schedule, else `nominal`. */
  readonly reason: TargetReason;
  /** The entry in charge. */
  readonly entry: string | undefined;
}

/** A change of the clock. */
export interface ClockChange {
  readonly atMs: number;
  /** Minutes the clock is put forward; negative = back. */
  readonly minutes: number;
}

/** One civil day of a picture. */
export interface Day {
  readonly date: string;
  readonly weekday: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** What the clock shows when the day begins, milliseconds after midnight: not 0 where midnight is skipped. */
  readonly firstMs: number;
  readonly pieces: readonly Piece[];
  readonly changes: readonly ClockChange[];
}

/** Most days in one picture. */
const MAX_DAYS = 400;

function piecesOf(compiled: Compiled, fromMs: number, toMs: number): Piece[] {
  const pieces: Piece[] = [];
  for (let at = fromMs; at < toMs; ) {
    const { hot, stopped, reason, untilMs = toMs } = target(compiled, at);
    const { entry } = evaluate(compiled, at);
    // Another entry may take over with the same numbers.
    const changesMs = nextTransition(compiled, at, { on: "entry" })?.atMs ?? toMs;
    const end = Math.min(toMs, untilMs, changesMs);
    pieces.push({ fromMs: at, toMs: end, hot, stopped, reason, entry });
    at = end;
  }
  return pieces;
}

function changesOf({ at, offsetMs }: ZoneSpans, fromMs: number, toMs: number): ClockChange[] {
  const changes: ClockChange[] = [];
  for (let index = 1; index < at.length; index++) {
    const atMs = at[index] as number;
    const minutes = ((offsetMs[index] as number) - (offsetMs[index - 1] as number)) / 60_000;
    if (fromMs <= atMs && atMs < toMs) changes.push({ atMs, minutes });
  }
  return changes;
}

/**
 * The civil days that a range touches, whole, in the schedule's own zone. A date that the zone skipped is not there.
 *
 * @throws A `RangeError` when the range is empty or longer than 400 days.
 */
export function daysBetween(compiled: Compiled, fromMs: number, toMs: number): Day[] {
  if (!(fromMs < toMs && toMs - fromMs <= MAX_DAYS * DAY_MS)) {
    throw new RangeError(`A picture shows a range of up to ${MAX_DAYS} days`);
  }
  const { zones, calendar } = compiled as Engine;
  const spans = zones.spans(
    calendar.zones[0] ?? "UTC",
    fromMs - CLOCK_HISTORY_MS - 2 * DAY_MS,
    toMs + 3 * DAY_MS,
  );
  const days: Day[] = [];
  const last = Math.floor(clockAt(spans, toMs - 1) / DAY_MS);
  for (let day = Math.floor(clockAt(spans, fromMs) / DAY_MS); day <= last; day++) {
    const start = instantOf(spans, day * DAY_MS);
    const end = instantOf(spans, (day + 1) * DAY_MS);
    if (start >= end) continue;
    days.push({
      date: formatDate(day),
      weekday: WEEKDAYS[weekdayOf(day)] ?? "",
      fromMs: start,
      toMs: end,
      firstMs: Math.max(0, clockAt(spans, start) - day * DAY_MS),
      pieces: piecesOf(compiled, start, end),
      changes: changesOf(spans, start, end),
    });
  }
  return days;
}

/**
 * Where an instant of a day lies on a dial of 24 hours, milliseconds after midnight. It only grows: skipped time is left
 * out, and the two passes of repeated time share its place, half of it each.
 */
export function dialOf({ fromMs, firstMs, changes }: Day, instant: number): number {
  let dial = firstMs + (instant - fromMs);
  for (const { atMs, minutes } of changes) {
    if (atMs <= fromMs) continue;
    const byMs = minutes * 60_000;
    if (byMs > 0) dial += instant >= atMs ? byMs : 0;
    else dial -= Math.min(-byMs, Math.max(0, (instant - atMs - byMs) / 2));
  }
  return Math.max(0, Math.min(DAY_MS, dial));
}

/** Wall clock of an instant, `HH:MM`, in the zone of the picture. */
export function timeOf({ zones, calendar }: Engine, instant: number): string {
  const offset = offsetAt(zones.spans(calendar.zones[0] ?? "UTC", instant, instant + 1), instant);
  const minutes = Math.floor((((instant + offset) % DAY_MS) + DAY_MS) % DAY_MS) / 60_000;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `${two(minutes / 60)}:${two(minutes % 60)}`;
}
