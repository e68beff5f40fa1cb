import { type LocalTime, localTime, offsetWords } from "../preview/local-time.ts";
import { readDay } from "../preview/read-day.ts";
import { reportClock } from "../report/clock.ts";

const dayMs = 86_400_000;

/** A moment that somebody asks about. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** What the clock does with the local time that was written: it skips it, or shows it twice. */
  readonly note?: "skipped" | "repeated";
}

const pattern =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/;

/**
 * Reads a moment: ISO 8601, to the second. Without an offset it is local time: one that the clock skips is the moment of the change,
 * of one that it shows twice the first time is meant, as schedules have it.
 *
 * @param text - `2026-12-24T09:00`, `2026-12-24 09:00`, `2026-12-24T08:00Z`, `2026-12-24T09:00+01:00`; a date alone is its beginning.
 * @param timeZone - Of a local time.
 * @returns `undefined` for what is no moment of the years from 2000 to 2099.
 */
export function readMoment(text: string, timeZone: string): Moment | undefined {
  const [, date = "", hour = "0", minute = "0", second = "0", offset] = pattern.exec(text) ?? [];
  const day = readDay(date);
  if (day === undefined) return undefined;
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)];
  if (hours > 24 || minutes > 59 || seconds > 59 || (hours === 24 && minutes + seconds > 0))
    return undefined;
  const localMs = day * dayMs + ((hours * 60 + minutes) * 60 + seconds) * 1_000;
  return offset === undefined ? here(localMs, localTime(timeZone)) : there(localMs, offset);
}

function here(localMs: number, local: LocalTime): Moment {
  const shown = local.instantsOf(localMs).length;
  const atMs = local.firstAt(localMs);
  if (shown === 0) return { atMs, note: "skipped" };
  return shown === 1 ? { atMs } : { atMs, note: "repeated" };
}

/** No place is farther from Greenwich than 14 hours. */
const mostOffsetMinutes = 14 * 60;

function there(localMs: number, offset: string): Moment | undefined {
  if (offset === "Z") return { atMs: localMs };
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  const total = hours * 60 + minutes;
  if (minutes > 59 || total > mostOffsetMinutes) return undefined;
  return { atMs: localMs - (offset.startsWith("-") ? -1 : 1) * total * 60_000 };
}

/** How moments are told on a wall clock: `Thu 2026-12-24 09:00`, with the offset where the clock shows that time twice. */
export function momentWords(timeZone: string): (atMs: number) => string {
  const clock = reportClock(timeZone);
  const local = localTime(timeZone);
  return (atMs) => {
    const offsetMs = local.offsetMs(atMs);
    const isTwice = local.instantsOf(atMs + offsetMs).length > 1;
    const weekday = clock.date(atMs).slice(0, 3);
    return `${weekday} ${clock.iso(atMs)} ${clock.time(atMs)}${isTwice ? ` ${offsetWords(offsetMs)}` : ""}`;
  };
}
