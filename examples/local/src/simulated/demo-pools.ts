import type { Catalog, PoolConfig } from "@runs-fleet/core";

/** The one environment of the simulation. */
export const environment = "demo";
/** The one region of the simulation. */
export const region = "local";

const minutes = 60_000;
const workdays = ["mon", "tue", "wed", "thu", "fri"] as const;

/** Days on which nobody works in the Berlin office: the holidays of Berlin that fall on workdays, 2026 to 2028. */
export const berlinHolidays: readonly string[] = [
  ...["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-25"],
  ...["2026-12-25", "2027-01-01", "2027-03-08", "2027-03-26", "2027-03-29", "2027-05-06"],
  ...["2027-05-17", "2028-03-08", "2028-04-14", "2028-04-17", "2028-05-01", "2028-05-25"],
  ...["2028-06-05", "2028-10-03", "2028-12-25", "2028-12-26"],
];

/** Days on which nobody works in the Chicago office: Thanksgiving and the day after it, and Christmas, 2026 to 2028. */
export const chicagoHolidays: readonly string[] = [
  ...["2026-11-26", "2026-11-27", "2026-12-25", "2027-11-25", "2027-11-26", "2027-12-24"],
  ...["2028-11-23", "2028-11-24", "2028-12-25"],
];

const shape = (cpu: number): PoolConfig["shape"] => ({
  os: "linux",
  arch: "arm64",
  cpu: { min: cpu, max: cpu },
  spot: false,
});

const place = { environment, regions: [{ name: region }] };

/** An office: a working day with ramps, ready when it opens, and almost nothing at night. */
const berlin: PoolConfig = {
  ...place,
  name: "berlin",
  shape: shape(4),
  schedule: {
    timeZone: "Europe/Berlin",
    default: { hot: 0, stopped: 1 },
    entries: [
      {
        name: "office",
        kind: "weekly",
        days: workdays,
        start: "08:00",
        end: "18:30",
        capacity: { hot: 8, stopped: 4 },
      },
      {
        name: "lunch",
        kind: "weekly",
        days: workdays,
        start: "12:15",
        end: "13:00",
        capacity: { hot: 5 },
        mode: "atMost",
      },
    ],
    exceptions: [{ name: "holiday", dates: berlinHolidays }],
  },
  leadMs: "auto",
  holdMs: 5 * minutes,
  rampUp: { step: 4, everyMs: 2 * minutes },
  rampDown: { step: 2, everyMs: 5 * minutes },
  idleTimeoutMs: 5 * minutes,
  limits: { machines: 30, createPerPass: 8 },
};

/** An office seven hours away, so that the day has two peaks. */
const chicago: PoolConfig = {
  ...place,
  name: "chicago",
  shape: shape(4),
  schedule: {
    timeZone: "America/Chicago",
    default: { hot: 0, stopped: 1 },
    entries: [
      {
        name: "office",
        kind: "weekly",
        days: workdays,
        start: "08:30",
        end: "17:30",
        capacity: { hot: 5, stopped: 2 },
      },
    ],
    exceptions: [{ name: "holiday", dates: chicagoHolidays }],
  },
  leadMs: "auto",
  rampUp: { step: 2, everyMs: minutes },
  rampDown: { step: 1, everyMs: 5 * minutes },
  idleTimeoutMs: 5 * minutes,
  limits: { machines: 20, createPerPass: 8 },
};

/** Nightly builds: a window from a cron expression, at an hour that clock changes skip and repeat. */
const nightly: PoolConfig = {
  ...place,
  name: "nightly",
  shape: shape(8),
  schedule: {
    timeZone: "Europe/Berlin",
    default: { hot: 0, stopped: 0 },
    entries: [
      {
        name: "nightly",
        kind: "cron",
        cron: "30 2 * * *",
        forMinutes: 60,
        capacity: { hot: 10 },
      },
    ],
  },
  leadMs: "auto",
  idleTimeoutMs: 2 * minutes,
  limits: { machines: 24, createPerPass: 10 },
};

/** A small pool that is always there, and bigger while Tokyo works. */
const steady: PoolConfig = {
  ...place,
  name: "steady",
  shape: shape(2),
  schedule: {
    timeZone: "Asia/Tokyo",
    default: { hot: 1, stopped: 3 },
    entries: [
      {
        name: "office",
        kind: "weekly",
        days: workdays,
        start: "09:00",
        end: "18:00",
        capacity: { hot: 2 },
        mode: "atLeast",
      },
    ],
  },
  leadMs: "auto",
  limits: { machines: 12 },
};

/** What the simulation serves. */
export const demoCatalog: Catalog = {
  version: "simulated",
  defaultEnvironment: environment,
  environments: [{ name: environment, regions: [region], machines: 90 }],
  pools: [berlin, chicago, nightly, steady],
  images: [],
  policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
};
