import type { PoolConfig } from "../../src/routing/catalog.ts";
import { calendarOf, poolsOf } from "./configuration.ts";
import { aliveIn, type Frame, noPool } from "./frames.ts";
import { type Hours, measureHours } from "./hours.ts";
import { type Verdict, verdictsOf } from "./verdicts.ts";
import type { Lived } from "./week.ts";
import { judgeWindows, type Window } from "./windows.ts";
import type { Served } from "./witness.ts";

/** How long jobs waited from queue to start, milliseconds. */
export interface Waits {
  readonly jobs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** A pool's part of the week. */
export interface PoolWeek {
  readonly pool: PoolConfig;
  readonly windows: readonly Window[];
  readonly hours: Hours;
  readonly mostAlive: number;
}

/** What the week comes to. */
export interface Judgement {
  readonly pools: readonly PoolWeek[];
  /** Idle machine-hours above the targets, by the targets' machine-hours; machines of no pool count as above. */
  readonly overshoot: number;
  readonly mostAlive: number;
  readonly waits: Readonly<Record<Served, Waits>>;
  readonly usd: Hours["usd"];
  readonly bought: number;
  readonly verdicts: readonly Verdict[];
}

/** The value that the share `part` of the sorted values does not exceed. */
function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

function waitsOf({ testimony }: Lived, served: Served): Waits {
  const waits = testimony.started
    .filter((job) => job.served === served)
    .map(({ waitMs }) => waitMs)
    .sort((left, right) => left - right);
  return { jobs: waits.length, p50Ms: quantile(waits, 0.5), p95Ms: quantile(waits, 0.95) };
}

/** Most machines at once over all pools. */
function mostAliveIn(frames: Lived["testimony"]["frames"]): number {
  const changes = [...frames].flatMap(([pool, list]) =>
    list.map((frame) => ({ pool, atMs: frame.atMs, alive: aliveIn(frame) })),
  );
  changes.sort((left, right) => left.atMs - right.atMs);
  const alive = new Map<string, number>();
  let now = 0;
  let most = 0;
  changes.forEach(({ pool, atMs, alive: next }, index) => {
    now += next - (alive.get(pool) ?? 0);
    alive.set(pool, next);
    // What happens at one instant is one change.
    if (changes[index + 1]?.atMs !== atMs) most = Math.max(most, now);
  });
  return most;
}

/** Machines that were bought for a shape: nobody wants any of them but the jobs. */
const nobodys: PoolConfig = {
  name: noPool,
  environment: "ci",
  regions: [{ name: "local" }],
  shape: { os: "linux", cpu: { min: 2, max: 2 } },
  schedule: { default: { hot: 0, stopped: 0 }, entries: [] },
  limits: { machines: Number.MAX_SAFE_INTEGER },
};

/** Judges a week that was lived, from what was witnessed alone. */
export function judgeWeek(lived: Lived): Judgement {
  const { week, testimony } = lived;
  const judge = (pool: PoolConfig): PoolWeek => {
    const calendar = calendarOf(pool);
    const frames: readonly Frame[] = testimony.frames.get(pool.name) ?? [];
    const arrivals = testimony.arrivals.get(pool.name) ?? [];
    return {
      pool,
      windows: judgeWindows(pool, calendar, frames, arrivals, week),
      hours: measureHours(pool, calendar, frames, week),
      mostAlive: frames.reduce((most, frame) => Math.max(most, aliveIn(frame)), 0),
    };
  };
  const pools = poolsOf(lived.scale).map(judge);
  const all = [...pools, judge(nobodys)];
  const total = (of: (hours: Hours) => number): number =>
    all.reduce((sum, { hours }) => sum + of(hours), 0);
  const overshoot = total(({ above }) => above) / total(({ target }) => target);
  const mostAlive = mostAliveIn(testimony.frames);
  return {
    pools,
    overshoot,
    mostAlive,
    waits: {
      hot: waitsOf(lived, "hot"),
      stopped: waitsOf(lived, "stopped"),
      cold: waitsOf(lived, "cold"),
    },
    usd: {
      spare: total(({ usd }) => usd.spare),
      working: total(({ usd }) => usd.working),
      planned: total(({ usd }) => usd.planned),
      alwaysOn: total(({ usd }) => usd.alwaysOn),
    },
    bought: testimony.machines.size,
    verdicts: verdictsOf(lived, { pools, overshoot, mostAlive }),
  };
}
