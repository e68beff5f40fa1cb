import { compileSchedule, evaluate } from "@runs-fleet/scheduling";
import type { Catalog, Policy, PoolConfig } from "../../routing/index.ts";
import { createDice, createStream, type Dice } from "./dice.ts";
import { type Arrival, floodMachines, planArrivals, planFlood } from "./plan-arrivals.ts";
import { type Beginning, enrichPool, planBeginning } from "./plan-calendar.ts";
import { type PlannedFile, withGradual } from "./plan-gradual.ts";
import { type PlannedGroup, type PlannedPolicies, planPolicies } from "./plan-policies.ts";

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

export type { Arrival } from "./plan-arrivals.ts";

/** All that a seed decides before the first event, faults aside. */
export interface Scenario {
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly hours: number;
  readonly catalog: Catalog;
  /** Runner groups at GitHub, besides the default one. */
  readonly groups: readonly PlannedGroup[];
  readonly arrivals: readonly Arrival[];
  readonly processes: number;
  /** Median time from launch to `ready`. */
  readonly bootMs: number;
  /** Name of the runner group that the policy asks for; absent: the default one. */
  readonly runnerGroup?: string;
  /** Repositories whose jobs the catalog only observes. */
  readonly observed: readonly string[];
  /** From the second release on, these are claimed as well. */
  readonly widens: boolean;
  /** How the files of repositories change that narrow what they are allowed, in order of time; none: nobody asks for any. */
  readonly files: readonly PlannedFile[];
}

const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"] as const;

function planPool(dice: Dice, name: string, cpu: number): PoolConfig {
  const day = dice.whole(1, 4);
  const base = dice.whole(0, 1);
  const start = String(dice.whole(6, 10)).padStart(2, "0");
  const end = String(dice.whole(16, 20)).padStart(2, "0");
  const spot = dice.chance(0.3);
  const stopped = spot ? 0 : dice.whole(0, 3);
  return {
    name,
    environment: "ci",
    regions: [{ name: "local" }],
    shape: { os: "linux", cpu: { min: cpu, max: cpu }, spot },
    schedule: {
      timeZone: dice.pick(zones),
      default: { hot: base, stopped },
      entries: [
        {
          kind: "weekly",
          name: "office",
          days: ["mon", "tue", "wed", "thu", "fri"],
          start: `${start}:00`,
          end: `${end}:30`,
          capacity: { hot: base + day },
        },
        {
          kind: "cron",
          name: "nightly",
          cron: `${dice.pick([0, 15, 30])} ${dice.whole(0, 4)} * * *`,
          forMinutes: dice.whole(30, 120),
          mode: "atLeast",
          capacity: { hot: dice.whole(1, 3) },
        },
      ],
    },
    leadMs: dice.chance(0.5) ? "auto" : 3 * minutes,
    ...(dice.chance(0.3) ? { rampDown: { step: 1, everyMs: 5 * minutes } } : {}),
    idleTimeoutMs: dice.pick([2, 10]) * minutes,
    limits: { machines: dice.whole(8, 16), maxSurge: 1 },
  };
}

/** Of another environment, whose machines are not this fleet's. */
const foreignPool: PoolConfig = {
  name: "prod-web",
  environment: "prod",
  regions: [{ name: "local" }],
  shape: { os: "linux", cpu: { min: 2, max: 2 } },
  schedule: { default: { hot: 2, stopped: 1 }, entries: [] },
  limits: { machines: 8 },
};

/** An environment that is too small for its pools and jobs: they wait on its limit. */
const smallRate = 0.2;

function planCatalog(
  dice: Dice,
  extra: Dice,
  beginning: Beginning,
): { readonly catalog: Catalog; readonly planned: PlannedPolicies } {
  const pools = Array.from({ length: dice.whole(2, 3) }, (_, index) =>
    planPool(dice, `pool-${"abc".charAt(index)}`, 2 ** (index + 1)),
  ).map((pool) => enrichPool(extra, pool, beginning));
  const planned = planPolicies(extra, pools);
  const machines = dice.whole(24, 36);
  const fewMachines = extra.whole(10, 14);
  const catalog = {
    version: "1",
    defaultEnvironment: "ci",
    environments: [
      {
        name: "ci",
        regions: ["local"],
        machines: extra.chance(smallRate) ? fewMachines : machines,
      },
      { name: "prod", regions: ["local"] },
    ],
    pools: [...planned.pools, foreignPool],
    images: [],
    policies: planned.policies,
  };
  return { catalog, planned };
}

