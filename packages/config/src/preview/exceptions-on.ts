import { type Exception, type Schedule, WEEKDAY_NAMES } from "@runs-fleet/scheduling";
import { count } from "../report/format.ts";

/** Whether a date, or a range of them, holds a date. Written as ISO 8601 has it, dates are in the order of their letters. */
function holds(written: string, date: string): boolean {
  const [first = "", last = first] = written.split("..");
  return first <= date && date <= last;
}

/**
 * What a schedule says of a date that it does not say of every week: its exceptions, in the order in which they are applied.
 *
 * @param date - `YYYY-MM-DD`, in the zone of the entry that is meant.
 * @param entry - Only those that touch this entry. Absent: all.
 */
export function exceptionsOn(
  { exceptions = [] }: Schedule,
  date: string,
  entry?: string,
): readonly Exception[] {
  return exceptions.filter(
    ({ dates, entries = "*" }) =>
      (entry === undefined || entries === "*" || entries.includes(entry)) &&
      dates.some((written) => holds(written, date)),
  );
}

/** Something about a day that is not so every week. */
export interface DayMark {
  /** Name of the exception, or of the entry for dates. */
  readonly name: string;
  /** What it does, as a predicate: `skips office`. */
  readonly words: string;
}

/** `a`, `a and b`, `a, b and 3 more`. */
function list(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? "nothing";
  const [first = "", second = ""] = names;
  return names.length === 2
    ? `${first} and ${second}`
    : `${first}, ${second} and ${names.length - 2} more`;
}

/** What an exception does: `skips office`, `has office as on Sunday`, `has office with 40 hot`. */
export function exceptionWords({ action = "skip", entries = "*" }: Exception): string {
  const names = entries === "*" ? "all windows" : list(entries);
  if (action === "skip") return `skips ${names}`;
  if ("as" in action) return `has ${names} as on ${WEEKDAY_NAMES[action.as]}`;
  return `has ${names} with ${capacityWords(action.capacity)}`;
}

/** `5 hot`, `5 hot and 10 stopped`; what is not said is left out. */
export function capacityWords({
  hot,
  stopped,
}: {
  readonly hot?: number | undefined;
  readonly stopped?: number | undefined;
}): string {
  const parts = [
    ...(hot === undefined ? [] : [`${count(hot)} hot`]),
    ...(stopped === undefined ? [] : [`${count(stopped)} stopped`]),
  ];
  return parts.length === 0 ? "no number of its own" : parts.join(" and ");
}

/** All that is special about a date: exceptions, and entries for dates that begin on it. */
export function marksOn(schedule: Schedule, date: string): readonly DayMark[] {
  const exceptions = exceptionsOn(schedule, date).map((exception) => ({
    name: exception.name,
    words: exceptionWords(exception),
  }));
  const dated = schedule.entries.flatMap((entry) =>
    entry.kind === "dated" &&
    entry.enabled !== false &&
    entry.dates.some((written) => holds(written, date))
      ? [{ name: entry.name, words: `wants ${capacityWords(entry.capacity)}` }]
      : [],
  );
  return [...exceptions, ...dated];
}
