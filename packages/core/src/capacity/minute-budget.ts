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
 * @param windowMs - Length of the window, milliseconds.
 * @throws A `RangeError` unless `perMinute` is positive; `Infinity` is no limit.
 */
export function createMinuteBudget(perMinute: number, windowMs: number = minuteMs): MinuteBudget {
  if (!(perMinute > 0)) throw new RangeError(`perMinute must be positive: ${perMinute}`);
  let spent: number[] = [];
  const trim = (nowMs: number): void => {
    const first = spent.findIndex((atMs) => atMs > nowMs - windowMs);
    if (first > 0) spent = spent.slice(first);
    else if (first < 0 && spent.length > 0) spent = [];
  };
  return {
    left: (nowMs) => {
      if (perMinute === Number.POSITIVE_INFINITY) return perMinute;
      trim(nowMs);
      return Math.max(0, perMinute - spent.length);
    },
    spend: (nowMs) => {
      if (perMinute !== Number.POSITIVE_INFINITY) spent.push(nowMs);
    },
    nextMs: (nowMs) => {
      trim(nowMs);
      const oldest = spent[0];
      return spent.length < perMinute || oldest === undefined ? undefined : oldest + windowMs + 1;
    },
  };
}
