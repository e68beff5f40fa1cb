import type { PoolTarget } from "../pools/pool-target.ts";
import type { Cause } from "../ports/cause.ts";
import type { Shape } from "../routing/shape.ts";
import type { FleetContext } from "./context.ts";
import { countStock, type FleetView, type Stock } from "./fleet-view.ts";
import {
  type LaunchReason,
  launchReasons,
  needOf,
  type Shelf,
  shelvesOf,
  type Want,
  wantsOf,
} from "./launch-needs.ts";
import { byAge, type Wait } from "./plan-assignments.ts";
import type { JobRecord, MachineRecord } from "./records.ts";

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
  /** Whether a limit on machines left something unbought: a place that becomes free is worth knowing of. */
  readonly isLimited: boolean;
  /** Whether the pace of purchases left something unbought. */
  readonly isPaced: boolean;
}

/** What holds purchases back. */
export interface LaunchLimits {
  /** Why nothing of this fit is bought now, after a failure. */
  gate(fit: string): Cause | undefined;
  /** Why only one machine of this fit may be on its way. */
  probing(fit: string): Cause | undefined;
  /** Why nothing of this fit is started now, after a failure. */
  startGate(fit: string): Cause | undefined;
  /** Machines that may be on their way to jobs at once, so that none waits paid behind GitHub's mint budget. */
  readonly pipeline: number;
  /** Most machines of one purchase of this fit. */
  perLaunch(fit: string): number;
  /** Purchases that may be made now: the provider takes only so many a second. */
  readonly purchases: number;
}

/** What one fit lacks, and what of it is bought. */
interface Order {
  readonly want: Want;
  readonly gate: Cause | undefined;
  readonly probing: Cause | undefined;
  readonly missing: Readonly<Record<LaunchReason, number>>;
  readonly bought: Record<LaunchReason, number>;
  roomInPool: number;
  perPass: number;
}

const emptyShelf: Shelf = Object.freeze({ stopped: [], wornReady: 0, wornStopped: 0 });
const nothing: Readonly<Record<LaunchReason, number>> = Object.freeze({
  demand: 0,
  hot: 0,
  stopped: 0,
  replacement: 0,
  "stopped-replacement": 0,
});

/** What holds a plan back besides the limits of each pool. */
interface Room {
  environment: number;
  pipeline: number;
  purchases: number;
  isPaced: boolean;
}

function roomOf(
  total: number,
  wants: readonly Want[],
  stock: { of(fit: string): Stock },
  limits: LaunchLimits,
  context: FleetContext,
): Room {
  const own = context.catalog.environments.find(({ name }) => name === context.environment);
  // Spares wait for a job, not for GitHub: only what comes for jobs stands in line for registrations.
  const coming = wants.map(({ fit, jobs }) => Math.min(jobs.length, stock.of(fit).coming));
  return {
    environment: (own?.machines ?? Number.POSITIVE_INFINITY) - total,
    pipeline: limits.pipeline - coming.reduce((sum, count) => sum + count, 0),
    purchases: limits.purchases,
    isPaced: false,
  };
}

/**
 * Covers unserved demand first, then the pools' targets, then machines that are to be replaced: stopped machines are
 * started, and what is still missing is bought, within the limits.
 */
