import { suggest } from "../cli/suggest.ts";
import { given } from "../resolve/given.ts";
import type { Fields } from "./fields.ts";
import { quoted, type TellLoss } from "./losses.ts";
import type { RunsOnEntry } from "./runs-on-form.ts";
import { dayMinutes, isCovered, overlaps, type WeekParts, weekParts, wholeWeek } from "./week.ts";

/** Numbers of machines. */
export interface Numbers {
  readonly hot: number;
  readonly stopped: number;
}

/** A schedule in our words. */
export interface TranslatedSchedule {
  /** What holds when no entry does. */
  readonly default: Numbers;
  /** Each with its place in their list. */
  readonly entries: readonly { readonly index: number; readonly fields: Fields }[];
  /** Most machines that are asked for at once, hot and stopped together. */
  readonly peak: number;
}

type Path = readonly (string | number)[];

/** When an entry holds, as read. */
interface Window {
  readonly when: Fields;
  readonly parts: WeekParts;
}

/** So that twice the peak is a number of machines as well. */
const mostMachines = 250_000;
/** The engine's. */
const longestName = 200;

const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/**
 * Translates a schedule. RunsOn does not say which of several entries wins, nor to which day the small hours of a night belong:
 * taken is that a later entry wins over an earlier one and any over the one without `match`, that days are those on which hours
 * begin, and that an end is not in its hours. Where another reading has other numbers, that is told.
 */
export function translateSchedule(
  schedule: readonly RunsOnEntry[],
  path: Path,
  tell: TellLoss,
): TranslatedSchedule {
  const names = new Set<string>();
  const windows: (Window & Numbers & { readonly index: number; readonly name: string })[] = [];
  let fallback: (Numbers & { readonly index: number }) | undefined;
  for (const [index, entry] of schedule.entries()) {
    const at = [...path, index];
    const numbers = numbersOf(entry, at, tell);
    const read = readWindow(entry, at, tell);
    if (read === "always") {
      if (fallback !== undefined) {
        const message =
          "A second entry without match: RunsOn does not say which holds; taken is the last";
        tell("ambiguous", at, message);
      }
      fallback = { ...numbers, index };
    } else if (read !== undefined) {
      windows.push({ ...read, ...numbers, index, name: uniqueName(entry.name, names, at, tell) });
    }
  }
  if (
    fallback === undefined &&
    !isCovered(
      wholeWeek,
      windows.map(({ parts }) => parts),
    )
  ) {
    const message =
      schedule.length === 0
        ? "Without a schedule it keeps no machines here; RunsOn does not say what it does"
        : "No entry is without match: where none holds there are no machines here; RunsOn does not say what it does";
    tell("ambiguous", path.slice(0, -1), message);
  }
  const priorities = prioritiesOf(windows, path, tell);
  tellHidden(windows, path, tell);
  const { hot = 0, stopped = 0 } = fallback ?? {};
  return {
    default: { hot, stopped },
    entries: windows.map(({ index, name, when, hot, stopped }, place) => ({
      index,
      fields: {
        name,
        ...when,
        ...given({ priority: priorities[place] || undefined }),
        hot,
        stopped,
      } as Fields,
    })),
    peak: Math.max(hot + stopped, ...windows.map((one) => one.hot + one.stopped)),
  };
}

/** An entry that never wins was hardly meant so: a hint that its author saw the first one win. */
function tellHidden(
  windows: readonly (Window & { readonly index: number })[],
  path: Path,
  tell: TellLoss,
): void {
  for (const [place, { parts, index }] of windows.entries()) {
    const later = windows.slice(place + 1).map((window) => window.parts);
    if (later.length === 0 || !isCovered(parts, later)) continue;
    const message =
      "Later entries hold at all its hours, so that it never does here: if it should, put it after them";
    tell("ambiguous", [...path, index], message);
  }
}

/** A priority above those that an entry wins over, where that makes a difference. */
function prioritiesOf(
  windows: readonly (Window & Numbers & { readonly index: number; readonly name: string })[],
  path: Path,
  tell: TellLoss,
): readonly number[] {
  const priorities: number[] = [];
  for (const [place, later] of windows.entries()) {
    let priority = 0;
    let beaten: string | undefined;
    for (let before = 0; before < place; before += 1) {
      const earlier = windows[before];
      if (earlier === undefined || !overlaps(earlier.parts, later.parts)) continue;
      if (earlier.hot === later.hot && earlier.stopped === later.stopped) continue;
      priority = Math.max(priority, (priorities[before] ?? 0) + 1);
      beaten ??= earlier.name;
    }
    priorities.push(priority);
    if (beaten !== undefined) {
      const message = `Overlaps ${quoted(beaten)}, with other numbers: RunsOn does not say which wins; here the later one does, by its priority`;
      tell("ambiguous", [...path, later.index], message);
    }
  }
  return priorities;
}

