import {
  type Cost,
  type FleetReport,
  type HourWaits,
  type PhasesMs,
  type PoolReport,
  type PoolSeries,
  type Spread,
  type WaitLength,
  type Waits,
  type WeekHourWaits,
  type WorstJob,
  waitBoundsMs,
} from "@runs-fleet/core/testing";

const hourMs = 3_600_000;
/** Monday, 2026-11-16, 00:00 in Berlin. */
const fromMs = 1_794_783_600_000;
const hours = 168;

/** Made by hand, so that every part of a report has something to show; no simulation comes to exactly this. */
export function sampleReport(): FleetReport {
  const linux = pool("linux", 8, 45_000, 210, 450, true);
  const windows = pool("windows-2022", 2, 190_000, 38, 40, true);
  const loose = pool("-", 1, 95_000, 12, undefined, false);
  const pools = [linux, windows, loose];
  return {
    version: 1,
    seed: 7,
    catalogVersion: "4be1c0",
    horizon: { fromMs, toMs: fromMs + hours * hourMs },
    timeZone: "Europe/Berlin",
    trust: {
      boots: [
        {
          for: "linux",
          machines: 912,
          source: "Measured on m7g and c7g with our image",
          date: "2026-11-02",
        },
        {
          for: "windows",
          machines: 61,
          source: "Default times of the test kit",
          date: "2026-10-20",
        },
      ],
      delays: { source: "Default delays of the test kit", date: "2026-10-20" },
      rates: {
        source: "rates.json, copied from the price list",
        date: "2026-11-01",
        pools: ["linux", "windows-2022"],
      },
      unpriced: ["-"],
      leftOut: [
        {
          code: "foreign-labels",
          reason: "Their labels ask for runners of somebody else, such as ubuntu-latest",
          jobs: 312,
          examples: ["51234", "51240"],
        },
        {
          code: "outside-horizon",
          reason: "Queued before or after the simulated time",
          jobs: 3,
          examples: ["#1"],
        },
      ],
      unserved: [
        {
          code: "no-policy",
          reason: "No policy allows acme/fork to use this pool",
          jobs: 4,
          examples: ["51999"],
        },
      ],
      notModelled: [
        "Capacity: every purchase succeeds, in every zone and at every hour.",
        "Jobs do not depend on each other: a job comes when it came in reality, however long the one before it waited.",
        "Caches of machines: a job takes as long as it took.",
      ],
      warnings: ["Recorded jobs cover 5 of 7 days."],
    },
    jobs: {
      given: 14_315,
      leftOut: 315,
      completed: 13_950,
      running: 12,
      interrupted: 9,
      refused: 4,
      failed: 0,
      cancelled: 25,
      waiting: 0,
    },
    waitsMs: {
      jobs: 13_971,
      p50: 6_200,
      p95: 52_000,
      p99: 171_000,
      max: 402_000,
      over60Share: 0.041,
    },
    lengths: lengths(13_971, { ...waits(13_971, 6_200), max: 402_000 }),
    hours: pools.flatMap(({ hours: list }) => list).slice(0, hours),
    weekHours: weekHours(11, 60_000),
    cost: addCosts(linux, windows),
    machineHours: { busy: 1_840, idle: 690, boot: 96, stopped: 3_900 },
    served: { hot: 0.71, stopped: 0.2, cold: 0.09 },
    phasesMs: phases(12_400),
    pools,
    environments: [{ name: "ci", peak: 243, atMs: fromMs + 34 * hourMs, limit: 700 }],
    repositories: [
      { name: "acme/monolith", peak: 120, atMs: fromMs + 34 * hourMs, limit: 120 },
      { name: "acme/<script>alert(1)</script>", peak: 31, atMs: fromMs + 60 * hourMs },
    ],
    series: {
      fromMs,
      binMs: hourMs,
      pools: [series("linux", 8), series("windows-2022", 2), series("-", 0)],
    },
    worst: Array.from({ length: 10 }, (_, index) => worst(index)),
    spareWindows: [
      {
        pool: "linux",
        entry: "saturday",
        kind: "never-needed",
        jobs: 12,
        addsHours: { hot: 40, stopped: 0 },
        addsUsd: 9.4,
      },
      {
        pool: "windows-2022",
        entry: "night & release",
        kind: "no-effect",
        jobs: 0,
        addsHours: { hot: 0, stopped: 0 },
      },
    ],
    untriedWindows: [{ pool: "linux", entry: "quarter <end>" }],
    spread: {
      seeds: [7, 8, 9, 10, 11],
      p50Ms: spread(6_000, 6_200, 6_500),
      p95Ms: spread(49_000, 52_000, 58_000),
      p99Ms: spread(160_000, 171_000, 190_000),
      over60Share: spread(0.038, 0.041, 0.047),
      totalUsd: spread(405, 412, 421),
    },
    baseline: {
      jobs: 13_840,
      recorded: {
        jobs: 13_840,
        p50: 7_000,
        p95: 55_000,
        p99: 190_000,
        max: 600_000,
        over60Share: 0.045,
      },
      simulated: {
        jobs: 13_840,
        p50: 6_200,
        p95: 52_000,
        p99: 171_000,
        max: 402_000,
        over60Share: 0.041,
      },
      errorP50: { ms: -800, share: -0.114 },
      errorP95: { ms: -3_000, share: -0.055 },
    },
  };
}

