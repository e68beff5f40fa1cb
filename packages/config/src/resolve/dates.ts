import { suggest } from "../cli/suggest.ts";
import type { FieldIssue } from "../issues/issue.ts";

type Path = readonly (string | number)[];

const written = /^\d{4}-\d{2}-\d{2}(?:\.\.\d{4}-\d{2}-\d{2})?$/;

/** What calendars there are. */
export interface Calendars {
  /** By name. */
  readonly dates: Readonly<Record<string, readonly string[]>>;
  readonly names: readonly string[];
}

/** Dates with the names of calendars among them replaced by what these hold. Whether dates exist is for scheduling to say. */
export function resolveDates(
  dates: readonly string[],
  calendars: Calendars,
  path: Path,
  problem: (issue: FieldIssue) => void,
): string[] {
  const found = dates.flatMap((date, index) => {
    if (written.test(date)) return [date];
    const held = Object.hasOwn(calendars.dates, date) ? calendars.dates[date] : undefined;
    if (held) return held;
    const suggestion = suggest(date, calendars.names);
    problem({
      rule: "unknown-calendar",
      severity: "error",
      message: `${JSON.stringify(date)} is neither a date like 2026-12-24, a range like 2026-12-24..2026-12-26, nor a calendar`,
      // A single one need not be in a list.
      path: dates.length === 1 ? path : [...path, index],
      ...(suggestion === undefined ? {} : { suggestion }),
    });
    return [];
  });
  // Told already; that then no date is left would be told a second time.
  return found.length > 0 ? found : [...(dates.length > 0 ? ["2000-01-01"] : [])];
}
