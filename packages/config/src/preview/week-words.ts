import { count } from "../report/format.ts";
import { capacityWords, type DayMark } from "./exceptions-on.ts";
import type { PoolDay, PoolWeek } from "./pool-week.ts";

/** What is said about a pool beside its picture, most important first. */
export function weekFacts({ pool, timeZone, peak, hours, changes }: PoolWeek): readonly string[] {
  const { os } = pool.shape;
  const most =
    changes.length === 0 ? `${capacityWords(peak)} all the time` : `up to ${capacityWords(peak)}`;
  return [
    timeZone,
    ...(os === "linux" ? [] : ["Windows"]),
    most,
    `${count(hours.hot)} hot and ${count(hours.stopped)} stopped machine-hours`,
    `limit ${count(pool.limits.machines)}`,
  ];
}

/** A change of the clock in words: `the clock is put 1 h forward`. */
export function clockChangeWords(byMs: number): string {
  const hours = Math.abs(byMs) / 3_600_000;
  return `the clock is put ${Number(hours.toFixed(2))} h ${byMs > 0 ? "forward" : "back"}`;
}

/** The same as a sign: `+1 h`. */
export function clockChangeSign(byMs: number): string {
  return `${byMs > 0 ? "+" : "−"}${Number((Math.abs(byMs) / 3_600_000).toFixed(2))} h`;
}

/** Days of a week that are not as every week, each with what is special: the same on days in a row is told once. */
export function specialDays(days: readonly PoolDay[]): readonly {
  readonly first: PoolDay;
  readonly last: PoolDay;
  readonly marks: readonly DayMark[];
}[] {
  const found: { first: PoolDay; last: PoolDay; marks: readonly DayMark[] }[] = [];
  const key = (marks: readonly DayMark[]): string => JSON.stringify(marks);
  days.forEach((day, index) => {
    if (day.marks.length === 0) return;
    const latest = found.at(-1);
    const follows = latest !== undefined && latest.last === days[index - 1];
    if (follows && key(latest.marks) === key(day.marks)) latest.last = day;
    else found.push({ first: day, last: day, marks: day.marks });
  });
  return found;
}

/** Days in a row: `Thu 24 Dec`, `Thu 24 Dec to Sat 26 Dec`. */
export function daysWords(first: PoolDay, last: PoolDay): string {
  return first === last ? first.name : `${first.name} to ${last.name}`;
}

/** What the numbers of a preview mean. */
export const meaning =
  "Hot and stopped are machines that are ready and unclaimed, in total; machines with jobs come on top. Leads and ramps are not drawn.";

/** The days of all weeks: `Mon 21 Dec 2026 to Sun 27 Dec 2026`; zones may be on different days. */
export function rangeWords(weeks: readonly PoolWeek[]): string {
  const days = weeks.flatMap((week) => week.days);
  const sorted = [...days].sort((one, other) => (one.date < other.date ? -1 : 1));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return "no days";
  const words = ({ name, date }: PoolDay): string => `${name} ${date.slice(0, 4)}`;
  return first.date === last.date ? words(first) : `${words(first)} to ${words(last)}`;
}
