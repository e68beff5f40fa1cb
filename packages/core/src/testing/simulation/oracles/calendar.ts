import {
  type Capacity,
  type Entry,
  type Exception,
  type Schedule,
  tableZones,
  type Weekday,
} from "@runs-fleet/scheduling";
import { tzdata } from "@runs-fleet/scheduling/tzdata";

/**
 * A second reading of pools' calendars, minute by minute: it shares the zone tables with the engine and nothing else.
 * Slow and plain on purpose.
 */

const minuteMs = 60_000;
const perDay = 1_440;
const names: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** Windows of simulated pools begin at most so many days before a minute that they cover. */
const longestDays = 9;
const zones = tableZones(tzdata);

/** What a calendar says, by the minute. */
export interface Calendar {
  /** What the pool wants nominally in the minute of this instant, which lies in the span that was read. */
  at(ms: number): Capacity;
}

/** The highest reading of the zone's clock so far, in each minute from the first one on: a clock that never goes back. */
function civilClock(zone: string, firstMinute: number, count: number): Int32Array {
  const fromMs = (firstMinute - 3 * perDay) * minuteMs;
  const { at, offsetMs } = zones.spans(zone, fromMs, (firstMinute + count + 1) * minuteMs);
  const civil = new Int32Array(count);
  let highest = Number.NEGATIVE_INFINITY;
  let span = 0;
  for (let minute = firstMinute - 3 * perDay; minute < firstMinute + count; minute += 1) {
    while (span + 1 < at.length && (at[span + 1] ?? 0) <= minute * minuteMs) span += 1;
    highest = Math.max(highest, minute + (offsetMs[span] ?? 0) / minuteMs);
    if (minute >= firstMinute) civil[minute - firstMinute] = Math.floor(highest);
  }
  return civil;
}

const dateOf = (day: number): string =>
  new Date(day * perDay * minuteMs).toISOString().slice(0, 10);
const weekdayOf = (day: number): Weekday => names[(((day + 4) % 7) + 7) % 7] ?? "sun";
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function lists(dates: readonly string[], date: string): boolean {
  return dates.some((item) => {
    const [first = "", last = first] = item.split("..");
    return first <= date && date <= last;
  });
}

/** Whether a field of a cron expression names the value: stars, numbers, lists, ranges and steps. */
function fieldHas(field: string, value: number, lowest: number, highest: number): boolean {
  return field.split(",").some((part) => {
    const [range = "*", step = "1"] = part.split("/");
    const [first = "", last] = range === "*" ? [`${lowest}`, `${highest}`] : range.split("-");
    const from = Number(first);
    const to = last === undefined ? (part.includes("/") ? highest : from) : Number(last);
    return from <= value && value <= to && (value - from) % Number(step) === 0;
  });
}

