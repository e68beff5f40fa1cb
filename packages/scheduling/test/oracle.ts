/**
 * A slow second opinion that shares nothing with the engine: wall clocks are read minute by minute, calendars are
 * walked with the host's UTC date functions, and every rule is applied as its sentence in the specification reads.
 */
import type { Capacity, Entry, Exception, Schedule, Weekday } from "../src/index.ts";

const MINUTE = 60_000;
const DAY = 1_440;
const NAMES: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** One minute of a zone. */
export interface Tick {
  readonly at: number;
  /** Highest wall clock so far, minutes. */
  readonly clock: number;
}

/** Reads a wall clock as if it were UTC. */
function wallClock(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  return (at) => Date.parse(`${format.format(at).replace(" ", "T")}Z`);
}

/** Every minute of a stretch of time; the clock is watched from three days before. */
export function watch(timeZone: string, fromMs: number, toMs: number): Tick[] {
  const read = wallClock(timeZone);
  const ticks: Tick[] = [];
  let clock = Number.NEGATIVE_INFINITY;
  // Two days earlier an hourly look is enough to know the highest reading.
  for (let at = fromMs - 3 * DAY * MINUTE; at < fromMs; at += 15 * MINUTE)
    clock = Math.max(clock, read(at));
  for (let at = fromMs; at < toMs; at += MINUTE) {
    clock = Math.max(clock, read(at));
    ticks.push({ at, clock: clock / MINUTE });
  }
  return ticks;
}

const iso = (day: number): string => new Date(day * DAY * MINUTE).toISOString().slice(0, 10);
const weekday = (day: number): number => new Date(day * DAY * MINUTE).getUTCDay();
const time = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

const listed = (dates: readonly string[], date: string): boolean =>
  dates.some((item) => {
    const [from = "", to = from] = item.split("..");
    return from <= date && date <= to;
  });

const WORDS: Readonly<Record<string, number>> = {
  ...{ sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6 },
  ...{
    jan: 1,
    feb: 2,
    mar: 3,
    apr: 4,
    may: 5,
    jun: 6,
    jul: 7,
    aug: 8,
    sep: 9,
    oct: 10,
    nov: 11,
    dec: 12,
  },
};

function fieldMatches(field: string, value: number, min: number, max: number): boolean {
  return field.split(",").some((part) => {
    const [range = "", step] = part.split("/");
    const of = (word: string): number => WORDS[word] ?? Number(word);
    let [low, high] = [min, max];
    if (range !== "*" && range !== "?") {
      const [a = "", b] = range.split("-");
      low = of(a);
      high = b === "sun" ? 7 : b !== undefined ? of(b) : step === undefined ? low : max;
    }
    return low <= value && value <= high && (value - low) % Number(step ?? 1) === 0;
  });
}

/** Whether a cron expression matches a civil minute. */
function cronMatches(text: string, minute: number): boolean {
  const [m = "", h = "", dom = "", mon = "", dow = ""] = text.toLowerCase().split(" ");
  const date = new Date(minute * MINUTE);
  const inMonthDay = fieldMatches(dom, date.getUTCDate(), 1, 31);
  const inWeekday =
    fieldMatches(dow, date.getUTCDay(), 0, 6) ||
    (date.getUTCDay() === 0 &&
      dow !== "*" &&
      dow !== "?" &&
      !dow.startsWith("*/") &&
      fieldMatches(dow, 7, 0, 7));
  const star = (field: string): boolean => field === "*" || field === "?";
  const day = star(dom) || star(dow) ? inMonthDay && inWeekday : inMonthDay || inWeekday;
  return (
    day &&
    fieldMatches(m, date.getUTCMinutes(), 0, 59) &&
    fieldMatches(h, date.getUTCHours(), 0, 23) &&
    fieldMatches(mon, date.getUTCMonth() + 1, 1, 12)
  );
}

const byDay = new Map<string, number[]>();

/** All firings in a range of civil minutes that begins at a midnight. */
function firings(text: string, from: number, to: number): number[] {
  const found: number[] = [];
  for (let midnight = from; midnight < to; midnight += DAY) {
    const key = `${text} ${midnight}`;
    let day = byDay.get(key);
    if (day === undefined) {
      // Noon stands for the day: whether a day matches does not depend on the time.
      const [, , ...dayFields] = text.split(" ");
      const happens = cronMatches(`* * ${dayFields.join(" ")}`, midnight + DAY / 2);
      const minutes = Array.from({ length: happens ? DAY : 0 }, (_, m) => midnight + m);
      day = minutes.filter((m) => cronMatches(text, m));
      byDay.set(key, day);
    }
    found.push(...day);
  }
  return found;
}

interface Window {
  readonly from: number;
  readonly to: number;
  readonly day: number;
}

