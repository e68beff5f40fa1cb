import { type Catalog, type PoolConfig, shapeKey, withImageSource } from "@runs-fleet/core";
import type { Rates } from "@runs-fleet/scheduling";
import type { FleetConfig } from "../parse-config.ts";
import { type UpcomingChange, upcoming } from "../preview/upcoming.ts";
import { diffValues } from "./diff-values.ts";
import { planSummary } from "./plan-summary.ts";
import { type PoolUsage, poolUsage } from "./pool-usage.ts";

/** One thing that a new configuration does. */
export interface PlannedChange {
  /** `rolled`: the machines of a pool become another kind and are replaced, one after the other. */
  readonly kind: "added" | "changed" | "removed" | "rolled";
  /** Where, as keys and names joined by dots: `pools.linux.limits.machines`. */
  readonly path: string;
  /** What was there. */
  readonly before?: unknown;
  /** What is there then. */
  readonly after?: unknown;
}

/** What becomes of one pool that is added, changed or removed. */
export interface PlannedPool {
  /** Name of the pool. */
  readonly name: string;
  /** `removed`: its machines finish the jobs they have, and go when idle. */
  readonly kind: "added" | "changed" | "removed";
  /** Machines that wait, hot or stopped, and are replaced because they become another kind; busy ones go after their jobs. */
  readonly replaced: number;
  /** What it kept ready in the next 30 days. */
  readonly before?: PoolUsage;
  /** What it keeps ready in the next 30 days. */
  readonly after?: PoolUsage;
}

/** What a new configuration changes. */
export interface ConfigPlan {
  /** All differences, in the order of the configuration. Empty: both say the same. */
  readonly changes: readonly PlannedChange[];
  /** The pools among them. Their numbers are only there when the moment was given. */
  readonly pools: readonly PlannedPool[];
  /** What all pools together keep ready, by hour and month. Absent: no moment was given. */
  readonly totals?: { readonly before: PlannedTotals; readonly after: PlannedTotals };
  /** When pools begin to want another number of machines in the 14 days from the moment, at most 200 steps. Absent: no moment was given. */
  readonly upcoming?: readonly PlannedStep[];
  /** One sentence. */
  readonly summary: string;
}

/** A moment at which a pool begins to want another number of machines. */
export interface PlannedStep extends UpcomingChange {
  /** The pool's own time zone. */
  readonly timeZone: string;
}

/** What all pools keep ready in the 30 days from a moment. */
export interface PlannedTotals {
  /** Hours of machines that run and wait. */
  readonly hotHours: number;
  /** Hours of machines that are stopped and wait. */
  readonly stoppedHours: number;
  /** The least machines that wait hot at any moment, pool by pool. */
  readonly floorHot: number;
  /** What that costs an hour, with the stopped ones, US dollars. Absent: a rate is missing. */
  readonly floorUsdPerHour?: number;
  /** What the 30 days cost, US dollars, jobs not counted. Absent: a rate is missing. */
  readonly monthUsd?: number;
}

/** What {@link planConfig} may be told. */
export interface PlanOptions {
  /** Rates by pool; `*` is for all others. Absent: machine-hours alone are told. */
  readonly rates?: Readonly<Record<string, Rates>>;
  /** The moment from which is added up, epoch milliseconds. Absent: what depends on it is left out. */
  readonly atMs?: number;
}

/** How far ahead a plan shows what pools want, milliseconds. */
const aheadMs = 14 * 86_400_000;
const mostSteps = 200;

/**
 * What changes when `next` comes into force in place of `current`: every difference, the pools whose machines are replaced, and
 * with a moment what all pools keep ready and cost from then on.
 *
 * Pure: the same inputs give the same plan. Never throws for configurations that `parseConfig` made.
 *
 * @param current - What is in force. Absent: nothing, everything is added.
 */
