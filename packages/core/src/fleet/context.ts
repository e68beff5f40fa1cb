import type { Catalog } from "../routing/catalog.ts";
import type { Timings } from "./timings.ts";

/** What decisions are made from besides the records: plain data, the same for all decisions of one pass. */
export interface FleetContext {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly environment: string;
  /** The region of this shard. */
  readonly region: string;
  readonly catalog: Catalog;
  readonly timings: Timings;
  /** What becomes of idle machines that their provider may soon take away. Absent: they are replaced. */
  readonly rebalance?: "replace-idle" | "ignore";
  /** The 95th percentile of boot times by pool, milliseconds; a pool that little is known of is absent. */
  readonly bootMs?: ReadonlyMap<string, number>;
}
