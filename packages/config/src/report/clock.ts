import { zoneData } from "../preview/zone-data.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** What people of one time zone read from their clocks and calendars. */
export interface ReportClock {
  readonly timeZone: string;
  /** Days since 1970-01-01 on this clock. */
  day(atMs: number): number;
  /** `Tue 24 Nov`. */
  date(atMs: number): string;
  /** `14:05`. */
  time(atMs: number): string;
  /** `14:05:09`. */
  second(atMs: number): string;
  /** `Tue 24 Nov 14:05`. */
  moment(atMs: number): string;
  /** `2026-11-24`. */
  iso(atMs: number): string;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** Monday first, as hours of the week count. */
export const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `Mon 08:00` of an hour of the week, 0 to 167. */
export function weekHourName(hour: number): string {
  return `${weekdays[Math.floor(hour / 24)] ?? ""} ${two(hour % 24)}:00`;
}

/**
 * The wall clock of a time zone.
 *
 * @throws A `RangeError` for a zone that nobody knows.
 */
export function reportClock(timeZone: string): ReportClock {
  const zones = zoneData();
  const local = (atMs: number): number =>
    atMs + (zones.spans(timeZone, atMs, atMs + 1).offsetMs.at(-1) ?? 0);
  const day = (atMs: number): number => Math.floor(local(atMs) / dayMs);
  const time = (atMs: number): string => {
    const minute = Math.floor(local(atMs) / minuteMs);
    return `${two(Math.floor(minute / 60) - day(atMs) * 24)}:${two(((minute % 60) + 60) % 60)}`;
  };
  const date = (atMs: number): string => {
    const today = day(atMs);
    const { month, dayOfMonth } = civil(today);
    // 1970-01-01 was a Thursday.
    const weekday = weekdays[(((today + 3) % 7) + 7) % 7] ?? "";
    return `${weekday} ${dayOfMonth} ${months[month - 1] ?? ""}`;
  };
  return {
    timeZone,
    day,
    date,
    time,
    second: (atMs) => `${time(atMs)}:${two(((Math.floor(local(atMs) / 1_000) % 60) + 60) % 60)}`,
    moment: (atMs) => `${date(atMs)} ${time(atMs)}`,
    iso: (atMs) => {
      const { year, month, dayOfMonth } = civil(day(atMs));
      return `${String(year).padStart(4, "0")}-${two(month)}-${two(dayOfMonth)}`;
    },
  };
}

/**
 * The day of a date, days since 1970-01-01.
 *
 * @param date - `YYYY-MM-DD`.
 * @returns `undefined` for a date that no calendar has.
 */
export function dayOfDate(date: string): number | undefined {
  const [year = 0, month = 1, dayOfMonth = 1] = date.split("-").map(Number);
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1;
  const day =
    era * 146_097 +
    ofEra * 365 +
    Math.floor(ofEra / 4) -
    Math.floor(ofEra / 100) +
    ofYear -
    719_468;
  const found = civil(day);
  const isThere = found.year === year && found.month === month && found.dayOfMonth === dayOfMonth;
  return isThere ? day : undefined;
}

/**
 * An instant at which a date is read from this clock.
 *
 * @param date - `YYYY-MM-DD`.
 * @returns `undefined` for a date that no calendar has.
 */
export function instantOn(date: string, clock: ReportClock): number | undefined {
  const day = dayOfDate(date);
  if (day === undefined) return undefined;
  // At noon in London it is the same day nearly everywhere.
  const noonMs = day * dayMs + 12 * hourMs;
  return [noonMs, noonMs - 12 * hourMs, noonMs + 11 * hourMs].find(
    (atMs) => clock.iso(atMs) === date,
  );
}

/** When the day of an instant begins on this clock: no later than a quarter of an hour after its first moment. */
export function dayStart(atMs: number, clock: ReportClock): number {
  const today = clock.day(atMs);
  const quarterMs = 15 * minuteMs;
  let startMs = Math.floor(atMs / quarterMs) * quarterMs;
  while (clock.day(startMs - quarterMs) === today) startMs -= quarterMs;
  return startMs;
}

/** Gregorian date of a day since 1970-01-01. */
function civil(dayNumber: number): { year: number; month: number; dayOfMonth: number } {
  // Years start in March here, so that the leap day comes last.
  const days = dayNumber + 719_468;
  const era = Math.floor(days / 146_097);
  const ofEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) /
      365,
  );
  const ofYear =
    ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: ofYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}
