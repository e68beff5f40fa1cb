import type { Entry, Weekday } from "../types/schedule.ts";
import { DAY_MINUTES, parseDates, parseTime, WEEKDAYS } from "./civil.ts";
import { type Cron, firesOn, parseCron } from "./cron.ts";

/** Longest window of a cron pair, minutes. */
export const PAIR_CAP_MINUTES = 31 * DAY_MINUTES;

/** An entry's calendar as data: on which civil days windows start, and which minutes they cover from that day's midnight. */
export interface Rule {
  /** Weekdays on which windows start, bit 0 = Sunday. */
  readonly weekdays: number;
  /** Dates on which windows start; absent = not restricted to dates. */
  readonly dates?: ReadonlySet<number>;
  /** Cron expression whose days windows start on. */
  readonly cron?: Cron;
  /** Cron expression that ends them, instead of `runs`. */
  readonly until?: Cron;
  /** Pairs of (start, end) in minutes from midnight, ascending and apart. */
  readonly runs: readonly number[];
  /** Days after its start date on which a window may still be open. */
  readonly reach: number;
  /** Weekly entries follow another weekday's hours when an exception says so. */
  readonly weekly: boolean;
}

const EVERY_DAY = 127;
const ALL_MONTHS = 0b1_1111_1111_1110;
const ALL_DAYS = ~1;

/** The kind an entry says or implies by its keys. */
export function kindOf(entry: object): Entry["kind"] {
  if ("kind" in entry && entry.kind !== undefined) return entry.kind as Entry["kind"];
  if ("during" in entry) return "cronMask";
  if ("cron" in entry) return "until" in entry ? "cronPair" : "cron";
  return "dates" in entry ? "dated" : "weekly";
}

/** Midnights between start and end when the entry does not say. */
export const defaultSpan = (start: number, end: number): number => (end <= start ? 1 : 0);

/** Bit mask of weekday names; an unknown name is -1. */
function weekdayMask(days: readonly Weekday[] | undefined): number {
  if (days === undefined) return EVERY_DAY;
  return days.reduce((mask, day) => {
    const index = WEEKDAYS.indexOf(day);
    return index < 0 ? -1 : mask | (1 << index);
  }, 0);
}

/** What is thrown where a schedule was not parsed first. */
export const invalid = ({ name }: { readonly name: string }): RangeError =>
  new RangeError(`"${name}" is invalid: parseSchedule says why`);

const cronOf = (entry: Entry, text: string): Cron => {
  const cron = parseCron(text);
  if ("problem" in cron) throw invalid(entry);
  return cron;
};

const reachOf = (runs: readonly number[]): number =>
  Math.max(0, Math.ceil((runs.at(-1) ?? 0) / DAY_MINUTES) - 1);

/** Windows of equal length from each minute, those that touch joined. */
function joinRuns(minutes: readonly number[], length: number): number[] {
  const runs: number[] = [];
  for (const minute of minutes) {
    const end = runs.at(-1);
    if (end !== undefined && minute <= end) runs[runs.length - 1] = minute + length;
    else runs.push(minute, minute + length);
  }
  return runs;
}

const cronRule = (cron: Cron, length: number): Rule => {
  const runs = joinRuns(cron.minutes, length);
  return { weekdays: EVERY_DAY, cron, runs, reach: reachOf(runs), weekly: false };
};

/** Days within which a closing expression surely fires: known when at most the weekdays restrict it. */
function pairReach({ days, months, weekdays, eitherDay }: Cron): number {
  const anyDate = !eitherDay && days === ALL_DAYS && months === ALL_MONTHS;
  if (!anyDate) return PAIR_CAP_MINUTES / DAY_MINUTES;
  return weekdays === EVERY_DAY ? 1 : 7;
}

function hoursRule(
  entry: Extract<Entry, { kind: "weekly" | "dated" }>,
  days: Pick<Rule, "weekdays" | "dates" | "weekly">,
): Rule {
  const start = parseTime(entry.start ?? "00:00");
  const end = parseTime(entry.end ?? "24:00");
  if (start === undefined || end === undefined || start === DAY_MINUTES) {
    throw invalid(entry);
  }
  const until = end + (entry.spanDays ?? defaultSpan(start, end)) * DAY_MINUTES;
  if (until <= start || (end === start && entry.spanDays === undefined)) {
    throw invalid(entry);
  }
  const runs = [start, until];
  return { ...days, runs, reach: reachOf(runs) };
}

/** All days of a list of dates and ranges, or `undefined` when one of them is no date. */
export function expandDates(dates: readonly string[], limit: number): number[] | undefined {
  const days: number[] = [];
  for (const text of dates) {
    const range = parseDates(text);
    if (range === undefined || days.length + range[1] - range[0] >= limit) return undefined;
    for (let day = range[0]; day <= range[1]; day++) days.push(day);
  }
  return days;
}

/**
 * Reads the calendar of one entry.
 *
 * @throws A `RangeError` when {@link parseSchedule} would have refused the entry.
 */
export function compileRule(entry: Entry, maxDates: number): Rule {
  switch (entry.kind) {
    case "weekly": {
      const weekdays = weekdayMask(entry.days);
      if (weekdays < 0) throw invalid(entry);
      return hoursRule(entry, { weekdays, weekly: true });
    }
    case "dated": {
      const days = expandDates(entry.dates, maxDates);
      if (days === undefined) throw invalid(entry);
      return hoursRule(entry, { weekdays: EVERY_DAY, dates: new Set(days), weekly: false });
    }
    case "cron":
      if (!(entry.forMinutes >= 1 && entry.forMinutes <= 7 * DAY_MINUTES)) {
        throw invalid(entry);
      }
      return cronRule(cronOf(entry, entry.cron), entry.forMinutes);
    case "cronMask":
      return cronRule(cronOf(entry, entry.during), 1);
    case "cronPair": {
      const until = cronOf(entry, entry.until);
      return {
        weekdays: EVERY_DAY,
        cron: cronOf(entry, entry.cron),
        until,
        runs: [],
        reach: pairReach(until),
        weekly: false,
      };
    }
    default:
      throw invalid(entry);
  }
}

/** Whether windows of a rule start on a civil day, read as if it were the given weekday. */
export const startsOn = (rule: Rule, day: number, weekday: number): boolean =>
  ((rule.weekdays >> weekday) & 1) === 1 &&
  (rule.dates === undefined || rule.dates.has(day)) &&
  (rule.cron === undefined || firesOn(rule.cron, day));

/** Index of the first of some ascending minutes that is above another; their number when none is. */
export function firstAfter(minutes: readonly number[], minute: number): number {
  let low = 0;
  let high = minutes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((minutes[middle] as number) > minute) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** First minute after `after` at which a cron expression fires; infinite when none comes within the cap of any window of that day. */
export function nextFiring(cron: Cron, after: number): number {
  const first = Math.floor(after / DAY_MINUTES);
  for (let day = first; day <= first + PAIR_CAP_MINUTES / DAY_MINUTES + 1; day++) {
    if (!firesOn(cron, day)) continue;
    const midnight = day * DAY_MINUTES;
    const minute = cron.minutes[firstAfter(cron.minutes, after - midnight)];
    if (minute !== undefined) return midnight + minute;
  }
  return Infinity;
}