function numbersOf({ hot, stopped }: RunsOnEntry, at: Path, tell: TellLoss): Numbers {
  const most = (key: "hot" | "stopped", value: number): number => {
    if (value <= mostMachines) return value;
    tell("changed", [...at, key], `At most ${mostMachines} machines are asked for`);
    return mostMachines;
  };
  return { hot: most("hot", hot), stopped: most("stopped", stopped) };
}

function uniqueName(name: string, taken: Set<string>, at: Path, tell: TellLoss): string {
  let free = name.slice(0, longestName);
  for (let next = 2; taken.has(free); next += 1) {
    const end = ` ${next}`;
    free = name.slice(0, longestName - end.length) + end;
  }
  taken.add(free);
  if (free !== name)
    tell("changed", [...at, "name"], `Names differ within a schedule: it is ${quoted(free)} here`);
  return free;
}

function readWindow(
  { match }: RunsOnEntry,
  at: Path,
  tell: TellLoss,
): Window | "always" | undefined {
  const { day, time } = match ?? {};
  for (const [key, list] of [
    ["day", day],
    ["time", time],
  ] as const) {
    if (list?.length !== 0) continue;
    tell("ambiguous", [...at, "match", key], "An empty list: taken as if it were not there");
  }
  const named = day && day.length > 0 ? readDays(day, [...at, "match", "day"], tell) : undefined;
  const hours = time && time.length > 0 ? time : undefined;
  if (named === undefined && hours === undefined) return "always";
  if (named?.length === 0) {
    tell("dropped", at, "None of its days is one: it never holds, and is left out");
    return undefined;
  }
  const on = named ?? [0, 1, 2, 3, 4, 5, 6];
  const daysField = named === undefined ? {} : { days: dayText(named) };
  if (hours === undefined) return { when: daysField, parts: weekParts(on, 0, dayMinutes) };
  const timeAt = [...at, "match", "time"];
  const read = readHours(hours);
  if (read === undefined) {
    const message = `${quoted(hours.join(", "))} are no hours, which are two, from 00:00 to 24:00: the entry is left out`;
    tell("dropped", timeAt, message);
    return undefined;
  }
  const { start, end } = read;
  const isSame = start === end % dayMinutes && start !== 0;
  if (start === end % dayMinutes && hours[1] !== "24:00") {
    tell(
      "ambiguous",
      timeAt,
      "Both ends are the same: taken as 24 hours; RunsOn may take it as none",
    );
  }
  if (end > dayMinutes && on.length < 7) {
    const message =
      "Past midnight it goes on here whatever the day list says of the next day; RunsOn may look at the day of each moment";
    tell("ambiguous", timeAt, message);
  }
  if (end % dayMinutes === dayMinutes - 1) {
    const message = "The minute from 23:59 to 24:00 is not in it: write 24:00 if it should be";
    tell("ambiguous", timeAt, message);
  }
  const text = `${clock(start)}-${clock(end > dayMinutes ? end - dayMinutes : end)}`;
  const time24 = isSame ? { time: text, spanDays: 1 } : { time: text };
  return { when: { ...daysField, ...time24 } as Fields, parts: weekParts(on, start, end) };
}

/** Minutes from the midnight before the start. */
function readHours(
  written: readonly string[],
): { readonly start: number; readonly end: number } | undefined {
  if (written.length !== 2) return undefined;
  const [start = -1, end = -1] = written.map((text) => {
    const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
    if (hours === undefined || Number(minutes) > 59) return -1;
    return Number(hours) * 60 + Number(minutes);
  });
  if (start < 0 || end < 0 || start >= dayMinutes || end > dayMinutes) return undefined;
  return { start, end: end <= start ? end + dayMinutes : end };
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** Days from 0 for Monday, in order, each once. */
function readDays(written: readonly string[], at: Path, tell: TellLoss): readonly number[] {
  const found = new Set<number>();
  for (const [index, text] of written.entries()) {
    const word = text.trim().toLowerCase();
    const long = days.indexOf(word);
    const short = days.findIndex((day) => day.slice(0, 3) === word);
    if (long < 0 && short < 0) {
      const near = suggest(word, days);
      const hint = near === undefined ? "" : `; was ${near} meant?`;
      tell(
        "dropped",
        [...at, index],
        `${quoted(text)} is no day and is left out, as RunsOn may do without a word${hint}`,
      );
      continue;
    }
    if (long < 0) {
      tell(
        "ambiguous",
        [...at, index],
        `RunsOn's days have their long names; taken as ${days[short]}`,
      );
    }
    found.add(long < 0 ? short : long);
  }
  return [...found].sort((left, right) => left - right);
}

/** `mon-fri`, `sat-sun`, `mon`, or a list. */
function dayText(named: readonly number[]): string | readonly string[] {
  const short = named.map((day) => (days[day] ?? "").slice(0, 3));
  const [first = "", last = ""] = [short[0], short.at(-1)];
  const isRow = named.every((day, index) => index === 0 || day === (named[index - 1] ?? 0) + 1);
  if (short.length === 1) return first;
  return isRow ? `${first}-${last}` : short;
}
