/** So many calls in any minute, or in any window of another length. */
export interface MinuteBudget {
  /** Calls left now. */
  left(nowMs: number): number;
  /** Notes one call. */
  spend(nowMs: number): void;
  /** When one more is left again; `undefined`: now. */
  nextMs(nowMs: number): number | undefined;
}

const minuteMs = 60_000;

/**
 * GitHub's secondary limit is 900 points a minute at 5 points a registration, 180; and 10,000 registrations an hour, 166
 * a minute. A little below both. Source: GITHUB 1.4, FIELD-NOTES E.
 */
export const defaultMintsPerMinute = 160;

/** Questions about single jobs that a controller asks GitHub: what registrations and sweeps leave of the 900 points. */
export const lookupsPerMinute = 60;

/**
 * Makes a budget that nothing has been spent of: a sliding window, because a bucket would grant twice as much in its
 * first minute as GitHub does.
 *
 * @param most - Calls in any window.
 * @param windowMs - Length of the window, milliseconds.
 * @throws A `RangeError` unless `most` is positive; `Infinity` is no limit.
 */
export function createMinuteBudget(most: number, windowMs: number = minuteMs): MinuteBudget {
  if (!(most > 0)) throw new RangeError(`most must be positive: ${most}`);
  let spent: number[] = [];
  const trim = (nowMs: number): void => {
    const first = spent.findIndex((atMs) => atMs > nowMs - windowMs);
    if (first > 0) spent = spent.slice(first);
    else if (first < 0 && spent.length > 0) spent = [];
  };
  return {
    left: (nowMs) => {
      if (most === Number.POSITIVE_INFINITY) return most;
      trim(nowMs);
      return Math.max(0, most - spent.length);
    },
    spend: (nowMs) => {
      if (most !== Number.POSITIVE_INFINITY) spent.push(nowMs);
    },
    nextMs: (nowMs) => {
      trim(nowMs);
      const oldest = spent[0];
      return spent.length < most || oldest === undefined ? undefined : oldest + windowMs + 1;
    },
  };
}
