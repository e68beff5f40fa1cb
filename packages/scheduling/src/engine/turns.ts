import { DAY_MINUTES, MINUTE_MS } from "../calendar/civil.ts";
import { type Calendar, eachWindow, type Lane } from "../calendar/lanes.ts";
import type { ZoneSpans } from "../types/zones.ts";
import { clockAt, instantOf } from "../zones/civil-clock.ts";

/** A stretch of time as one zone shows it. */
interface Days {
  /** Offsets of the zone from some days before the stretch on. */
  readonly spans: ZoneSpans;
  /** Civil days on which it begins and ends. */
  readonly firstDay: number;
  readonly lastDay: number;
}

/** What lanes do in a stretch of time. */
export interface Turns {
  /** The lanes that are active just before it, one flag each. */
  readonly flags: Uint8Array;
  /** When lanes begin or end, milliseconds from its start, ascending. */
  readonly offsets: Float64Array;
  /** Which lanes do so, by the same index. */
  readonly lanes: Int32Array;
}

/**
 * Collects where one lane begins or ends inside a stretch, as offsets into it; windows that touch are joined.
 *
 * @returns Whether the lane is active just before the stretch.
 */
function collectToggles(
  calendar: Calendar,
  lane: Lane,
  { spans, firstDay, lastDay }: Days,
  startMs: number,
  lengthMs: number,
  onToggle: (offset: number) => void,
): boolean {
  const offsetOf = (minute: number): number =>
    Math.min(lengthMs, Math.max(-1, instantOf(spans, minute * MINUTE_MS) - startMs));
  let openBefore = false;
  let end = -Infinity;
  const from = firstDay - lane.rule.reach - 1;
  eachWindow(calendar, lane, from, lastDay, (windowStart, windowEnd) => {
    const opens = offsetOf(windowStart);
    const closes = offsetOf(windowEnd);
    // A window that lies in skipped time has no length left.
    if (opens >= closes || opens >= lengthMs) return;
    if (opens > end) {
      if (end >= 0) onToggle(end);
      if (opens < 0) openBefore = true;
      else onToggle(opens);
      end = closes;
    } else if (closes > end) {
      end = closes;
    }
  });
  if (end >= 0 && end < lengthMs) onToggle(end);
  return openBefore;
}

/**
 * When the lanes of a calendar begin and end in a stretch of time, at most 2^31 ms of it.
 *
 * @param clocks - Offsets of the calendar's zones, in its order, from three days before the stretch on.
 */
export function turnsIn(
  calendar: Calendar,
  clocks: readonly ZoneSpans[],
  startMs: number,
  lengthMs: number,
): Turns {
  const { lanes } = calendar;
  const views = clocks.map((spans): Days => {
    const dayOf = (instant: number): number =>
      Math.floor(clockAt(spans, instant) / (DAY_MINUTES * MINUTE_MS));
    return { spans, firstDay: dayOf(startMs - 1), lastDay: dayOf(startMs + lengthMs - 1) };
  });
  const flags = new Uint8Array(lanes.length);
  // Offset and lane in one number sort faster than pairs; 2^31 offsets times 11,000 lanes stay exact.
  const toggles: number[] = [];
  for (const [number, lane] of lanes.entries()) {
    const days = views[lane.zone] as Days;
    const open = collectToggles(calendar, lane, days, startMs, lengthMs, (offset) =>
      toggles.push(offset * lanes.length + number),
    );
    flags[number] = open ? 1 : 0;
  }
  const sorted = Float64Array.from(toggles).sort();
  return {
    flags,
    offsets: sorted.map((toggle) => Math.floor(toggle / lanes.length)),
    lanes: Int32Array.from(sorted, (toggle) => toggle % lanes.length),
  };
}