/** How busy an hour of the week is, 0 to 1: two humps on weekdays. */
function busyness(hour: number): number {
  const [day, clock] = [Math.floor(hour / 24), hour % 24];
  const hump = (at: number, width: number) => Math.max(0, 1 - Math.abs(clock - at) / width);
  const daily = Math.max(hump(10.5, 5), hump(15, 4.5) * 0.9, 0.04);
  return day >= 5 ? daily * 0.15 : daily * (1 - day * 0.04);
}

function spread(min: number, median: number, max: number): Spread {
  const between = (low: number, high: number) => Math.round((low + high) * 500) / 1_000;
  const values = [median, min, between(min, median), max, between(median, max)];
  return { min, median, max, values };
}

/** Most jobs wait about as long as the median, and few much longer. */
function lengths(jobs: number, { p50, max }: Waits): readonly WaitLength[] {
  const weights = [...waitBoundsMs, undefined].flatMap((toMs, at) => {
    const fromMs = waitBoundsMs[at - 1] ?? 0;
    if (fromMs >= max) return [];
    const weight = Math.exp(-(Math.log(Math.max(500, fromMs * 1.2) / p50) ** 2));
    return [{ fromMs, ...(toMs === undefined ? {} : { toMs }), weight }];
  });
  const sum = weights.reduce((total, { weight }) => total + weight, 0);
  let [weighed, given] = [0, 0];
  return weights.flatMap(({ weight, ...rest }) => {
    weighed += weight;
    const own = Math.round((weighed / sum) * jobs) - given;
    given += own;
    return own > 0 ? [{ ...rest, jobs: own }] : [];
  });
}

function waits(jobs: number, p50: number): Waits {
  const p95 = Math.round(p50 * 5.5);
  return {
    jobs,
    p50,
    p95,
    p99: p95 * 3,
    max: p95 * 6,
    over60Share: Math.min(0.6, p95 / 1_000_000),
  };
}

function weekHours(jobs: number, p95: number): readonly WeekHourWaits[] {
  return Array.from({ length: hours }, (_, hour) => ({
    hour,
    ...waits(
      Math.round(jobs * 20 * busyness(hour)),
      Math.round((p95 / 8) * (0.4 + busyness(hour) * (hour % 24 === 8 ? 2.4 : 1))),
    ),
  })).filter(({ jobs: found }) => found > 0);
}

function phases(totalMs: number): PhasesMs {
  return {
    delivery: totalMs * 0.06,
    limit: totalMs * 0.04,
    boot: totalMs * 0.52,
    planning: totalMs * 0.05,
    assignment: totalMs * 0.13,
    registration: totalMs * 0.2,
  };
}

