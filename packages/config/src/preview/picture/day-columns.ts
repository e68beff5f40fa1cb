import type { PoolWeek } from "../pool-week.ts";

/** Where the days of a picture lie: columns of the same width, however long the day is. */
export interface DayColumns {
  /** Left edge of the first day, pixels. */
  readonly left: number;
  /** Right edge of the last one. */
  readonly right: number;
  /** Width of a day. */
  readonly width: number;
  /** Where an instant lies, pixels from the left; what is outside lies at the edge. */
  x(atMs: number): number;
}

/** The columns of a week. */
export function dayColumns({ days }: PoolWeek, left: number, right: number): DayColumns {
  const width = (right - left) / Math.max(1, days.length);
  return {
    left,
    right,
    width,
    x: (atMs) => {
      const index = days.findIndex(({ toMs }) => atMs < toMs);
      const day = days[index];
      if (day === undefined) return right;
      const part = (atMs - day.fromMs) / (day.toMs - day.fromMs);
      return left + width * (index + Math.max(0, part));
    },
  };
}
