import { DAY_MS, MINUTE_MS, weekdayOf } from "../calendar/civil.ts";
import { planDay } from "../calendar/exceptions.ts";
import { type Calendar, eachWindow, type Lane } from "../calendar/lanes.ts";
import { startsOn } from "../calendar/rule.ts";
import type { ZoneSpans } from "../types/zones.ts";
import { clockAt, fateOf, instantOf } from "../zones/civil-clock.ts";

/** One window of one lane, in real time. */
export interface Occurrence {
  readonly startMs: number;
  readonly endMs: number;
  /** A bound is a local time that the zone skips, or shows twice. */
  readonly note?: "in-gap" | "in-overlap";
}

/** Days that are searched at a time. */
const STRIDE = 32;

const noteOf = (spans: ZoneSpans, start: number, end: number): Pick<Occurrence, "note"> => {
  const fates = [fateOf(spans, start), fateOf(spans, end)];
  if (fates.includes("skipped")) return { note: "in-gap" };
  return fates.includes("repeated") ? { note: "in-overlap" } : {};
};

/**
 * The window of a lane that is open at an instant, else the next one.
 *
 * @param days - How many days ahead to look.
 */
export function occurrenceNear(
  calendar: Calendar,
  lane: Lane,
  spans: ZoneSpans,
  at: number,
  days: number,
): Occurrence | undefined {
  const today = Math.floor(clockAt(spans, at) / DAY_MS);
  let open: Occurrence | undefined;
  let next: Occurrence | undefined;
  let from = today - lane.rule.reach - 1;
  while (open === undefined && next === undefined && from <= today + days) {
    const to = Math.max(today, from + STRIDE - 1);
    eachWindow(calendar, lane, from, to, (start, end) => {
      const startMs = instantOf(spans, start * MINUTE_MS);
      const endMs = instantOf(spans, end * MINUTE_MS);
      if (startMs >= endMs || endMs <= at) return;
      if (startMs > at && next !== undefined) return;
      const found = { startMs, endMs, ...noteOf(spans, start * MINUTE_MS, end * MINUTE_MS) };
      if (startMs <= at) open = found;
      else next = found;
    });
    from = to + 1;
  }
  return open ?? next;
}

/** Why a lane's window of today does not happen: an exception dropped it, or the clock skips all of it. */
export function missedToday(
  calendar: Calendar,
  lane: Lane,
  spans: ZoneSpans,
  at: number,
): "skipped" | "in-gap" | undefined {
  const today = Math.floor(clockAt(spans, at) / DAY_MS);
  if (today < lane.firstDay || today > lane.lastDay) return undefined;
  const plan = planDay(calendar.exceptions, lane.name, lane.rule.weekly, today);
  if (plan.skip) return startsOn(lane.rule, today, weekdayOf(today)) ? "skipped" : undefined;
  let missed: "in-gap" | undefined;
  eachWindow(calendar, lane, today, today, (start, end) => {
    if (instantOf(spans, start * MINUTE_MS) >= instantOf(spans, end * MINUTE_MS)) missed = "in-gap";
  });
  return missed;
}
