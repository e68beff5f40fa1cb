import {
  type Compiled,
  compileSchedule,
  type Evaluation,
  type Exception,
  evaluate,
  transitions,
  WEEKDAY_NAMES,
} from "@runs-fleet/scheduling";
import { civilDayOf } from "./civil-date.ts";
import type { ZoneClock } from "./zone-clock.ts";

/** How far ahead exceptions are told, days. */
const daysAhead = 7;
const dayMs = 86_400_000;
/** Most exceptions that are looked at: each costs a schedule without it. */
const mostExceptions = 5;
/** Most moments at which two schedules are compared. */
const mostMoments = 2_000;

/** The exceptions of the coming week in words, and until when the words hold. */
export interface ExceptionOutlook {
  /** One clause for each, soonest first: `exception de on Thursday: office is skipped`. */
  readonly clauses: readonly string[];
  /** Epoch milliseconds. */
  readonly untilMs: number;
}

/** The days from `first` to `last` on which an exception says something. */
function daysOf({ dates }: Exception, first: number, last: number): readonly number[] {
  const days = new Set<number>();
  for (const text of dates) {
    const [from = "", to = from] = text.split("..");
    const end = Math.min(last, civilDayOf(to));
    for (let day = Math.max(first, civilDayOf(from)); day <= end; day++) days.add(day);
  }
  return [...days].sort((one, other) => one - other);
}

/** What an exception changes in a range: the days, and the entries that are there or not because of it. */
interface Effect {
  /** Absent: it changes nothing. */
  readonly firstMs?: number;
  /** When either schedule changes next, epoch milliseconds. */
  readonly nextMs: number;
  readonly days: ReadonlySet<number>;
  readonly dropped: ReadonlySet<string>;
  readonly touched: ReadonlySet<string>;
}

function effectOf(
  withIt: Compiled,
  without: Compiled,
  clock: ZoneClock,
  fromMs: number,
  toMs: number,
): Effect {
  const moments = [fromMs];
  for (const schedule of [withIt, without]) {
    for (const { atMs } of transitions(schedule, fromMs, toMs, { on: "entry" })) {
      moments.push(atMs);
      if (moments.length > mostMoments) break;
    }
  }
  moments.sort((one, other) => one - other);
  let firstMs: number | undefined;
  const days = new Set<number>();
  const dropped = new Set<string>();
  const touched = new Set<string>();
  moments.forEach((atMs, index) => {
    const here = evaluate(withIt, atMs);
    const there = evaluate(without, atMs);
    if (here.hot === there.hot && here.stopped === there.stopped) return;
    firstMs ??= atMs;
    const endMs = Math.min(toMs, moments[index + 1] ?? toMs);
    for (let day = clock.day(atMs); day <= clock.day(Math.max(atMs, endMs - 1)); day++)
      days.add(day);
    for (const name of missing(there, here)) dropped.add(name);
    for (const name of here.active) touched.add(name);
  });
  const nextMs = moments[1] ?? toMs;
  return { ...(firstMs === undefined ? {} : { firstMs }), nextMs, days, dropped, touched };
}

function missing(from: Evaluation, of: Evaluation): readonly string[] {
  return from.active.filter((name) => !of.active.includes(name));
}

/** `a`, `a and b`, `a, b and 3 more`. */
function list(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? "";
  if (names.length === 2) return `${names[0]} and ${names[1]}`;
  return `${names[0]}, ${names[1]} and ${names.length - 2} more`;
}

function actionWords({ action = "skip", entries }: Exception, effect: Effect): string {
  if (action === "skip") {
    const names = [...effect.dropped];
    return names.length === 0
      ? "windows are skipped"
      : `${list(names)} ${names.length === 1 ? "is" : "are"} skipped`;
  }
  if ("as" in action) return `as on ${WEEKDAY_NAMES[action.as]}`;
  const concerned = [...effect.touched].filter(
    (name) => entries === undefined || entries === "*" || entries.includes(name),
  );
  const { hot, stopped } = action.capacity;
  const wants = [
    ...(hot === undefined ? [] : [`${hot} ready`]),
    ...(stopped === undefined ? [] : [`${stopped} stopped`]),
  ].join(" and ");
  const one = concerned.length === 1;
  return `${list(concerned) || "it"} ${one || concerned.length === 0 ? "wants" : "want"} ${wants}`;
}

/** `today`, `on Thursday`, `from Thursday to Saturday`. */
function daysWords(days: readonly number[], clock: ZoneClock, nowMs: number): string {
  const [first = 0] = days;
  const last = days.at(-1) ?? first;
  if (first === last) return clock.dayWords(first, nowMs);
  const bare = (day: number): string => clock.dayWords(day, nowMs).replace(/^on /, "");
  return days.length === 2 && last - first === 1
    ? `${clock.dayWords(first, nowMs)} and ${bare(last)}`
    : `from ${bare(first)} to ${bare(last)}`;
}

function outlookOf(compiled: Compiled, clock: ZoneClock, nowMs: number): ExceptionOutlook {
  const { schedule, smoothing } = compiled;
  const { exceptions = [] } = schedule;
  const today = clock.day(nowMs);
  // A window that began yesterday may still be open, and an entry may have a zone of its own.
  const near = exceptions
    .map((exception, index) => ({
      exception,
      index,
      days: daysOf(exception, today - 2, today + daysAhead),
    }))
    .filter(({ days }) => days.length > 0)
    .sort((one, other) => (one.days[0] ?? 0) - (other.days[0] ?? 0))
    .slice(0, mostExceptions);
  const toMs = nowMs + daysAhead * dayMs;
  let untilMs = clock.dayEndMs(nowMs);
  const found = near.flatMap(({ exception, index, days }) => {
    const others = exceptions.filter((_, at) => at !== index);
    const without = compileSchedule({ ...schedule, exceptions: others }, { smoothing });
    const effect = effectOf(compiled, without, clock, nowMs, toMs);
    const { firstMs, nextMs } = effect;
    untilMs = Math.min(untilMs, nextMs);
    if (firstMs === undefined) return [];
    const named = days.filter((day) => effect.days.has(day));
    const shown = named.length > 0 ? named : [clock.day(firstMs)];
    const words = `exception ${exception.name} ${daysWords(shown, clock, nowMs)}: ${actionWords(exception, effect)}`;
    return [{ atMs: firstMs, words }];
  });
  found.sort((one, other) => one.atMs - other.atMs);
  return { clauses: found.map(({ words }) => words), untilMs };
}

const outlooks = new WeakMap<Compiled, ExceptionOutlook & { readonly sinceMs: number }>();

/** Exceptions of the coming seven days that change something, remembered for as long as the words hold. */
export function exceptionOutlook(
  compiled: Compiled,
  clock: ZoneClock,
  nowMs: number,
): ExceptionOutlook {
  if ((compiled.schedule.exceptions ?? []).length === 0) return { clauses: [], untilMs: nowMs };
  const known = outlooks.get(compiled);
  if (known && known.sinceMs <= nowMs && nowMs < known.untilMs) return known;
  const made = { ...outlookOf(compiled, clock, nowMs), sinceMs: nowMs };
  outlooks.set(compiled, made);
  return made;
}
