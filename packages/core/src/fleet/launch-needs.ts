import type { PoolTarget } from "../pools/pool-target.ts";
import type { PoolConfig } from "../routing/catalog.ts";
import type { Shape } from "../routing/shape.ts";
import type { FleetContext } from "./context.ts";
import type { FleetView, Stock } from "./fleet-view.ts";
import type { JobRecord, MachineRecord } from "./records.ts";
import { replacementPace, wearOf } from "./replacement.ts";
import { fitOf } from "./route-demand.ts";

/** Why machines are bought: for jobs that wait, for a tier of a pool, or for the place of one that is to go. */
export const launchReasons = [
  "demand",
  "hot",
  "stopped",
  "replacement",
  "stopped-replacement",
] as const;

/** One of {@link launchReasons}. */
export type LaunchReason = (typeof launchReasons)[number];

/** Whether a machine that was bought for this reason is stopped as soon as it is ready. */
export function isForStopped(reason: string): boolean {
  return reason === "stopped" || reason === "stopped-replacement";
}

/** What one fit is wanted for. */
export interface Want {
  readonly fit: string;
  readonly shape: Shape;
  readonly pool?: PoolConfig;
  /** Jobs that no machine is there for, oldest first. */
  readonly jobs: JobRecord[];
  readonly hot: number;
  readonly stopped: number;
}

/** What is there of one fit that a plan of launches looks at more closely than {@link Stock}. */
export interface Shelf {
  /** Stopped machines in the order in which they are started. */
  readonly stopped: readonly MachineRecord[];
  /** Ready machines that are to be replaced. */
  readonly wornReady: number;
  /** Stopped machines that are to be replaced. */
  readonly wornStopped: number;
}

/** What of a fit is started, and what is bought if nothing limits it. */
export interface Need {
  readonly starts: readonly MachineRecord[];
  readonly missing: Readonly<Record<LaunchReason, number>>;
}

/** Fits whose oldest job waits longest come first; those without jobs last, by name. */
function byOldestJob(left: Want, right: Want): number {
  const leftAge = left.jobs[0]?.createdAtMs ?? Number.POSITIVE_INFINITY;
  const rightAge = right.jobs[0]?.createdAtMs ?? Number.POSITIVE_INFINITY;
  if (leftAge !== rightAge) return leftAge < rightAge ? -1 : 1;
  return left.fit < right.fit ? -1 : 1;
}

/** What every fit is wanted for: by pools, by jobs. */
export function wantsOf(
  unserved: readonly JobRecord[],
  targets: readonly PoolTarget[],
  catalog: FleetContext["catalog"],
): Want[] {
  const wants = new Map<string, Want>();
  for (const { pool, hot, stopped } of targets) {
    const fit = fitOf({ pool: pool.name, shape: pool.shape });
    wants.set(fit, { fit, shape: pool.shape, pool, jobs: [], hot, stopped });
  }
  for (const job of unserved) {
    const { fit, placement } = job;
    if (fit === undefined || placement === undefined) continue;
    const want = wants.get(fit);
    if (want) {
      want.jobs.push(job);
      continue;
    }
    const pool = catalog.pools.find(({ name }) => name === placement.pool);
    const shape = pool?.shape ?? placement.shape;
    wants.set(fit, { fit, shape, ...(pool ? { pool } : {}), jobs: [job], hot: 0, stopped: 0 });
  }
  return [...wants.values()].sort(byOldestJob);
}

/** Machines that are up to date are started first, then the one that was stopped first. */
function inStartOrder(
  { pool }: Want,
  context: FleetContext,
): (left: MachineRecord, right: MachineRecord) => number {
  const wears = (machine: MachineRecord): number =>
    pool && wearOf(machine, pool, context) ? 1 : 0;
  return (left, right) =>
    wears(left) - wears(right) || left.sinceMs - right.sinceMs || (left.id < right.id ? -1 : 1);
}

/** Reads every machine once and answers what there is of each of the wanted fits. */
export function shelvesOf(
  view: FleetView,
  wants: readonly Want[],
  context: FleetContext,
): ReadonlyMap<string, Shelf> {
  const shelves = new Map<
    string,
    { want: Want; stopped: MachineRecord[]; wornReady: number; wornStopped: number }
  >();
  for (const want of wants) {
    shelves.set(want.fit, { want, stopped: [], wornReady: 0, wornStopped: 0 });
  }
  for (const machine of view.machines.values()) {
    const { state, fit } = machine;
    if (state !== "ready" && state !== "stopped") continue;
    const shelf = shelves.get(fit);
    if (!shelf) continue;
    const worn = shelf.want.pool && wearOf(machine, shelf.want.pool, context) ? 1 : 0;
    if (state === "ready") shelf.wornReady += worn;
    else {
      shelf.stopped.push(machine);
      shelf.wornStopped += worn;
    }
  }
  for (const { want, stopped } of shelves.values()) {
    if (stopped.length > 1) stopped.sort(inStartOrder(want, context));
  }
  return shelves;
}

/**
 * What one fit lacks: `max(0, demand + hot + stopped - ready - coming - stopped - stopping)`, and, when it lacks nothing,
 * what may be bought ahead of machines that are to go.
 *
 * @param mayStart - Whether stopped machines may be started.
 */
export function needOf(want: Want, have: Stock, shelf: Shelf, mayStart: boolean): Need {
  const running = have.ready + have.coming;
  // Ready machines left over are those that planAssignments found no job for: they are the hot tier.
  const forJobs = Math.max(0, want.jobs.length - have.coming);
  const forHot = Math.max(0, want.jobs.length + want.hot - running - forJobs);
  const starts = mayStart ? shelf.stopped.slice(0, forJobs + forHot) : [];
  const stoppedLeft = have.stopped - starts.length + have.stopping;
  // Surplus running machines will be stopped rather than bought anew: the tiers share one total.
  const missing =
    want.jobs.length + want.hot + want.stopped - running - have.stopped - have.stopping;
  const demand = Math.max(0, forJobs - starts.length);
  const hot = Math.max(0, forHot - Math.max(0, starts.length - forJobs));
  const stopped = Math.max(0, Math.min(want.stopped - stoppedLeft, missing - demand - hot));
  const { replacement, stoppedReplacement } = ahead(want, shelf, starts.length, missing);
  return {
    starts,
    missing: { demand, hot, stopped, replacement, "stopped-replacement": stoppedReplacement },
  };
}

/** Replacements are bought first, a few at a time; what is above the target already is one that was bought. */
function ahead(
  { pool, hot, stopped }: Want,
  { wornReady, wornStopped }: Shelf,
  started: number,
  missing: number,
): { readonly replacement: number; readonly stoppedReplacement: number } {
  if (!pool || missing > 0 || started > 0 || wornReady + wornStopped === 0) {
    return { replacement: 0, stoppedReplacement: 0 };
  }
  const { surge } = replacementPace(pool, hot + stopped);
  const room = Math.max(0, surge + missing);
  // Surplus machines are not replaced, they go: only those that the target needs are bought anew.
  const replacement = Math.min(wornReady, hot, room);
  return {
    replacement,
    stoppedReplacement: Math.min(wornStopped, stopped, room - replacement),
  };
}
