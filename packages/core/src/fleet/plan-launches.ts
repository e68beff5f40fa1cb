import type { Cause } from "../ports/cause.ts";
import type { PoolConfig } from "../routing/catalog.ts";
import type { Shape } from "../routing/shape.ts";
import type { FleetContext } from "./context.ts";
import { countStock, type FleetView } from "./fleet-view.ts";
import { byAge, type Wait } from "./plan-assignments.ts";
import type { JobRecord, MachineRecord } from "./records.ts";
import { fitOf } from "./route-demand.ts";

const launchReasons = ["demand", "hot", "stopped"] as const;

/** Why machines are bought: for jobs that wait, or for a tier of a pool. */
export type LaunchReason = (typeof launchReasons)[number];

/** One purchase of one fit. */
export interface PlannedLaunch {
  readonly fit: string;
  readonly shape: Shape;
  readonly pool?: string;
  readonly count: number;
  readonly reason: LaunchReason;
}

/** What to start and what to buy. */
export interface LaunchPlan {
  readonly starts: readonly MachineRecord[];
  readonly launches: readonly PlannedLaunch[];
  /** Jobs for which nothing may be bought now. */
  readonly waits: readonly Wait[];
}

/** What a pool wants now: ready and unclaimed machines, and stopped ones. */
export interface PoolTarget {
  readonly pool: PoolConfig;
  readonly hot: number;
  readonly stopped: number;
  /** When the target changes next, epoch milliseconds; absent: not within the schedule's horizon. */
  readonly untilMs?: number;
}

/** What holds purchases back. */
export interface LaunchLimits {
  /** Why nothing of this fit is bought now, after a failure. */
  gate(fit: string): Cause | undefined;
  /** Why nothing of this fit is started now, after a failure. */
  startGate(fit: string): Cause | undefined;
  /** Machines that may be on their way at once, so that none waits paid behind GitHub's mint budget. */
  readonly pipeline: number;
  /** Most machines of one purchase. */
  readonly perLaunch: number;
}

interface Want {
  readonly fit: string;
  readonly shape: Shape;
  readonly pool?: PoolConfig;
  readonly jobs: JobRecord[];
  readonly hot: number;
  readonly stopped: number;
}

/** What one fit lacks, and what of it is bought. */
interface Order {
  readonly want: Want;
  readonly gate: Cause | undefined;
  readonly missing: Readonly<Record<LaunchReason, number>>;
  readonly bought: Record<LaunchReason, number>;
  roomInPool: number;
  perPass: number;
}

