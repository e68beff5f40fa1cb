import { compileSchedule, type Schedule, type Smoothing, target } from "@runs-fleet/scheduling";
import type { FleetStatus, PoolDetail, PoolStatus } from "../src/fleet/status.ts";
import { poolWords } from "../src/pools/next-words.ts";
import { noCounts, totalOf } from "../src/pools/pool-counts.ts";
import { createPoolRecorder } from "../src/pools/pool-history.ts";
import type { PoolConfig } from "../src/routing/catalog.ts";

/** A pool as it can be told of: its status and what is known besides. */
export interface SamplePool {
  readonly status: PoolStatus;
  readonly detail: PoolDetail;
}

/** What a sample is made from; everything has a default. */
export interface SampleOptions {
  readonly schedule?: Schedule;
  readonly smoothing?: Smoothing;
  readonly limit?: number;
  readonly regions?: PoolConfig["regions"];
  /** What is there beside what is wanted: ready machines that are missing, and those that boot for them. */
  readonly missing?: number;
  readonly booting?: number;
  readonly busy?: number;
  readonly cause?: PoolStatus["cause"];
  /** How long its curves reach back, milliseconds; 0: there are none. */
  readonly historyMs?: number;
}

/** A working day in Berlin, with a holiday. */
export const officeSchedule: Schedule = {
  timeZone: "Europe/Berlin",
  default: { hot: 2, stopped: 20 },
  entries: [
    {
      kind: "weekly",
      name: "office",
      days: ["mon", "tue", "wed", "thu", "fri"],
      start: "08:00",
      end: "19:00",
      capacity: { hot: 25, stopped: 40 },
    },
    {
      kind: "cron",
      name: "night",
      cron: "0 2 * * *",
      forMinutes: 90,
      mode: "atLeast",
      capacity: { hot: 8 },
    },
  ],
  exceptions: [{ name: "thanksgiving", dates: ["2026-11-26"], entries: ["office"] }],
};

const officeSmoothing: Smoothing = {
  leadMs: 300_000,
  holdMs: 900_000,
  rampUp: { step: 5, everyMs: 60_000 },
  rampDown: { step: 5, everyMs: 300_000 },
};

/** A pool at a moment, with a day of curves that follow its schedule a little late. */
export function samplePool(name: string, nowMs: number, options: SampleOptions = {}): SamplePool {
  const { schedule = officeSchedule, smoothing = officeSmoothing, limit = 450 } = options;
  const { missing = 0, booting = 0, busy = 4, cause, historyMs = 26 * 3_600_000 } = options;
  const regions = options.regions ?? [{ name: "us-east-1" }];
  const compiled = compileSchedule(schedule, { smoothing });
  const config: PoolConfig = {
    name,
    environment: "ci",
    regions,
    shape: { os: "linux", cpu: { min: 4, max: 4 } },
    schedule,
    limits: { machines: limit },
  };
  const recorder = createPoolRecorder();
  for (let atMs = nowMs - historyMs; historyMs > 0 && atMs <= nowMs; atMs += 60_000) {
    const wanted = target(compiled, atMs);
    const had = target(compiled, atMs - 240_000);
    const hour = Math.floor(atMs / 3_600_000) % 24;
    const working = hour >= 8 && hour < 18 ? Math.round(6 + 5 * Math.sin(atMs / 1_900_000)) : 0;
    const ready = Math.max(0, Math.min(wanted.hot, had.hot) - (working > 8 ? 3 : 0));
    recorder.note(
      atMs,
      new Map([
        [
          name,
          {
            target: wanted.hot,
            ready,
            booting: wanted.hot - ready,
            busy: working,
            stoppedTarget: wanted.stopped,
            stopped: Math.min(wanted.stopped, had.stopped),
          },
        ],
      ]),
    );
  }
  const { hot, stopped, untilMs } = target(compiled, nowMs);
  const counts = {
    ...noCounts,
    ready: { hot: Math.max(0, hot - missing), stopped },
    booting,
    busy,
  };
  const history = recorder.of(name);
  return {
    status: {
      name,
      version: "catalog-7",
      target: { hot, stopped },
      ready: counts.ready,
      booting,
      buying: 0,
      busy,
      machines: totalOf(counts),
      limits: config.limits,
      ...(cause === undefined ? {} : { cause }),
      timeZone: schedule.timeZone ?? "UTC",
      words: poolWords({ schedule: compiled, nowMs, counts, cause, missing: missing - booting }),
      ...(untilMs === undefined ? {} : { nextWakeAtMs: untilMs }),
    },
    detail: {
      name,
      region: "us-east-1",
      config,
      schedule: compiled,
      ...(history === undefined ? {} : { history }),
    },
  };
}

/** The pools of the samples: one that fills, one as wanted, one that is small. */
export function samplePools(nowMs: number): readonly SamplePool[] {
  return [
    samplePool("linux-arm", nowMs, { missing: 2, booting: 2 }),
    samplePool("linux-x64", nowMs, {
      schedule: { default: { hot: 4, stopped: 10 }, entries: [] },
      smoothing: {},
      busy: 0,
    }),
    samplePool("windows", nowMs, {
      schedule: {
        timeZone: "America/Los_Angeles",
        default: { hot: 0, stopped: 2 },
        entries: [
          { kind: "weekly", name: "day", start: "09:00", end: "17:00", capacity: { hot: 1 } },
        ],
      },
      busy: 0,
      limit: 6,
      historyMs: 40 * 60_000,
    }),
  ];
}

/** A status with these pools. */
export function withPools(status: FleetStatus, pools: readonly SamplePool[]): FleetStatus {
  return { ...status, pools: pools.map((pool) => pool.status) };
}