function pool(
  name: string,
  size: number,
  p95: number,
  peak: number,
  limit: number | undefined,
  priced: boolean,
): PoolReport {
  const list = weekHours(size, p95);
  const jobs = list.reduce((sum, hour) => sum + hour.jobs, 0);
  const cost: Cost = {
    totalUsd: 41.2 * size,
    busyUsd: 24 * size,
    idleUsd: 11.4 * size,
    bootUsd: 2.1 * size,
    diskUsd: 3.7 * size,
    usdPerWeek: 41.2 * size,
  };
  return {
    name,
    ...(name === "-" ? {} : { environment: "ci" }),
    served:
      name === "-" ? { hot: 0, stopped: 0, cold: 1 } : { hot: 0.72, stopped: 0.2, cold: 0.08 },
    waitsMs: {
      jobs,
      p50: Math.round(p95 / 8),
      p95,
      p99: p95 * 3,
      max: p95 * 7,
      over60Share: Math.min(0.5, p95 / 1_500_000),
    },
    lengths: lengths(jobs, { ...waits(jobs, Math.round(p95 / 8)), max: p95 * 7 }),
    hours: list.map(({ hour, ...rest }): HourWaits => ({ atMs: fromMs + hour * hourMs, ...rest })),
    weekHours: list,
    phasesMs: phases(p95 / 4),
    machines: { peak, atMs: fromMs + 34 * hourMs, ...(limit === undefined ? {} : { limit }) },
    bought: 90 * size,
    started: 150 * size,
    belowTargetShare: 0.031,
    machineHours: { busy: 150 * size, idle: 60 * size, boot: 9 * size, stopped: 400 * size },
    ...(priced ? { cost } : {}),
  };
}

function addCosts(...pools: readonly PoolReport[]): Cost {
  const sum = (key: keyof Cost) => pools.reduce((total, { cost }) => total + (cost?.[key] ?? 0), 0);
  return {
    totalUsd: sum("totalUsd"),
    busyUsd: sum("busyUsd"),
    idleUsd: sum("idleUsd"),
    bootUsd: sum("bootUsd"),
    diskUsd: sum("diskUsd"),
    usdPerWeek: sum("usdPerWeek"),
  };
}

function series(name: string, size: number): PoolSeries {
  const at = (of: (hour: number) => number) =>
    Array.from({ length: hours }, (_, hour) => Math.round(of(hour) * 100) / 100);
  const office = (hour: number) => hour < 120 && hour % 24 >= 8 && hour % 24 < 19;
  return {
    pool: name,
    target: at((hour) => (office(hour) ? 3 * size : size / 4)),
    ready: at((hour) => (office(hour) ? 3 * size - busyness(hour) * size : size / 4)),
    booting: at((hour) => busyness(hour) * size * 0.4),
    busy: at((hour) => busyness(hour) * (size === 0 ? 1 : size) * 5),
    stoppedTarget: at(() => size * 2),
    stopped: at((hour) => size * (2 - busyness(hour))),
    waiting: at((hour) => busyness(hour) * size * 0.1),
  };
}

function worst(index: number): WorstJob {
  const queuedAtMs = fromMs + (32 + index) * hourMs + index * 61_000;
  const waitMs = 402_000 - index * 23_000;
  return {
    id: String(51_400 + index),
    repository: index === 3 ? 'acme/"quotes"&<b>' : "acme/monolith",
    labels: index % 3 === 0 ? ["runs-fleet/pool=windows-2022"] : ["runs-fleet/pool=linux"],
    pool: index % 3 === 0 ? "windows-2022" : "linux",
    queuedAtMs,
    waitMs,
    served: index % 2 === 0 ? "cold" : "stopped",
    phasesMs: phases(waitMs),
    decisions: [
      {
        atMs: queuedAtMs + 900,
        code: "routed",
        message: "pool linux, environment ci, policy everyone",
      },
      {
        atMs: queuedAtMs + 2_000,
        code: "waits",
        message: "No machine is ready; 6 boot for 9 jobs",
      },
      {
        atMs: queuedAtMs + 2_100,
        code: "launched",
        message: "1 machine bought in eu-central-1 (spot)",
      },
      { atMs: queuedAtMs + waitMs - 9_000, code: "claimed", message: "machine m-17 was ready" },
    ],
  };
}