function wantsOf(
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

/** Fits whose oldest job waits longest come first; those without jobs last, by name. */
function byOldestJob(left: Want, right: Want): number {
  const leftAge = left.jobs[0]?.createdAtMs ?? Number.POSITIVE_INFINITY;
  const rightAge = right.jobs[0]?.createdAtMs ?? Number.POSITIVE_INFINITY;
  if (leftAge !== rightAge) return leftAge < rightAge ? -1 : 1;
  return left.fit < right.fit ? -1 : 1;
}

function oldestStopped(machines: FleetView["machines"], fit: string): MachineRecord[] {
  return [...machines.values()]
    .filter((machine) => machine.state === "stopped" && machine.fit === fit)
    .sort((left, right) => left.sinceMs - right.sinceMs || (left.id < right.id ? -1 : 1));
}

/**
 * Covers unserved demand first, then the pools' targets: stopped machines are started, and what is still missing is
 * bought, `max(0, demand + hot + stopped - ready - coming - stopped - stopping)`, within the limits.
 */
export function planLaunches(
  view: FleetView,
  unserved: readonly JobRecord[],
  targets: readonly PoolTarget[],
  limits: LaunchLimits,
  context: FleetContext,
): LaunchPlan {
  const stock = countStock(view);
  const starts: MachineRecord[] = [];
  const launches: PlannedLaunch[] = [];
  const waits: Wait[] = [];
  const environment = context.catalog.environments.find(({ name }) => name === context.environment);
  let roomInEnvironment = (environment?.machines ?? Number.POSITIVE_INFINITY) - stock.total;
  let pipeline = limits.pipeline;
  for (const machine of view.machines.values()) if (machine.state === "booting") pipeline -= 1;
  for (const { request } of view.attempts.values()) pipeline -= request.count;

  const orders = wantsOf(unserved, targets, context.catalog).map((want): Order => {
    const { fit, pool } = want;
    const have = stock.of(fit);
    const running = have.ready + have.coming;
    // Ready machines left over are those that planAssignments found no job for: they are the hot tier.
    const forJobs = Math.max(0, want.jobs.length - have.coming);
    const forHot = Math.max(0, want.jobs.length + want.hot - running - forJobs);
    const started = limits.startGate(fit)
      ? []
      : oldestStopped(view.machines, fit).slice(0, forJobs + forHot);
    starts.push(...started);
    const stoppedLeft = have.stopped - started.length + have.stopping;
    // Surplus running machines will be stopped rather than bought anew: the tiers share one total.
    const missing =
      want.jobs.length + want.hot + want.stopped - running - have.stopped - have.stopping;
    const demand = Math.max(0, forJobs - started.length);
    const hot = Math.max(0, forHot - Math.max(0, started.length - forJobs));
    const stopped = Math.max(0, Math.min(want.stopped - stoppedLeft, missing - demand - hot));
    return {
      want,
      gate: limits.gate(fit),
      missing: { demand, hot, stopped },
      bought: { demand: 0, hot: 0, stopped: 0 },
      roomInPool: pool ? pool.limits.machines - have.total : Number.POSITIVE_INFINITY,
      perPass: Math.min(limits.perLaunch, pool?.limits.createPerPass ?? limits.perLaunch),
    };
  });
  const buy = (order: Order, reason: LaunchReason, count: number): boolean => {
    if (order.gate) return false;
    const room = Math.min(order.roomInPool, roomInEnvironment, pipeline, order.perPass);
    const allowed = Math.max(0, Math.min(count, room));
    order.bought[reason] += allowed;
    order.roomInPool -= allowed;
    order.perPass -= allowed;
    roomInEnvironment -= allowed;
    pipeline -= allowed;
    return allowed === count;
  };

  // Jobs before tiers, and the oldest first whatever it fits: they share the room in the environment.
  const uncovered = orders
    .flatMap((order) => {
      const { jobs } = order.want;
      return jobs.slice(jobs.length - order.missing.demand).map((job) => ({ job, order }));
    })
    .sort((left, right) => byAge(left.job, right.job));
  for (const { job, order } of uncovered) {
    if (buy(order, "demand", 1)) continue;
    const { want, gate, roomInPool } = order;
    const cause = gate ?? limitCause(want, roomInPool, roomInEnvironment, pipeline, context);
    if (cause) waits.push({ job, cause });
  }
  for (const order of orders) {
    buy(order, "hot", order.missing.hot);
    buy(order, "stopped", order.missing.stopped);
    const { fit, shape, pool } = order.want;
    for (const reason of launchReasons) {
      const count = order.bought[reason];
      if (count === 0) continue;
      launches.push({ fit, shape, ...(pool ? { pool: pool.name } : {}), count, reason });
    }
  }
  return { starts, launches, waits };
}

function limitCause(
  want: Want,
  roomInPool: number,
  roomInEnvironment: number,
  pipeline: number,
  context: FleetContext,
): Cause | undefined {
  if (want.pool && roomInPool <= 0) {
    const message = `Pool ${want.pool.name} has all of its ${want.pool.limits.machines} machines`;
    return { code: "pool-limit", message };
  }
  if (roomInEnvironment <= 0) {
    const message = `Environment ${context.environment} has all the machines it may have`;
    return { code: "environment-limit", message };
  }
  if (pipeline <= 0) {
    const message = "More machines would only wait for GitHub's budget of runner registrations";
    return { code: "mint-budget", message };
  }
  return undefined;
}