/** All windows of one entry that start between two days, before exceptions. */
function windows(
  entry: Entry,
  firstDay: number,
  lastDay: number,
  borrowed: (day: number) => Weekday | undefined,
): Window[] {
  const found: Window[] = [];
  for (let day = firstDay; day <= lastDay; day++) {
    const midnight = day * DAY;
    if (entry.kind === "weekly" || entry.kind === "dated") {
      const start = time(entry.start ?? "00:00");
      const end = time(entry.end ?? "24:00");
      const span = entry.spanDays ?? (end <= start ? 1 : 0);
      const happens =
        entry.kind === "dated"
          ? listed(entry.dates, iso(day))
          : (entry.days ?? NAMES).includes(borrowed(day) ?? (NAMES[weekday(day)] as Weekday));
      if (happens) found.push({ from: midnight + start, to: midnight + span * DAY + end, day });
      continue;
    }
    const text = entry.kind === "cronMask" ? entry.during : entry.cron;
    const fires = firings(text, midnight, midnight + DAY);
    for (const minute of fires) {
      let to = minute + 1;
      if (entry.kind === "cron") to = minute + entry.forMinutes;
      if (entry.kind === "cronPair") {
        const closing = firings(entry.until, midnight, midnight + 33 * DAY).find((m) => m > minute);
        to = Math.min(closing ?? minute + 31 * DAY, minute + 31 * DAY);
      }
      found.push({ from: minute, to, day });
    }
  }
  return found;
}

interface Verdict {
  readonly drop: boolean;
  readonly as: Weekday | undefined;
  readonly capacity: Partial<Capacity> | undefined;
}

function verdictOn(entry: Entry, exceptions: readonly Exception[], day: number): Verdict {
  let verdict: Verdict = { drop: false, as: undefined, capacity: undefined };
  for (const { dates, entries = "*", action = "skip" } of exceptions) {
    if (!listed(dates, iso(day)) || (entries !== "*" && !entries.includes(entry.name))) continue;
    if (action === "skip") verdict = { ...verdict, drop: true, as: undefined };
    else if ("capacity" in action) verdict = { ...verdict, capacity: action.capacity };
    else if (entry.kind === "weekly") verdict = { ...verdict, drop: false, as: action.as };
  }
  return verdict;
}

/** What the oracle says at one minute. */
export interface Opinion extends Capacity {
  readonly active: readonly string[];
}

/** The oracle's answer for every tick of a zone; entries with a zone of their own need their own clocks. */
export function judge(schedule: Schedule, clocks: ReadonlyMap<string, readonly Tick[]>): Opinion[] {
  const zone = schedule.timeZone ?? "UTC";
  const order = schedule.entries
    .map((entry, position) => ({ entry, position }))
    .filter(({ entry }) => entry.enabled !== false)
    .sort((a, b) => (a.entry.priority ?? 0) - (b.entry.priority ?? 0) || a.position - b.position);
  const own = clocks.get(zone) ?? [];
  const opinions: Opinion[] = own.map(() => ({ ...schedule.default, active: [] }));
  for (const { entry } of order) {
    const ticks = clocks.get(entry.timeZone ?? zone) ?? [];
    const firstDay =
      Math.floor((ticks[0]?.clock ?? 0) / DAY) - (entry.kind === "cronPair" ? 32 : 9);
    const lastDay = Math.floor((ticks.at(-1)?.clock ?? 0) / DAY) + 1;
    const verdicts = new Map<number, Verdict>();
    for (let day = firstDay; day <= lastDay; day++)
      verdicts.set(day, verdictOn(entry, schedule.exceptions ?? [], day));
    const kept = windows(entry, firstDay, lastDay, (day) => verdicts.get(day)?.as).filter(
      ({ day }) => {
        const date = iso(day);
        const valid = (entry.validFrom ?? "") <= date && date <= (entry.validUntil ?? "9999");
        return valid && !verdicts.get(day)?.drop;
      },
    );
    // Ordinary windows first, then those an exception gave another capacity, in the order of the exceptions.
    const given = [
      undefined,
      ...(schedule.exceptions ?? []).flatMap(({ action }) =>
        typeof action === "object" && "capacity" in action ? [action.capacity] : [],
      ),
    ];
    const covered = given.map((capacity) => {
      const minutes = new Set<number>();
      let reached = Number.NEGATIVE_INFINITY;
      for (const { from, to, day } of kept) {
        if (verdicts.get(day)?.capacity !== capacity) continue;
        for (let minute = Math.max(from, reached); minute < to; minute++) minutes.add(minute);
        reached = Math.max(reached, to);
      }
      return { capacity, minutes };
    });
    for (const [index, { clock }] of ticks.entries()) {
      const open = covered.filter(({ minutes }) => minutes.has(Math.floor(clock)));
      if (open.length === 0) continue;
      const before = opinions[index] as Opinion;
      let { hot, stopped } = before;
      for (const { capacity } of open) {
        const wished = { ...entry.capacity, ...capacity };
        const meet = (value: number, wanted: number | undefined): number => {
          if (wanted === undefined) return value;
          if (entry.mode === "atLeast") return Math.max(value, wanted);
          return entry.mode === "atMost" ? Math.min(value, wanted) : wanted;
        };
        hot = meet(hot, wished.hot);
        stopped = meet(stopped, wished.stopped);
      }
      opinions[index] = { hot, stopped, active: [...before.active, entry.name] };
    }
  }
  const { min = {}, max = {} } = schedule;
  return opinions.map(({ hot, stopped, active }) => ({
    hot: Math.max(min.hot ?? 0, Math.min(max.hot ?? hot, hot)),
    stopped: Math.max(min.stopped ?? 0, Math.min(max.stopped ?? stopped, stopped)),
    active,
  }));
}
