import { type Capacity, type Compiled, compileSchedule, type Rates } from "@runs-fleet/scheduling";
import type { Catalog, PoolConfig } from "../../src/routing/catalog.ts";

const seconds = 1_000;
const minutes = 60 * seconds;

/** A launched machine is ready after this, milliseconds. */
export const bootMs = 60 * seconds;
/** A stopped machine that is started is ready after this, milliseconds. */
export const startMs = 20 * seconds;
/** A launch is answered after this, milliseconds. */
export const launchMs = 1_500;
/** A webhook arrives after this, milliseconds. */
export const webhookMs = 800;
/** Share of the machines asked for that the provider does not have, and of the calls that fail as a whole. */
export const failing = 0.05;
/** What `auto` has to find, from purchase to ready: a quarter more, in steps of 5 s. */
const autoLeadMs = Math.ceil(((launchMs + bootMs) * 1.25) / 5_000) * 5_000;

/** Assumed prices: 2 vCPU, 8 GiB on demand in us-east-1, and 30 GB of gp3 at 0.08 USD a month and GB. */
export const rates: Rates = { hotUsdPerHour: 0.0816, stoppedUsdPerHour: 0.0033 };

/** What the week has to show. */
export const thresholds = {
  /** Ready machines by target at every moment of a window's first minute. */
  ready: 0.99,
  /** Idle machine-hours above the target, by the target's machine-hours. */
  overshoot: 0.05,
  /** Machine-hours short of the hot target, by the target's: what failing launches and full pools may cost. */
  below: 0.005,
  /** Stops and terminations of machines that have work. */
  busyTouched: 0,
} as const;

/** Seven civil days in Berlin with five working days, of which one is a holiday, and a change of the clocks. */
export interface WeekOfYear {
  readonly name: "spring" | "autumn";
  readonly fromMs: number;
  readonly toMs: number;
}

/** Saturday to Saturday, 167 hours: clocks go forward on Sunday 29 March, 3 April is Good Friday. */
const spring: WeekOfYear = {
  name: "spring",
  fromMs: Date.parse("2026-03-28T00:00:00+01:00"),
  toMs: Date.parse("2026-04-04T00:00:00+02:00"),
};

/** Wednesday to Wednesday, 169 hours: clocks go back on Sunday 25 October, the 23rd is a day off. */
const autumn: WeekOfYear = {
  name: "autumn",
  fromMs: Date.parse("2026-10-21T00:00:00+02:00"),
  toMs: Date.parse("2026-10-28T00:00:00+01:00"),
};

export const weeks: Readonly<Record<WeekOfYear["name"], WeekOfYear>> = { spring, autumn };

/** Zone of the people whose jobs these are. */
export const homeZone = "Europe/Berlin";
/** Nobody works on these days. */
export const holidays = ["2026-04-03", "2026-10-23"] as const;

const workdays = ["mon", "tue", "wed", "thu", "fri"] as const;
const common = { environment: "ci", regions: [{ name: "local" }] } as const;
const shapeOf = (cpu: number, rest: object = {}): PoolConfig["shape"] => ({
  os: "linux",
  cpu: { min: cpu, max: cpu },
  ...rest,
});

/** Windows on working days, two levels, everything smooth. */
const office: PoolConfig = {
  ...common,
  name: "office",
  shape: shapeOf(2),
  schedule: {
    timeZone: homeZone,
    default: { hot: 0, stopped: 2 },
    entries: [
      {
        kind: "weekly",
        name: "day",
        days: workdays,
        start: "07:30",
        end: "19:00",
        capacity: { hot: 6 },
      },
      {
        kind: "weekly",
        name: "morning",
        days: workdays,
        start: "09:00",
        end: "12:00",
        capacity: { hot: 14 },
      },
      {
        kind: "weekly",
        name: "afternoon",
        days: workdays,
        start: "13:00",
        end: "17:00",
        capacity: { hot: 12 },
      },
    ],
    exceptions: [{ name: "holidays", dates: holidays }],
  },
  leadMs: "auto",
  holdMs: 10 * minutes,
  rampUp: { step: 4, everyMs: minutes },
  rampDown: { step: 3, everyMs: 5 * minutes },
  idleTimeoutMs: 5 * minutes,
  limits: { machines: 60 },
};

