import { intlZones, type ZoneSource } from "@runs-fleet/scheduling";
import { civilDay, formatCivilDay, formatClock, weekdayOf } from "./civil-date.ts";

/** Only a cache: zone data of the runtime, which is what pools' schedules are compiled with. */
let shared: ZoneSource | undefined;

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** A change of a zone's clock. */
export interface ClockChange {
  readonly atMs: number;
  /** How far the clock is put forward, milliseconds; negative: back. */
  readonly byMs: number;
}

/** A pool's wall clock. */
export interface ZoneClock {
  readonly timeZone: string;
  /** Days since 1970-01-01 on this clock. */
  day(atMs: number): number;
  /** `HH:MM`. */
  time(atMs: number): string;
  /** `2026-11-24 19:00`. */
  moment(atMs: number): string;
  /** The day seen from now: `today`, `tomorrow`, `on Thursday`, `on 2026-12-24`. */
  dayWords(day: number, nowMs: number): string;
  /** A moment for sentences: `at 19:00`, `tomorrow at 08:00`, `on Monday at 08:00`, `on 2026-12-24 at 08:00`. */
  words(atMs: number, nowMs: number): string;
  /** The latest moment, not after this one, at which the clock shows a multiple of `stepMs` after midnight. */
  floor(atMs: number, stepMs: number): number;
  /** When the day ends on this clock, epoch milliseconds. */
  dayEndMs(atMs: number): number;
  /** Changes of the clock in a range, half open. */
  changes(fromMs: number, toMs: number): readonly ClockChange[];
}

/**
 * The wall clock of a time zone.
 *
 * @throws A `RangeError` for a zone that the runtime does not know.
 */
export function zoneClock(timeZone: string): ZoneClock {
  shared ??= intlZones();
  const zones = shared;
  const offsetOf = (atMs: number): number =>
    zones.spans(timeZone, atMs, atMs + 1).offsetMs.at(-1) ?? 0;
  const changes = (fromMs: number, toMs: number): readonly ClockChange[] => {
    const { at, offsetMs } = zones.spans(timeZone, fromMs - 1, toMs);
    const found: ClockChange[] = [];
    for (let index = 1; index < at.length; index++) {
      const atMs = at[index] ?? Number.NaN;
      const byMs = (offsetMs[index] ?? 0) - (offsetMs[index - 1] ?? 0);
      if (fromMs <= atMs && atMs < toMs) found.push({ atMs, byMs });
    }
    return found;
  };
  const day = (atMs: number): number => civilDay(atMs, offsetOf(atMs));
  const time = (atMs: number): string => formatClock(atMs, offsetOf(atMs));
  const dayWords = (asked: number, nowMs: number): string => {
    const ahead = asked - day(nowMs);
    if (ahead === 0) return "today";
    if (ahead === 1) return "tomorrow";
    return `on ${ahead > 1 && ahead < 7 ? weekdayOf(asked) : formatCivilDay(asked)}`;
  };
  return {
    timeZone,
    day,
    time,
    moment: (atMs) => `${formatCivilDay(day(atMs))} ${time(atMs)}`,
    dayWords,
    words: (atMs, nowMs) => {
      const when = dayWords(day(atMs), nowMs);
      return when === "today" ? `at ${time(atMs)}` : `${when} at ${time(atMs)}`;
    },
    floor: (atMs, stepMs) => {
      const offsetMs = offsetOf(atMs);
      return Math.floor((atMs + offsetMs) / stepMs) * stepMs - offsetMs;
    },
    dayEndMs: (atMs) => {
      const today = day(atMs);
      // No day is as long as two, whatever its clock does in between.
      let [before, after] = [atMs, atMs + 2 * dayMs + hourMs];
      while (after - before > 1) {
        const middle = Math.floor((before + after) / 2);
        if (day(middle) > today) after = middle;
        else before = middle;
      }
      return after;
    },
    changes,
  };
}
