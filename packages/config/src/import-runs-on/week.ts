/** Minutes of a day. */
export const dayMinutes = 1_440;
const weekMinutes = 7 * dayMinutes;

/** Minutes of the week from Monday 00:00, each `[from, to)` within the week, in order. */
export type WeekParts = readonly (readonly [from: number, to: number])[];

/**
 * When a window holds in a week without a change of the clocks.
 *
 * @param days - On which it begins, 0 for Monday.
 * @param start - Minutes from midnight.
 * @param end - Minutes from the same midnight; over 1,440 on the next day.
 */
export function weekParts(days: readonly number[], start: number, end: number): WeekParts {
  const parts: (readonly [number, number])[] = [];
  for (const day of days) {
    const from = day * dayMinutes + start;
    const to = day * dayMinutes + end;
    if (to <= weekMinutes) parts.push([from, to]);
    // What ends on Monday has begun on Sunday.
    else parts.push([from, weekMinutes], [0, to - weekMinutes]);
  }
  return parts.sort(([left], [right]) => left - right);
}

/** Whether both hold at some minute. */
export function overlaps(left: WeekParts, right: WeekParts): boolean {
  let l = 0;
  let r = 0;
  for (;;) {
    const [a, b] = [left[l], right[r]];
    if (a === undefined || b === undefined) return false;
    if (a[0] < b[1] && b[0] < a[1]) return true;
    if (a[1] <= b[1]) l += 1;
    else r += 1;
  }
}

/** Whether at every minute of this at least one of the others holds. */
export function isCovered(parts: WeekParts, others: readonly WeekParts[]): boolean {
  const all = others.flat().sort(([left], [right]) => left - right);
  return parts.every(([from, to]) => {
    let reached = from;
    for (const [start, end] of all) {
      if (start > reached) break;
      reached = Math.max(reached, end);
    }
    return reached >= to;
  });
}

/** All of the week. */
export const wholeWeek: WeekParts = [[0, weekMinutes]];
