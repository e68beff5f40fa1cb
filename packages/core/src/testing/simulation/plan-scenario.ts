import type { Catalog, PoolConfig } from "../../routing/index.ts";
import { createDice, createStream, type Dice } from "./dice.ts";

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** A job as it will be queued. */
export interface Arrival {
  /** Milliseconds after the start. */
  readonly atMs: number;
  readonly repository: string;
  readonly labels: readonly string[];
  readonly durationMs: number;
  /** Jobs of one number are one workflow run. */
  readonly run: number;
  readonly result: "succeeded" | "failed";
  /** Cancelled so long after it was queued. */
  readonly cancelAfterMs?: number;
  /** Its labels are wrong: a refusal is what it should get. */
  readonly isWrong: boolean;
}

/** All that a seed decides before the first event, faults aside. */
export interface Scenario {
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly hours: number;
  readonly catalog: Catalog;
  readonly arrivals: readonly Arrival[];
  readonly processes: number;
  /** Median time from launch to `ready`. */
  readonly bootMs: number;
}

const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"] as const;
const repositories = ["acme/app", "acme/web", "acme/api", "acme/docs", "acme/infra"] as const;
/** Machines are bought for these without a pool. */
const coldLabels = ["runs-fleet/cpu=2", "runs-fleet/cpu=4/arch=arm64"] as const;

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

function planCatalog(dice: Dice): Catalog {
  const pools = Array.from({ length: dice.whole(2, 3) }, (_, index) =>
    planPool(dice, `pool-${"abc".charAt(index)}`, 2 ** (index + 1)),
  );
  return {
    version: "1",
    defaultEnvironment: "ci",
    environments: [{ name: "ci", regions: ["local"], machines: dice.whole(24, 36) }],
    pools,
    images: [],
    policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
  };
}

function planArrivals(dice: Dice, lastMs: number, pools: readonly PoolConfig[]): Arrival[] {
  const labels: [string, ...string[]] = [
    ...coldLabels,
    ...pools.flatMap(({ name }) => [`runs-fleet/pool=${name}`, `runs-fleet/pool=${name}`]),
  ];
  const arrivals: Arrival[] = [];
  let run = 0;
  const queueRun = (atMs: number, repository: string, size: number, plain: boolean): void => {
    run += 1;
    const label = dice.pick(labels);
    const isMixed = dice.chance(0.3);
    for (let index = 0; index < size; index += 1) {
      const isWrong = !plain && dice.chance(0.015);
      const durationMs = Math.min(
        25 * minutes,
        Math.max(5 * seconds, dice.spread(2 * minutes, 1.2)),
      );
      const own = isWrong ? "runs-fleet/cpus=2" : isMixed ? dice.pick(labels) : label;
      const isCancelled = !plain && dice.chance(0.04);
      arrivals.push({
        atMs,
        repository,
        labels: [own],
        durationMs,
        run,
        result: dice.chance(0.1) ? "failed" : "succeeded",
        isWrong,
        ...(isCancelled ? { cancelAfterMs: dice.whole(1, 240) * seconds } : {}),
      });
    }
  };
  for (const [index, repository] of repositories.entries()) {
    queueRun(minutes + index * 20 * seconds, repository, 1, true);
  }
  const meanMs = dice.pick([10, 15, 20]) * minutes;
  for (let atMs = 12 * minutes; atMs < lastMs; atMs += 1 + dice.wait(meanMs)) {
    const size = dice.chance(0.15) ? dice.whole(4, 12) : dice.whole(1, 3);
    queueRun(atMs, dice.pick(repositories), size, false);
  }
  return arrivals;
}

/** Draws a scenario. Some 150 to 500 jobs a day. */
export function planScenario(seed: number, forHours: number): Scenario {
  const dice = createDice(createStream(seed, "scenario"));
  const startMs = Date.parse("2026-10-01T00:00:00Z") + dice.whole(0, 180 * 24) * hours;
  const catalog = planCatalog(dice);
  return {
    startMs,
    hours: forHours,
    catalog,
    arrivals: planArrivals(dice, forHours * hours, catalog.pools),
    processes: dice.chance(0.2) ? 3 : 2,
    bootMs: dice.pick([20, 40, 70]) * seconds,
  };
}
