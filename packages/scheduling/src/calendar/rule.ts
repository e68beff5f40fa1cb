import { type Entry, MAX_DATES } from "../types/schedule.ts";
import { DAY_MINUTES, parseDates, parseTime, WEEKDAYS } from "./civil.ts";
import { type Cron, firesOn, parseCron } from "./cron.ts";

/** Longest window of a cron pair. */
const PAIR_CAP_DAYS = 31;

/** The same in minutes. */
export const PAIR_CAP_MINUTES = PAIR_CAP_DAYS * DAY_MINUTES;

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
const ANY_DAY = { weekdays: EVERY_DAY, weekly: false } as const;

/** The kind an entry says or implies by its keys. */
export function kindOf(entry: object): Entry["kind"] {
  if ("kind" in entry && entry.kind !== undefined) return entry.kind as Entry["kind"];
  if ("during" in entry) return "cronMask";
  if ("cron" in entry) return "until" in entry ? "cronPair" : "cron";
  return "dates" in entry ? "dated" : "weekly";
}

/** Midnights between start and end when the entry does not say. */
const defaultSpan = (start: number, end: number): number => (end <= start ? 1 : 0);

/** What is thrown where a schedule was not parsed first. */
export const invalid = ({ name }: { readonly name: string }): RangeError =>
  new RangeError(`"${name}" is invalid: parseSchedule says why`);

/** What was read, when it could be. */
export function needed<T>(value: T | undefined, entry: { readonly name: string }): T {
  if (value === undefined) throw invalid(entry);
  return value;
}

function cronOf(entry: Entry, text: string): Cron {
  const cron = parseCron(text);
  return needed("problem" in cron ? undefined : cron, entry);
}

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

function cronRule(entry: Entry, text: string, length: number): Rule {
  const cron = cronOf(entry, text);
  const runs = joinRuns(cron.minutes, length);
  return { ...ANY_DAY, cron, runs, reach: reachOf(runs) };
}

function hoursRule(
  entry: Extract<Entry, { kind: "weekly" | "dated" }>,
  days: Pick<Rule, "weekdays" | "dates" | "weekly">,
): Rule {
  const { spanDays } = entry;
  const start = needed(parseTime(entry.start ?? "00:00"), entry);
  const end = needed(parseTime(entry.end ?? "24:00"), entry);
  const until = end + (spanDays ?? defaultSpan(start, end)) * DAY_MINUTES;
  const isWindow =
    start < DAY_MINUTES && start < until && (spanDays !== undefined || start !== end);
  const runs = needed(isWindow ? [start, until] : undefined, entry);
  return { ...days, runs, reach: reachOf(runs) };
}

/**
 * All days that an entry or an exception lists.
 *
 * @throws A `RangeError` when one of them is no date, or there are too many.
 */
export function expandDates(
  owner: { readonly name: string },
  dates: readonly string[],
): ReadonlySet<number> {
  const days: number[] = [];
  for (const text of dates) {
    const [first, last] = needed(parseDates(text), owner);
    if (days.length + last - first >= MAX_DATES) throw invalid(owner);
    for (let day = first; day <= last; day++) days.push(day);
  }
  return new Set(days);
}

/**
 * Reads the calendar of one entry.
 *
 * @throws A `RangeError` when {@link parseSchedule} would have refused the entry.
 */
export function compileRule(entry: Entry): Rule {
  switch (entry.kind) {
    case "weekly": {
      const days = entry.days?.map((day) => WEEKDAYS.indexOf(day));
      if (days?.includes(-1)) throw invalid(entry);
      const weekdays = days?.reduce((mask, day) => mask | (1 << day), 0) ?? EVERY_DAY;
      return hoursRule(entry, { weekdays, weekly: true });
    }
    case "dated":
      return hoursRule(entry, { ...ANY_DAY, dates: expandDates(entry, entry.dates) });
    case "cron":
      if (!(entry.forMinutes >= 1 && entry.forMinutes <= 7 * DAY_MINUTES)) throw invalid(entry);
      return cronRule(entry, entry.cron, entry.forMinutes);
    case "cronMask":
      return cronRule(entry, entry.during, 1);
    case "cronPair":
      return {
        ...ANY_DAY,
        cron: cronOf(entry, entry.cron),
        until: cronOf(entry, entry.until),
        runs: [],
        reach: PAIR_CAP_DAYS,
      };
    default:
      throw invalid(entry);
  }
}

/** Whether windows of a rule start on a civil day, read as if it were the given weekday. */
export const startsOn = (rule: Rule, day: number, weekday: number): boolean =>
  ((rule.weekdays >> weekday) & 1) === 1 &&
  (rule.dates === undefined || rule.dates.has(day)) &&
  (rule.cron === undefined || firesOn(rule.cron, day));

/** Index of the first of some ascending numbers that is above another; their number when none is. */
export function firstAfter(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** First minute after `after` at which a cron expression fires; infinite when none comes within the cap of any window of that day. */
export function nextFiring(cron: Cron, after: number): number {
  const first = Math.floor(after / DAY_MINUTES);
  for (let day = first; day <= first + PAIR_CAP_DAYS + 1; day++) {
    if (!firesOn(cron, day)) continue;
    const midnight = day * DAY_MINUTES;
    const minute = cron.minutes[firstAfter(cron.minutes, after - midnight)];
    if (minute !== undefined) return midnight + minute;
  }
  return Infinity;
}
