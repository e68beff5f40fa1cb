import type { PoolWeek } from "../pool-week.ts";
import type { DayColumns } from "./day-columns.ts";
import type { Scale } from "./scale.ts";

/** What the parts of a drawing share. */
export interface Frame {
  /** What is drawn. */
  readonly week: PoolWeek;
  /** Its days. */
  readonly columns: DayColumns;
  /** Its heights. */
  readonly scale: Scale;
  /** Upper edge of the picture, pixels. */
  readonly top: number;
  /** Lower edge of it, where there are no machines. */
  readonly bottom: number;
  /** Where a number of machines lies, pixels from above. */
  y(machines: number): number;
}