export function planLaunches(
  view: FleetView,
  unserved: readonly JobRecord[],
  targets: readonly PoolTarget[],
  limits: LaunchLimits,
  context: FleetContext,
): LaunchPlan {
  const stock = countStock(view);
  const wants = wantsOf(unserved, targets, context.catalog);
  const shelves = shelvesOf(view, wants, context);
  const room = roomOf(stock.total, wants, stock, limits, context);
  const starts: MachineRecord[] = [];
  const orders: Order[] = [];
  for (const want of wants) {
    const { fit, pool } = want;
    const have = stock.of(fit);
    const shelf = shelves.get(fit) ?? emptyShelf;
    const probing = limits.probing(fit);
    const need = needOf(want, have, shelf, limits.startGate(fit) === undefined);
    starts.push(...need.starts);
    orders.push({
      want,
      gate: limits.gate(fit) ?? (have.coming > 0 ? probing : undefined),
      probing,
      missing: need.missing,
      bought: { ...nothing },
      roomInPool: pool ? pool.limits.machines - have.total : Number.POSITIVE_INFINITY,
      perPass: Math.min(limits.perLaunch(fit), pool?.limits.createPerPass ?? Infinity),
    });
  }
  const waits = buyForJobs(orders, room, context);
  const launches: PlannedLaunch[] = [];
  for (const order of orders) {
    // A machine for a tier would be taken by a job that waits, past the limit for which it waits.
    const covered = order.bought.demand === order.missing.demand;
    for (const reason of launchReasons) {
      if (reason !== "demand" && covered) buy(order, room, reason, order.missing[reason]);
    }
    const { fit, shape, pool } = order.want;
    for (const reason of launchReasons) {
      const count = order.bought[reason];
      if (count === 0) continue;
      launches.push({ fit, shape, ...(pool ? { pool: pool.name } : {}), count, reason });
    }
  }
  const isLimited = orders.some(
    ({ gate, missing, bought, roomInPool }) =>
      gate === undefined &&
      (roomInPool <= 0 || room.environment <= 0) &&
      launchReasons.some((reason) => bought[reason] < missing[reason]),
  );
  return { starts, launches, waits, isLimited, isPaced: room.isPaced };
}

/** Orders as much as there is room for. Answers whether that is all that was asked for. */
function buy(order: Order, room: Room, reason: LaunchReason, count: number): boolean {
  if (order.gate) return false;
  const limit = Math.min(order.roomInPool, room.environment, order.perPass);
  const pipeline = reason === "demand" ? room.pipeline : Number.POSITIVE_INFINITY;
  const allowed = Math.max(0, Math.min(count, limit, pipeline));
  if (allowed > 0 && order.bought[reason] === 0) {
    // What is ordered for one reason is one purchase, however many machines it is.
    if (room.purchases <= 0) {
      room.isPaced = true;
      return false;
    }
    room.purchases -= 1;
  }
  order.bought[reason] += allowed;
  order.roomInPool -= allowed;
  order.perPass -= allowed;
  room.environment -= allowed;
  if (reason === "demand") room.pipeline -= allowed;
  return allowed === count;
}

/** Jobs before tiers, and the oldest first whatever it fits: they share the room in the environment. */
function buyForJobs(orders: readonly Order[], room: Room, context: FleetContext): Wait[] {
  const waits: Wait[] = [];
  const uncovered = orders
    .flatMap((order) => {
      const { jobs } = order.want;
      return jobs.slice(jobs.length - order.missing.demand).map((job) => ({ job, order }));
    })
    .sort((left, right) => byAge(left.job, right.job));
  for (const { job, order } of uncovered) {
    if (buy(order, room, "demand", 1)) continue;
    const { want, gate, probing, roomInPool } = order;
    const cause = gate ?? probing ?? limitCause(want, roomInPool, room, context);
    if (cause) waits.push({ job, cause });
  }
  return waits;
}

function limitCause(
  want: Want,
  roomInPool: number,
  room: Room,
  context: FleetContext,
): Cause | undefined {
  if (want.pool && roomInPool <= 0) {
    const message = `Pool ${want.pool.name} has all of its ${want.pool.limits.machines} machines`;
    return { code: "pool-limit", message };
  }
  if (room.environment <= 0) {
    const message = `Environment ${context.environment} has all the machines it may have`;
    return { code: "environment-limit", message };
  }
  if (room.pipeline <= 0) {
    const message = "More machines would only wait for GitHub's budget of runner registrations";
    return { code: "mint-budget", message };
  }
  if (room.isPaced) {
    const message = "The provider takes only so many purchases a second";
    return { code: "throttled", message };
  }
  return undefined;
}
