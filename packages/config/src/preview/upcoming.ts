import {
  type Capacity,
  compileSchedule,
  transitions,
  type ZoneSource,
} from "@runs-fleet/scheduling";
import type { FleetConfig } from "../parse-config.ts";
import { zoneData } from "./zone-data.ts";

/** A moment at which the schedule of a pool wants other numbers. */
export interface UpcomingChange {
  /** Epoch milliseconds; `after` holds from here on. */
  readonly atMs: number;
  /** Name of the pool. */
  readonly pool: string;
  /** What its schedule wants one millisecond earlier. */
  readonly before: Capacity;
  /** What it wants from this moment. */
  readonly after: Capacity;
  /** Entries of the schedule that begin or end here. */
  readonly causes: readonly string[];
}

/** What {@link upcoming} may be told. */
export interface UpcomingOptions {
  /** Most changes that are listed; the earliest of all pools are kept. @defaultValue 500 */
  readonly limit?: number;
  /** Time zones. @defaultValue the table of `@runs-fleet/scheduling/tzdata`, and what the runtime knows beside it */
  readonly zones?: ZoneSource;
}

/** Changes that are listed when nothing else is said. */
const defaultLimit = 500;

/**
 * What the schedules of all pools change strictly between two instants, earliest first; at the same instant in the order of the
 * pools. It is the calendar alone: what leads and ramps make of it depends on boot times that only a host knows.
 *
 * @param fromMs - Epoch milliseconds, exclusive.
 * @param toMs - Epoch milliseconds, exclusive.
 * @throws A `RangeError` when a bound is no instant.
 * @example
 * upcoming(config, nowMs, nowMs + 14 * 86_400_000, { limit: 20 });
 */
export function upcoming(
  { catalog }: Pick<FleetConfig, "catalog">,
  fromMs: number,
  toMs: number,
  { limit = defaultLimit, zones = zoneData() }: UpcomingOptions = {},
): readonly UpcomingChange[] {
  const changes = catalog.pools.flatMap(({ name, schedule }) => {
    const own: UpcomingChange[] = [];
    for (const change of transitions(compileSchedule(schedule, { zones }), fromMs, toMs)) {
      // No pool can have more of the earliest ones than there are to be.
      if (own.length >= limit) break;
      own.push({ ...change, pool: name });
    }
    return own;
  });
  // Sorting is stable, so pools keep their order within an instant.
  return changes.sort((one, other) => one.atMs - other.atMs).slice(0, Math.max(0, limit));
}
