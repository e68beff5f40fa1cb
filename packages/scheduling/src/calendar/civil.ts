import type { Weekday } from "../types/schedule.ts";

/** Milliseconds in a minute. */
export const MINUTE_MS = 60_000;

/** Milliseconds in a civil day. */
export const DAY_MS = 86_400_000;

/** Minutes in a civil day. */
export const DAY_MINUTES = 1_440;

/** Mean length of a Gregorian year. */
const YEAR_DAYS = 365.2425;

/** Days from 1 March of year 0 of the proleptic Gregorian calendar to the epoch. */
const MARCH_ZERO = 719_468;

/** A civil date in parts. */
export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** Day number of 1 March: a year that begins in March has its leap day at the end, so that no month moves. */
const firstOfMarch = (year: number): number =>
  365 * year + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) - MARCH_ZERO;

/** Days from 1 March to the first of a month, 0 = March: 31, 30, 31, 30, 31 over and over. */
const beforeMonth = (month: number): number => Math.floor(30.6 * month + 0.5);

/** Day number (days since 1970-01-01) of a civil date. */
export const dayNumber = (year: number, month: number, day: number): number =>
  firstOfMarch(month < 3 ? year - 1 : year) + beforeMonth((month + 9) % 12) + day - 1;

/** Civil date of a day number. */
export function civilDate(days: number): CivilDate {
  let year = Math.floor((days + MARCH_ZERO) / YEAR_DAYS);
  // The estimate is off by at most one year either way.
  while (firstOfMarch(year) > days) year--;
  while (firstOfMarch(year + 1) <= days) year++;
  const rest = days - firstOfMarch(year);
  const month = Math.floor((rest + 0.5) / 30.6);
  return {
    year: month < 10 ? year : year + 1,
    month: ((month + 2) % 12) + 1,
    day: rest - beforeMonth(month) + 1,
  };
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
  const number = dayNumber(year, month, day);
  const { month: itsMonth, day: itsDay } = civilDate(number);
  return month === itsMonth && day === itsDay ? number : undefined;
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

/** The days of the week as people write them, Sunday first. */
export const WEEKDAY_NAMES: Readonly<Record<Weekday, string>> = {
  sun: "Sunday",
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
};
