import { civilDate, WEEKDAYS, weekdayOf } from "./civil.ts";

/** A cron expression as sets: bit `n` of a mask stands for the value `n`. */
export interface Cron {
  /** Minutes of the day at which it fires, ascending. */
  readonly minutes: readonly number[];
  /** Days of the month, bits 1 to 31. */
  readonly days: number;
  /** Months, bits 1 to 12. */
  readonly months: number;
  /** Weekdays, bits 0 to 6, 0 = Sunday. */
  readonly weekdays: number;
  /** Both day fields are restricted, so either may match. */
  readonly eitherDay: boolean;
}

const MONTHS = [
  ...["jan", "feb", "mar", "apr", "may", "jun"],
  ...["jul", "aug", "sep", "oct", "nov", "dec"],
];

const YEARLY = "0 0 1 1 *";
const DAILY = "0 0 * * *";

const NICKNAMES: Readonly<Record<string, string>> = {
  "@yearly": YEARLY,
  "@annually": YEARLY,
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": DAILY,
  "@midnight": DAILY,
  "@hourly": "0 * * * *",
};

/** What is wrong with a cron expression. */
export interface CronProblem {
  /** `fields`: not five; `nickname`: unknown; else what is wrong with `part`. */
  readonly problem: "fields" | "nickname" | "value" | "order" | "step";
  /** The part of the expression. */
  readonly part: string;
  /** Index of its field. */
  readonly field: number;
}

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

/** Bounds of the five fields. */
export const CRON_FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 7, names: WEEKDAYS },
];

const fieldValue = (text: string, { min, max, names }: Field, isEnd: boolean): number => {
  const named = names?.indexOf(text) ?? -1;
  // As the end of a range, `sun` is the last day of the week, so that `sat-sun` means what it says.
  if (named >= 0) return names === WEEKDAYS && isEnd && named === 0 ? 7 : named + min;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return value >= min && value <= max ? value : -1;
};

/** The values one field allows, or what is wrong with it. */
function parseField(text: string, index: number): ReadonlySet<number> | CronProblem {
  const field = CRON_FIELDS[index] as Field;
  const { min, max, names } = field;
  const allowed = new Set<number>();
  for (const part of text.split(",")) {
    const wrong = (problem: CronProblem["problem"]): CronProblem => ({
      problem,
      part,
      field: index,
    });
    const [range = "", stepText, extraStep] = part.split("/");
    const [fromText = "", toText, extraBound] = range.split("-");
    const all = range === "*" || range === "?";
    const from = all ? min : fieldValue(fromText, field, false);
    const open = all || (toText === undefined && stepText !== undefined);
    // `*` over weekdays ends at 6: 7 is the second name of Sunday, not an eighth day.
    const last = names === WEEKDAYS ? 6 : max;
    const to = open ? last : fieldValue(toText ?? fromText, field, toText !== undefined);
    const step = stepText === undefined ? 1 : /^\d{1,2}$/.test(stepText) ? Number(stepText) : 0;
    if (from < 0 || to < 0 || extraStep !== undefined || extraBound !== undefined) {
      return wrong("value");
    }
    if (to < from) return wrong("order");
    if (step < 1 || step > max) return wrong("step");
    for (let value = from; value <= to; value += step) {
      allowed.add(names === WEEKDAYS ? value % 7 : value);
    }
  }
  return allowed;
}

const maskOf = (values: ReadonlySet<number>): number =>
  [...values].reduce((mask, value) => mask | (1 << value), 0);

type FiveSets = [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];

/**
 * Reads a cron expression of five fields, or a nickname such as `@daily`.
 *
 * @returns The expression, or what is wrong with it.
 */
export function parseCron(text: string): Cron | CronProblem {
  const lower = text.trim().toLowerCase();
  const named = lower.startsWith("@");
  const fields = ((named && NICKNAMES[lower]) || lower).split(/\s+/);
  if (fields.length !== 5) {
    return { problem: named ? "nickname" : "fields", part: lower, field: 0 };
  }
  const sets = fields.map(parseField);
  const wrong = sets.find((set) => "problem" in set);
  if (wrong) return wrong as CronProblem;
  const [minute, hour, days, months, weekdays] = sets as FiveSets;
  const minutes: number[] = [];
  const ascending = [...minute].sort((left, right) => left - right);
  for (let hours = 0; hours < 24; hours++) {
    if (hour.has(hours)) minutes.push(...ascending.map((past) => hours * 60 + past));
  }
  const restricted = (field: string | undefined): boolean => field !== "*" && field !== "?";
  return {
    minutes,
    days: maskOf(days),
    months: maskOf(months),
    weekdays: maskOf(weekdays),
    eitherDay: restricted(fields[2]) && restricted(fields[4]),
  };
}

/** Whether a cron expression fires on a civil day. */
export function firesOn(cron: Cron, day: number): boolean {
  const weekday = (cron.weekdays >> weekdayOf(day)) & 1;
  if (!cron.eitherDay && weekday === 0) return false;
  const date = civilDate(day);
  if (((cron.months >> date.month) & 1) === 0) return false;
  const inMonth = (cron.days >> date.day) & 1;
  return cron.eitherDay ? (inMonth | weekday) === 1 : inMonth === 1;
}

/** Longest length of each month, bit positions 1 to 12. */
const LONGEST = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Whether there is any day on which it fires: `0 0 30 2 *` has none. */
export const everFires = (cron: Cron): boolean =>
  cron.eitherDay ||
  LONGEST.some(
    (length, month) => (cron.months >> month) & 1 && (cron.days & ((2 << length) - 1) & ~1) !== 0,
  );
