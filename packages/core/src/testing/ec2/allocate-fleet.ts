import type { Market } from "../../routing/shape.ts";
import type { Ec2FleetMarketOptions } from "./api.ts";
import type { FleetPool } from "./fleet-rules.ts";
import { roomFor } from "./launch.ts";
import type { Ec2World } from "./world.ts";

/** What a fleet gets in one market. */
export interface FleetAllocation {
  /** How many of which pools, the best first. */
  readonly takes: readonly { readonly pool: FleetPool; readonly count: number }[];
  /** Pools that had less than was wanted of them, each with the code that says why. */
  readonly short: readonly (FleetPool & { readonly code: string })[];
}

/**
 * How many of each pool, in the order of the strategy, and what could not be had. A fleet of a single type or zone takes
 * the first lot of such pools that has room for all, else the one that has room for most.
 */
export function allocateFleet(
  world: Ec2World,
  pools: readonly FleetPool[],
  market: Market,
  target: number,
  options: Ec2FleetMarketOptions,
): FleetAllocation {
  const strategy = options.AllocationStrategy ?? "";
  const sorted = byStrategy(world, pools, market, strategy);
  let best: FleetAllocation = { takes: [], short: [] };
  for (const [index, lot] of lotsOf(sorted, options).entries()) {
    const allocation = allocateLot(world, lot, market, target, strategy);
    if (index === 0 || countOf(allocation) > countOf(best)) best = allocation;
    if (countOf(best) === target) break;
  }
  return best;
}

/** Instances of an allocation. */
export function countOf({ takes }: FleetAllocation): number {
  return takes.reduce((total, { count }) => total + count, 0);
}

/** Pools of which a fleet may use one lot only, each in the order of its best pool. */
function lotsOf(
  pools: readonly FleetPool[],
  { SingleInstanceType = false, SingleAvailabilityZone = false }: Ec2FleetMarketOptions,
): readonly (readonly FleetPool[])[] {
  const lots = new Map<string, FleetPool[]>();
  for (const pool of pools) {
    const key = `${SingleInstanceType ? pool.type.name : ""} ${SingleAvailabilityZone ? pool.zone : ""}`;
    const lot = lots.get(key);
    if (lot) lot.push(pool);
    else lots.set(key, [pool]);
  }
  return [...lots.values()];
}

function allocateLot(
  world: Ec2World,
  pools: readonly FleetPool[],
  market: Market,
  target: number,
  strategy: string,
): FleetAllocation {
  const takes = new Map<FleetPool, number>();
  const short: (FleetPool & { code: string })[] = [];
  const lid = world.lid();
  const reach = Math.min(target, lid?.count ?? target);
  let left = reach;
  let vcpus = 0;
  // `diversified` takes one of each in turn, all others what they can of the best first.
  const most = strategy === "diversified" ? Math.ceil(target / Math.max(1, pools.length)) : target;
  for (const pool of pools) {
    if (left === 0) break;
    const wanted = Math.min(left, most);
    const { count, code } = roomFor(world, pool.type, pool.zone, market, vcpus);
    const taken = Math.min(wanted, count);
    if (taken < wanted) short.push({ ...pool, code });
    if (taken > 0) takes.set(pool, taken);
    left -= taken;
    vcpus += taken * pool.type.vcpus;
  }
  const [first] = pools;
  if (lid !== undefined && reach < target && left === 0 && first !== undefined) {
    short.push({ ...first, code: lid.code });
  }
  return { takes: [...takes].map(([pool, count]) => ({ pool, count })), short };
}

function byStrategy(
  world: Ec2World,
  pools: readonly FleetPool[],
  market: Market,
  strategy: string,
): readonly FleetPool[] {
  const nowMs = world.clock.now();
  const priced = pools.map((pool) => ({
    pool,
    price: world.offerings.priceOf({ ...pool, market }, nowMs),
    room: roomFor(world, pool.type, pool.zone, market).count,
    priority: pool.priority ?? Number.POSITIVE_INFINITY,
  }));
  const compare = (left: number, right: number): number =>
    left === right ? 0 : left < right ? -1 : 1;
  return priced
    .sort((one, two) => {
      const byRoom = compare(two.room, one.room);
      const byPriority = compare(one.priority, two.priority);
      const byPrice = compare(one.price, two.price);
      if (strategy === "prioritized") return byPriority || byPrice;
      if (strategy === "capacity-optimized-prioritized") return byRoom || byPriority;
      if (strategy.includes("capacity-optimized")) return byRoom || byPrice;
      return byPrice;
    })
    .map(({ pool }) => pool);
}