/** When the target of a pool rises, milliseconds after the start, in order. */
export function risesOf({ startMs, hours: length, catalog }: Scenario): readonly number[] {
  const rises = new Set<number>();
  for (const pool of catalog.pools) {
    const schedule = compileSchedule(pool.schedule);
    let before = Number.POSITIVE_INFINITY;
    for (let atMs = 0; atMs < length * hours; atMs += minutes) {
      const { hot } = evaluate(schedule, startMs + atMs);
      if (hot > before) rises.add(atMs);
      before = hot;
    }
  }
  return [...rises].sort((left, right) => left - right);
}

function limitsOf(
  { limits }: Policy,
  isFlooded: boolean,
  perRepository: number | undefined,
): Pick<Policy, "limits"> {
  // Hundreds of jobs of one repository would wait for days.
  if (isFlooded) return limits === undefined ? {} : { limits: {} };
  return perRepository === undefined ? {} : { limits: { perRepository } };
}

/** What some worlds have and others not; drawn apart, so that all else is the same with and without. */
function withTraits(scenario: Scenario, seed: number): Scenario {
  const dice = createDice(createStream(seed, "traits"));
  const isGrouped = dice.chance(0.4) && scenario.groups.length === 0;
  const perRepository = dice.chance(0.15) ? dice.whole(3, 6) : undefined;
  const isFlooded = dice.chance(0.05);
  const runnerGroup = "fleet-runners";
  const { catalog, arrivals } = scenario;
  const flood = isFlooded ? planFlood(dice, scenario.hours * hours) : [];
  return {
    ...scenario,
    ...(isGrouped ? { runnerGroup } : {}),
    arrivals: [...arrivals, ...flood].sort((left, right) => left.atMs - right.atMs),
    catalog: {
      ...catalog,
      environments: catalog.environments.map((environment) => ({
        ...environment,
        ...(isFlooded && environment.machines !== undefined ? { machines: floodMachines } : {}),
      })),
      policies: catalog.policies.map((policy) => ({
        ...policy,
        ...(isGrouped ? { runnerGroup } : {}),
        ...limitsOf(policy, isFlooded, perRepository),
      })),
    },
  };
}

/** Policies that have lost jobs run again more often, or never; the others once. */
function withReruns(scenario: Scenario, seed: number): Scenario {
  const dice = createDice(createStream(seed, "re-runs"));
  const policies = scenario.catalog.policies.map((policy) => {
    const attempts = dice.pick([0, 0, 1, 1, 1, 2]);
    return attempts === 1 ? policy : { ...policy, rerun: { attempts } };
  });
  return { ...scenario, catalog: { ...scenario.catalog, policies } };
}

/** Draws a scenario. Some 150 to 500 jobs a day, in some worlds hundreds at once besides. */
export function planScenario(seed: number, forHours: number): Scenario {
  const dice = createDice(createStream(seed, "scenario"));
  // A stream of its own: what it decides leaves the rest of the scenario as it was.
  const extra = createDice(createStream(seed, "calendar"));
  const usualMs = Date.parse("2026-10-01T00:00:00Z") + dice.whole(0, 180 * 24) * hours;
  const beginning = planBeginning(extra, usualMs);
  const { catalog, planned } = planCatalog(dice, extra, beginning);
  const plain: Scenario = {
    startMs: beginning.startMs,
    hours: forHours,
    catalog,
    groups: planned.groups,
    arrivals: planArrivals(dice, extra, forHours * hours, planned),
    processes: dice.chance(0.2) ? 3 : 2,
    bootMs: dice.pick([20, 40, 70]) * seconds,
    observed: [],
    widens: false,
    files: [],
  };
  return withGradual(withReruns(withTraits(plain, seed), seed), seed);
}
