import type { Capacity, Exception } from "../types/schedule.ts";
import { WEEKDAYS } from "./civil.ts";
import { expandDates } from "./rule.ts";

/** One exception as data. */
export interface ExceptionRule {
  /** Names it touches; `undefined` = all. */
  readonly names: ReadonlySet<string> | undefined;
  /** Drops windows. */
  readonly skip: boolean;
  /** Weekday whose hours replace the day's own, or -1. */
  readonly as: number;
  /** Replaces fields of the capacity. */
  readonly capacity: Partial<Capacity> | undefined;
}

/** Exceptions by date. */
export type ExceptionCalendar = ReadonlyMap<number, readonly ExceptionRule[]>;

/** What the exceptions make of one entry on one date. */
export interface DayPlan {
  readonly skip: boolean;
  /** Weekday whose hours hold, or -1 for the day's own. */
  readonly as: number;
  /** The rule whose capacity holds. */
  readonly override: ExceptionRule | undefined;
}

const ORDINARY: DayPlan = { skip: false, as: -1, override: undefined };

function ruleOf({ action = "skip", entries = "*" }: Exception): ExceptionRule {
  const change = action === "skip" ? undefined : action;
  return {
    names: entries === "*" ? undefined : new Set(entries),
    skip: change === undefined,
    as: change && "as" in change ? WEEKDAYS.indexOf(change.as) : -1,
    capacity: change && "capacity" in change ? change.capacity : undefined,
  };
}

/**
 * Files exceptions under their dates, in list order.
 *
 * @throws A `RangeError` when {@link parseSchedule} would have refused one.
 */
export function compileExceptions(
  exceptions: readonly Exception[],
): ReadonlyMap<number, ExceptionRule[]> {
  const calendar = new Map<number, ExceptionRule[]>();
  for (const exception of exceptions) {
    const rule = ruleOf(exception);
    for (const day of expandDates(exception, exception.dates)) {
      const filed = calendar.get(day);
      if (filed) filed.push(rule);
      else calendar.set(day, [rule]);
    }
  }
  return calendar;
}

/** Whether an exception touches an entry. */
export const touches = (rule: ExceptionRule, name: string): boolean =>
  rule.names === undefined || rule.names.has(name);

/**
 * What holds for an entry on a date. Whether it happens and with what capacity are separate questions; in each the
 * later exception wins, so a holiday inside a release week stays a holiday.
 */
export function planDay(
  calendar: ExceptionCalendar,
  name: string,
  weekly: boolean,
  day: number,
): DayPlan {
  const rules = calendar.get(day);
  if (rules === undefined) return ORDINARY;
  let { skip, as, override } = ORDINARY;
  for (const rule of rules) {
    if (!touches(rule, name)) continue;
    if (rule.skip || (rule.as >= 0 && weekly)) ({ skip, as } = rule);
    else if (rule.capacity) override = rule;
  }
  return { skip, as, override };
}