/** Every night at half past two, which one night does not have and another has twice. */
const nightly: PoolConfig = {
  ...common,
  name: "nightly",
  shape: shapeOf(8),
  schedule: {
    timeZone: homeZone,
    default: { hot: 0, stopped: 0 },
    entries: [
      {
        kind: "cron",
        name: "builds",
        cron: "30 2 * * *",
        forMinutes: 90,
        capacity: { hot: 10 },
      },
    ],
  },
  leadMs: 90 * seconds,
  idleTimeoutMs: 5 * minutes,
  limits: { machines: 40, createPerPass: 5 },
};

/** Both tiers, always; too small for its bursts. */
const small: PoolConfig = {
  ...common,
  name: "small",
  shape: shapeOf(1, { spot: false }),
  schedule: { default: { hot: 2, stopped: 3 }, entries: [] },
  leadMs: "auto",
  limits: { machines: 14 },
};

/** Two afternoons in New York, both tiers in windows. Banking a machine takes its boot grace, hence the long lead. */
const release: PoolConfig = {
  ...common,
  name: "release",
  shape: shapeOf(4, { spot: false }),
  schedule: {
    timeZone: "America/New_York",
    default: { hot: 0, stopped: 0 },
    entries: [
      {
        kind: "weekly",
        name: "release",
        days: ["tue", "thu"],
        start: "14:00",
        end: "16:00",
        capacity: { hot: 4, stopped: 6 },
      },
    ],
  },
  leadMs: 240 * seconds,
  rampDown: { step: 2, everyMs: 10 * minutes },
  idleTimeoutMs: 5 * minutes,
  limits: { machines: 24 },
};

/** The part of a whole that a smaller week has, at least 1 of what there was. */
function part(size: number, scale: number): number {
  return Math.ceil(size * scale);
}

function scaled({ hot, stopped }: Partial<Capacity>, scale: number): Partial<Capacity> {
  return {
    ...(hot === undefined ? {} : { hot: part(hot, scale) }),
    ...(stopped === undefined ? {} : { stopped: part(stopped, scale) }),
  };
}

/** The pools of a week, with levels and limits multiplied by `scale`; their times are the same. */
export function poolsOf(scale: number): readonly PoolConfig[] {
  return [office, nightly, small, release].map((pool) => {
    const { default: base, entries } = pool.schedule;
    return {
      ...pool,
      schedule: {
        ...pool.schedule,
        default: { hot: part(base.hot, scale), stopped: part(base.stopped, scale) },
        entries: entries.map((entry) => ({ ...entry, capacity: scaled(entry.capacity, scale) })),
      },
      limits: { ...pool.limits, machines: part(pool.limits.machines, scale) },
    };
  });
}

/** Machines of the environment at once. */
export function mostMachinesOf(scale: number): number {
  return part(60, scale);
}

/** The configuration of the week; afterwards nobody wants a machine, and all of them must go. */
export function catalogOf(scale: number, isOver: boolean): Catalog {
  return {
    version: isOver ? "after" : "week",
    defaultEnvironment: "ci",
    environments: [{ name: "ci", regions: ["local"], machines: mostMachinesOf(scale) }],
    pools: isOver ? [] : poolsOf(scale),
    images: [],
    policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
  };
}

/** How long before a rise the machines of a pool are to be bought: its replacements may be that late. */
export function leadOf({ leadMs = 0 }: PoolConfig): number {
  return leadMs === "auto" ? autoLeadMs : leadMs;
}

/** The pool's calendar for the judge: compiled apart from the controller's, with the lead that `auto` has to find. */
export function calendarOf(pool: PoolConfig): Compiled {
  const { schedule, holdMs, rampUp, rampDown } = pool;
  return compileSchedule(schedule, {
    smoothing: {
      leadMs: leadOf(pool),
      ...(holdMs === undefined ? {} : { holdMs }),
      ...(rampUp === undefined ? {} : { rampUp }),
      ...(rampDown === undefined ? {} : { rampDown }),
    },
  });
}