export function planConfig(
  current: FleetConfig | undefined,
  next: FleetConfig,
  options: PlanOptions = {},
): ConfigPlan {
  const { atMs } = options;
  const before = current && poolsOf(current);
  const after = poolsOf(next);
  const pools = planPools(before ?? new Map(), after, options);
  const rolled = pools.filter((pool) => rolls(before?.get(pool.name), after.get(pool.name)));
  const changes: PlannedChange[] = [
    ...diffValues(current ? comparable(current) : nothing, comparable(next)).map(told),
    ...rolled.map(({ name }): PlannedChange => {
      const shapes = { before: before?.get(name)?.shape, after: after.get(name)?.shape };
      return { kind: "rolled", path: `pools.${name}`, ...shapes };
    }),
  ];
  const totals =
    atMs === undefined
      ? {}
      : {
          totals: {
            before: addUp([...(before?.values() ?? [])], options, atMs),
            after: addUp([...after.values()], options, atMs),
          },
          upcoming: upcoming(next, atMs, atMs + aheadMs, { limit: mostSteps }).map((step) => ({
            ...step,
            timeZone: after.get(step.pool)?.schedule.timeZone ?? "UTC",
          })),
        };
  const plan = { changes, pools, ...totals };
  return { ...plan, summary: planSummary(plan) };
}

type Pools = ReadonlyMap<string, PoolConfig>;

const poolsOf = ({ catalog }: FleetConfig): Pools =>
  new Map(
    catalog.pools.map((pool) => [
      pool.name,
      { ...pool, shape: withImageSource(pool.shape, catalog) },
    ]),
  );

/** What is there before the first configuration: nothing in every list. */
const nothing = { environments: [], pools: [], images: {}, policies: [], runners: {} };

/** Everything that can differ, by the names that the file has; the version is a name of the whole, not a part of it. */
function comparable({
  version: _form,
  catalog,
  ...rest
}: FleetConfig): Readonly<Record<string, unknown>> {
  const { version: _version, images, imageSources, ...parts } = catalog satisfies Catalog;
  // A list of names is a set.
  const said = Object.fromEntries(images.map((name) => [name, imageSources?.[name] ?? {}]));
  return { ...parts, pools: catalog.pools.map(unsourced), images: said, ...rest };
}

function told({ kind, path, before, after }: ReturnType<typeof diffValues>[number]): PlannedChange {
  return {
    kind,
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

/** A pool whose image is another changes by that alone, which is told once, under the image. */
function unsourced(pool: PoolConfig): PoolConfig {
  const { imageSource, ...shape } = pool.shape;
  return imageSource === undefined ? pool : { ...pool, shape };
}

/** A machine of another shape serves the pool no more. Everything else of a pool changes with its machines in place. */
function rolls(before: PoolConfig | undefined, after: PoolConfig | undefined): boolean {
  return (
    before !== undefined && after !== undefined && shapeKey(before.shape) !== shapeKey(after.shape)
  );
}

function planPools(
  before: Pools,
  after: Pools,
  { rates, atMs }: PlanOptions,
): readonly PlannedPool[] {
  const usage = (pool: PoolConfig | undefined): PoolUsage | undefined =>
    pool === undefined || atMs === undefined
      ? undefined
      : poolUsage(pool, atMs, rateOf(rates, pool));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name): PlannedPool[] => {
    const [old, now] = [before.get(name), after.get(name)];
    const kind = old === undefined ? "added" : now === undefined ? "removed" : "changed";
    if (kind === "changed" && diffValues(old, now).length === 0) return [];
    const [was, is] = [usage(old), usage(now)];
    const replaced = rolls(old, now) && was ? was.now.hot + was.now.stopped : 0;
    return [
      {
        name,
        kind,
        replaced,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      },
    ];
  });
}

const rateOf = (rates: PlanOptions["rates"], { name }: PoolConfig): Rates | undefined =>
  rates?.[name] ?? rates?.["*"];

function addUp(pools: readonly PoolConfig[], { rates }: PlanOptions, atMs: number): PlannedTotals {
  const usages = pools.map((pool) => poolUsage(pool, atMs, rateOf(rates, pool)));
  const sum = (pick: (usage: PoolUsage) => number): number =>
    usages.reduce((total, usage) => total + pick(usage), 0);
  // A sum that leaves some pools out would look like a saving.
  const isPriced = rates !== undefined && usages.every(({ monthUsd }) => monthUsd !== undefined);
  return {
    hotHours: sum(({ hotHours }) => hotHours),
    stoppedHours: sum(({ stoppedHours }) => stoppedHours),
    floorHot: sum(({ floor }) => floor.hot),
    ...(isPriced
      ? {
          monthUsd: sum(({ monthUsd = 0 }) => monthUsd),
          floorUsdPerHour: sum(({ floorUsdPerHour = 0 }) => floorUsdPerHour),
        }
      : {}),
  };
}
