import { dayOfDate } from "../report/clock.ts";

/** Schedules are for our time: farther away nobody knows what clocks will do. */
export const years = { first: 2000, last: 2099 } as const;

/**
 * The day of a date as somebody wrote it, days since 1970-01-01.
 *
 * @returns `undefined` for what is no date like `2026-12-24` of {@link years}.
 */
export function readDay(text: string): number | undefined {
  const year = Number(/^(\d{4})-\d\d-\d\d$/.exec(text)?.[1] ?? 0);
  return year < years.first || year > years.last ? undefined : dayOfDate(text);
}
