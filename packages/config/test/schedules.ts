import type { PoolConfig } from "@runs-fleet/core";
import type { Entry, Schedule, Weekday } from "@runs-fleet/scheduling";
import fc from "fast-check";
import type { FleetConfig } from "../src/parse-config.ts";

const two = (value: number): string => String(value).padStart(2, "0");

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
  .map(([hour, minute]) => `${two(hour)}:${two(minute)}`);

const days = fc.subarray<Weekday>(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], {
  minLength: 1,
});

const capacity = fc.record(
  { hot: fc.integer({ min: 0, max: 30 }), stopped: fc.integer({ min: 0, max: 30 }) },
  { requiredKeys: ["hot"] },
);

const mode = fc.constantFrom("set", "atLeast", "atMost");

/** Windows of the week, overnight ones and whole days among them, and crons. */
const entry = fc.oneof(
  fc
    .record({ days, start: time, end: fc.oneof(time, fc.constant("24:00")), capacity, mode })
    .filter(({ start, end }) => start !== end)
    .map((fields) => ({ ...fields, kind: "weekly" as const })),
  fc
    .record({
      hour: fc.integer({ min: 0, max: 23 }),
      forMinutes: fc.integer({ min: 1, max: 2_000 }),
      capacity,
      mode,
    })
    .map(({ hour, ...fields }) => ({ ...fields, kind: "cron" as const, cron: `5 ${hour} * * *` })),
);

/** Zones of which each has clock changes of its own. */
const timeZone = fc.constantFrom(
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "UTC",
);

/** Days around changes of these clocks, and around a holiday. */
export const firstDays = ["2026-03-27", "2026-10-23", "2026-04-03", "2026-03-06", "2026-12-22"];

/** Schedules that parse, with what shows at clock changes. */
export const anySchedule: fc.Arbitrary<Schedule> = fc
  .record({
    timeZone,
    default: fc.record({
      hot: fc.integer({ min: 0, max: 5 }),
      stopped: fc.integer({ min: 0, max: 5 }),
    }),
    entries: fc.array(entry, { maxLength: 4 }),
    skips: fc.boolean(),
  })
  .map(({ entries, skips, ...fields }) => ({
    ...fields,
    entries: entries.map((one, index) => ({ ...one, name: `entry ${index}` }) as Entry),
    ...(skips
      ? { exceptions: [{ name: "holidays", dates: ["2026-03-28", "2026-12-24..2026-12-26"] }] }
      : {}),
  }));

/** A range of up to two weeks that begins on one of {@link firstDays}, epoch milliseconds. */
export const anyRange = fc
  .record({ date: fc.constantFrom(...firstDays), hours: fc.integer({ min: 1, max: 336 }) })
  .map(({ date, hours }) => {
    const fromMs = Date.parse(`${date}T00:00:00Z`);
    return { fromMs, toMs: fromMs + hours * 3_600_000 };
  });

/** A pool about which nothing is special but its schedule. */
export function poolOf(name: string, schedule: Schedule): PoolConfig {
  return {
    name,
    environment: "ci",
    regions: [{ name: "eu-central-1" }],
    shape: { os: "linux", cpu: { min: 4, max: 4 } },
    schedule,
    limits: { machines: 100 },
  };
}

/** A configuration of pools `pool-0`, `pool-1`, ... with these schedules. */
export function configOf(schedules: readonly Schedule[]): {
  readonly config: FleetConfig;
  readonly names: readonly string[];
} {
  const pools = schedules.map((schedule, index) => poolOf(`pool-${index}`, schedule));
  const config: FleetConfig = {
    version: 1,
    catalog: {
      version: "test",
      defaultEnvironment: "ci",
      environments: [{ name: "ci", regions: ["eu-central-1"] }],
      pools,
      images: [],
      policies: [],
    },
  };
  return { config, names: pools.map(({ name }) => name) };
}
