/** Milliseconds in a minute. */
export const MINUTE_MS = 60_000;

/** Milliseconds in a civil day. */
export const DAY_MS = 86_400_000;

/** Minutes in a civil day. */
export const DAY_MINUTES = 1_440;

/** Days before each month of a common year; the last is the year's length. */
const BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;

/** Days from 0000-01-01 of the proleptic Gregorian calendar to the epoch. */
const YEAR_ZERO = 719_528;

/** Mean length of a Gregorian year. */
const YEAR_DAYS = 365.2425;

/** A civil date in parts. */
export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days before 1 January, counted from 1970. */
const startOfYear = (year: number): number => {
  const past = year - 1;
  // Year 0 is a leap year, hence the 366 below for all years after it.
  return (
    365 * past +
    Math.floor(past / 4) -
    Math.floor(past / 100) +
    Math.floor(past / 400) +
    366 -
    YEAR_ZERO
  );
};

const beforeMonth = (year: number, month: number): number =>
  (BEFORE_MONTH[month - 1] ?? 0) + (month > 2 && isLeap(year) ? 1 : 0);

/** Length of a month in days. */
const monthLength = (year: number, month: number): number =>
  beforeMonth(year, month + 1) - beforeMonth(year, month);

/** Day number (days since 1970-01-01) of a civil date. */
export const dayNumber = (year: number, month: number, day: number): number =>
  startOfYear(year) + beforeMonth(year, month) + day - 1;

/** Civil date of a day number. */
export function civilDate(days: number): CivilDate {
  let year = 1970 + Math.floor(days / YEAR_DAYS);
  // The estimate is off by at most one year either way.
  while (startOfYear(year) > days) year--;
  while (startOfYear(year + 1) <= days) year++;
  const rest = days - startOfYear(year);
  let month = Math.min(12, Math.floor(rest / 29) + 1);
  while (beforeMonth(year, month) > rest) month--;
  return { year, month, day: rest - beforeMonth(year, month) + 1 };
}

/** Weekday of a day number, 0 = Sunday. 1970-01-01 was a Thursday. */
export const weekdayOf = (days: number): number => (((days + 4) % 7) + 7) % 7;

const pad = (value: number, width: number): string => String(value).padStart(width, "0");

/** `YYYY-MM-DD` of a day number. */
export function formatDate(days: number): string {
  const { year, month, day } = civilDate(days);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** `HH:MM` of a minute of the day. */
export const formatTime = (minutes: number): string =>
  `${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}`;

/** Day number of `YYYY-MM-DD`, or `undefined` when there is no such date. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const [year, month, day] = text.split("-").map(Number) as [number, number, number];
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month);
  return exists ? dayNumber(year, month, day) : undefined;
}

/** First and last day number of `YYYY-MM-DD` or `YYYY-MM-DD..YYYY-MM-DD`, or `undefined`. */
export function parseDates(text: string): readonly [number, number] | undefined {
  const dates = text.split("..").map(parseDate);
  const first = dates[0] ?? NaN;
  const last = dates.at(-1) ?? NaN;
  // What is no date compares with nothing.
  return dates.length < 3 && first <= last ? [first, last] : undefined;
}

/** Minute of the day of `HH:MM`, `00:00` to `24:00`, or `undefined`. */
export function parseTime(text: string): number | undefined {
  if (!/^\d\d:\d\d$/.test(text)) return undefined;
  const [hour, minute] = text.split(":").map(Number) as [number, number];
  const minutes = hour * 60 + minute;
  return minute < 60 && minutes <= DAY_MINUTES ? minutes : undefined;
}

/** Weekday names, index 0 = Sunday. */
export const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