/** The civil minutes of a day at which an expression with stars for month and days fires. */
function firings(expression: string, day: number): readonly number[] {
  const [minute = "*", hour = "*", ...dates] = expression.split(" ");
  if (dates.some((field) => field !== "*"))
    throw new RangeError(`The plain reading knows no dates in cron: ${expression}`);
  const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
  const minutes = upTo(60).filter((at) => fieldHas(minute, at, 0, 59));
  return upTo(24)
    .filter((at) => fieldHas(hour, at, 0, 23))
    .flatMap((at) => minutes.map((past) => day * perDay + at * 60 + past));
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** Windows of an entry that start on a civil day, which counts as another weekday if an exception says so. */
function windowsOn(entry: Entry, day: number, as: Weekday | undefined): readonly Window[] {
  if (entry.kind === "weekly" || entry.kind === "dated") {
    const happens =
      entry.kind === "dated"
        ? lists(entry.dates, dateOf(day))
        : (entry.days ?? names).includes(as ?? weekdayOf(day));
    if (!happens) return [];
    const start = minuteOf(entry.start ?? "00:00");
    const end = minuteOf(entry.end ?? "24:00");
    const nights = entry.spanDays ?? (end <= start ? 1 : 0);
    return [{ from: day * perDay + start, to: (day + nights) * perDay + end }];
  }
  const opens = firings(entry.kind === "cronMask" ? entry.during : entry.cron, day);
  if (entry.kind === "cronMask") return opens.map((from) => ({ from, to: from + 1 }));
  if (entry.kind === "cron") return opens.map((from) => ({ from, to: from + entry.forMinutes }));
  const closes = [...firings(entry.until, day), ...firings(entry.until, day + 1)];
  return opens.map((from) => ({ from, to: closes.find((at) => at > from) ?? from }));
}

/** What the exceptions of a start date make of an entry; the later one of its kind wins. */
function verdict(entry: Entry, exceptions: readonly Exception[], date: string) {
  let isSkipped = false;
  let as: Weekday | undefined;
  let capacity: Partial<Capacity> | undefined;
  for (const { dates, entries = "*", action = "skip" } of exceptions) {
    if (!lists(dates, date) || (entries !== "*" && !entries.includes(entry.name))) continue;
    if (action === "skip") {
      isSkipped = true;
      as = undefined;
    } else if ("capacity" in action) capacity = action.capacity;
    else if (entry.kind === "weekly") {
      isSkipped = false;
      as = action.as;
    }
  }
  return { isSkipped, as, capacity };
}

function meet(mode: Entry["mode"], value: number, wanted: number | undefined): number {
  if (wanted === undefined) return value;
  if (mode === "atLeast") return Math.max(value, wanted);
  return mode === "atMost" ? Math.min(value, wanted) : wanted;
}

/** For each minute what the entry is worth in it: nothing while it is not active. */
function worthOf(
  entry: Entry,
  exceptions: readonly Exception[],
  civil: Int32Array,
): readonly (Partial<Capacity> | undefined)[] {
  const firstDay = Math.floor((civil[0] ?? 0) / perDay) - longestDays;
  const lastDay = Math.floor((civil.at(-1) ?? 0) / perDay);
  const byMinute = new Map<number, Partial<Capacity>>();
  // Windows with a capacity of their own go over the ordinary ones of the same entry.
  for (const isOwn of [false, true]) {
    for (let day = firstDay; day <= lastDay; day += 1) {
      const date = dateOf(day);
      if (date < (entry.validFrom ?? "") || date > (entry.validUntil ?? "9999")) continue;
      const { isSkipped, as, capacity } = verdict(entry, exceptions, date);
      if (isSkipped || (capacity !== undefined) !== isOwn) continue;
      const worth = { ...entry.capacity, ...capacity };
      for (const { from, to } of windowsOn(entry, day, as)) {
        for (let at = from; at < to; at += 1) byMinute.set(at, worth);
      }
    }
  }
  return Array.from(civil, (at) => byMinute.get(at));
}

/** Reads a schedule for a span of time, whole minutes. */
export function readCalendar(schedule: Schedule, fromMs: number, toMs: number): Calendar {
  const first = Math.floor(fromMs / minuteMs);
  const count = Math.ceil(toMs / minuteMs) - first + 1;
  const { entries, exceptions = [], min = {}, max = {} } = schedule;
  const ranked = entries
    .map((entry, place) => ({ entry, place, rank: entry.priority ?? 0 }))
    .filter(({ entry }) => entry.enabled !== false)
    .sort((left, right) => left.rank - right.rank || left.place - right.place)
    .map(({ entry }) => {
      const zone = entry.timeZone ?? schedule.timeZone ?? "UTC";
      return {
        mode: entry.mode,
        worth: worthOf(entry, exceptions, civilClock(zone, first, count)),
      };
    });
  const bound = (field: keyof Capacity, value: number): number =>
    Math.max(min[field] ?? 0, Math.min(max[field] ?? value, value));
  const read = Array.from({ length: count }, (_, index): Capacity => {
    let { hot, stopped } = schedule.default;
    for (const { mode, worth } of ranked) {
      const own = worth[index];
      if (own === undefined) continue;
      hot = meet(mode, hot, own.hot);
      stopped = meet(mode, stopped, own.stopped);
    }
    return { hot: bound("hot", hot), stopped: bound("stopped", stopped) };
  });
  return {
    at: (ms) => {
      const capacity = read[Math.floor(ms / minuteMs) - first];
      if (capacity === undefined) throw new RangeError(`${ms} was not read`);
      return capacity;
    },
  };
}

/** How a target may differ from its calendar. */
export interface Smoothness {
  readonly leadMs: number;
  readonly holdMs: number;
  readonly rampUp: { readonly step: number; readonly everyMs: number } | undefined;
  readonly rampDown: { readonly step: number; readonly everyMs: number } | undefined;
}

const never = Number.POSITIVE_INFINITY;

/** What a rise `aheadMs` from now is short of by now. */
function climbLeft({ leadMs, rampUp }: Smoothness, aheadMs: number): number {
  if (aheadMs <= leadMs) return 0;
  return rampUp ? rampUp.step * Math.ceil((aheadMs - leadMs) / rampUp.everyMs) : never;
}

/** What is gone by now of a level that ended `agoMs` ago. */
function fallen({ holdMs, rampDown }: Smoothness, agoMs: number): number {
  if (agoMs < holdMs) return 0;
  return rampDown ? rampDown.step * (1 + Math.floor((agoMs - holdMs) / rampDown.everyMs)) : never;
}

/** How far from an instant the calendar matters for its target, milliseconds. */
export const smoothnessReachMs: number = 4 * 60 * minuteMs;

/** The target at a whole minute: the most that any minute around is still, or already, worth. */
export function targetBy(calendar: Calendar, smooth: Smoothness, atMs: number): Capacity {
  let { hot, stopped } = calendar.at(atMs);
  const take = (minuteAtMs: number, less: number): void => {
    const level = calendar.at(minuteAtMs);
    hot = Math.max(hot, level.hot - less);
    stopped = Math.max(stopped, level.stopped - less);
  };
  for (let aheadMs = minuteMs; aheadMs <= smoothnessReachMs; aheadMs += minuteMs) {
    const less = climbLeft(smooth, aheadMs);
    if (less >= 1_000) break;
    take(atMs + aheadMs, less);
  }
  for (let backMs = minuteMs; backMs <= smoothnessReachMs; backMs += minuteMs) {
    // A minute's level ends with the minute.
    const less = fallen(smooth, backMs - minuteMs);
    if (less >= 1_000) break;
    take(atMs - backMs, less);
  }
  return { hot, stopped };
}
