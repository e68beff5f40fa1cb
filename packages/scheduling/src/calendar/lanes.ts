import type { Capacity, Entry, Schedule } from "../types/schedule.ts";
import { DAY_MINUTES, parseDate, weekdayOf } from "./civil.ts";
import {
  compileExceptions,
  type ExceptionCalendar,
  type ExceptionRule,
  planDay,
  touches,
} from "./exceptions.ts";
import {
  compileRule,
  firstAfter,
  invalid,
  needed,
  nextFiring,
  PAIR_CAP_MINUTES,
  type Rule,
  startsOn,
} from "./rule.ts";

/** Most lanes of one schedule: entries, plus one for every capacity an exception gives to an entry. */
export const MAX_LANES = 11_000;

/**
 * One entry with one capacity. An entry whose capacity an exception changes on some dates has a second lane for
 * those dates, so that the fold needs to know nothing about dates.
 */
export interface Lane {
  /** Name of the entry. */
  readonly name: string;
  /** The entry as written. */
  readonly entry: Entry;
  /** Index of its zone. */
  readonly zone: number;
  /** Applied in ascending order. */
  readonly priority: number;
  readonly capacity: Partial<Capacity>;
  readonly rule: Rule;
  /** The exception that made this lane; `undefined` = the entry's ordinary days. */
  readonly override: ExceptionRule | undefined;
  /** First and last start date. */
  readonly firstDay: number;
  readonly lastDay: number;
}

/** The calendar of a whole schedule, in fold order. */
export interface Calendar {
  readonly lanes: readonly Lane[];
  readonly exceptions: ExceptionCalendar;
  /** Zone ids; {@link Lane.zone} points here. The first is the schedule's own. */
  readonly zones: readonly string[];
}

const boundary = (entry: Entry, text: string | undefined, missing: number): number =>
  text === undefined ? missing : needed(parseDate(text), entry);

/** Splits a schedule into lanes, in the order in which they are applied. */
export function compileLanes(schedule: Schedule): Calendar {
  const own = schedule.timeZone ?? "UTC";
  const zones = [own];
  const lanes: Lane[] = [];
  const exceptions = compileExceptions(schedule.exceptions ?? []);
  const overrides = [...new Set([...exceptions.values()].flat())].filter((rule) => rule.capacity);
  for (const entry of schedule.entries) {
    if (entry.enabled === false) continue;
    const id = entry.timeZone ?? own;
    const known = zones.indexOf(id);
    const base: Lane = {
      name: entry.name,
      entry,
      zone: known < 0 ? zones.push(id) - 1 : known,
      priority: entry.priority ?? 0,
      capacity: entry.capacity,
      override: undefined,
      rule: compileRule(entry),
      firstDay: boundary(entry, entry.validFrom, -Infinity),
      lastDay: boundary(entry, entry.validUntil, Infinity),
    };
    lanes.push(base);
    for (const override of overrides) {
      if (!touches(override, entry.name)) continue;
      lanes.push({ ...base, override, capacity: { ...entry.capacity, ...override.capacity } });
    }
    if (lanes.length > MAX_LANES) throw invalid(entry);
  }
  // The sort is stable: at equal priority the list order stays.
  lanes.sort((a, b) => a.priority - b.priority);
  return { lanes, exceptions, zones };
}

/** Receives a window: civil minutes since 1970-01-01 on the lane's own timeline, and its start date. */
export type OnWindow = (start: number, end: number, day: number) => void;

/** Calls `onWindow` for every window of a lane that starts on the given days, in order of their start. */
export function eachWindow(
  { exceptions }: Calendar,
  lane: Lane,
  fromDay: number,
  toDay: number,
  onWindow: OnWindow,
): void {
  const { rule, override } = lane;
  let closing = -Infinity;
  const last = Math.min(toDay, lane.lastDay);
  for (let day = Math.max(fromDay, lane.firstDay); day <= last; day++) {
    const plan = planDay(exceptions, lane.name, rule.weekly, day);
    if (plan.skip || plan.override !== override) continue;
    if (!startsOn(rule, day, plan.as >= 0 ? plan.as : weekdayOf(day))) continue;
    const midnight = day * DAY_MINUTES;
    if (rule.cron && rule.until) {
      const { minutes } = rule.cron;
      for (let next = 0; next < minutes.length; ) {
        // All openings before the same closing make one window.
        const start = midnight + (minutes[next] as number);
        // What closed the window before closes this one as well, when it was found and lies ahead.
        if (closing <= start || closing === Infinity) closing = nextFiring(rule.until, start);
        next = firstAfter(minutes, closing - 1 - midnight);
        const lastStart = midnight + (minutes[next - 1] as number);
        onWindow(start, Math.min(closing, lastStart + PAIR_CAP_MINUTES), day);
      }
    } else {
      for (let run = 0; run < rule.runs.length; run += 2) {
        onWindow(
          midnight + (rule.runs[run] as number),
          midnight + (rule.runs[run + 1] as number),
          day,
        );
      }
    }
  }
}
