// All plans of one pass over a large shard: what each pool wants, who gets which machine, what is bought, what is shed.
// `main.mjs` runs it; `node bench/plans.mjs` alone prints the rows.
import { pathToFileURL } from "node:url";
import { fromSource } from "./lib/from-source.mjs";

const nowMs = Date.parse("2026-11-24T09:00:00Z");
const hourMs = 3_600_000;
const shape = { os: "linux", cpu: { min: 4, max: 4 }, arch: "arm64" };
const samples = 15;

/** A pool in office hours: of five, two have a few too many ready, two lack some, one has what it wants. */
const poolOf = (index, machines) => ({
  name: `pool-${index}`,
  environment: "ci",
  regions: [{ name: "local" }],
  shape,
  schedule: {
    timeZone: ["Europe/Berlin", "America/New_York", "Asia/Kolkata"][index % 3],
    default: { hot: 1, stopped: 2 },
    entries: [
      {
        kind: "weekly",
        name: "office",
        days: ["mon", "tue", "wed", "thu", "fri"],
        start: "00:00",
        end: "24:00",
        capacity: {
          hot: Math.round(machines * (0.23 + (index % 5) / 100)),
          stopped: Math.round(machines * 0.1),
        },
      },
    ],
  },
  leadMs: 120_000,
  rampDown: { step: 5, everyMs: 300_000 },
  limits: { machines: machines * 2 },
});

/** Out of each hundred: 60 work, 25 are ready, 5 boot, 10 are stopped. */
const stateOf = (index, machines) => {
  const part = (index * 100) / machines;
  if (part < 60) return "running";
  if (part < 85) return "ready";
  return part < 90 ? "booting" : "stopped";
};

function machineOf(pool, index, machines, specHash) {
  const state = stateOf(index, machines);
  const launchedAtMs = nowMs - hourMs - index * 1_000;
  return {
    id: `i-${pool}-${index}`,
    attemptId: "attempt",
    environment: "ci",
    region: "local",
    fit: `pool:${pool}`,
    specHash,
    pool,
    market: index % 3 === 0 ? "spot" : "on-demand",
    state,
    launchedAtMs,
    sinceMs: launchedAtMs + 60_000,
    ...(state === "booting" ? {} : { readyAtMs: launchedAtMs + 60_000 }),
    deadlineMs: nowMs + 5 * hourMs,
    hardDeadlineMs: nowMs + 5 * hourMs,
    registrations: state === "running" ? 1 : 0,
    ...(state === "running" ? { jobKey: `${pool}-${index}.1` } : {}),
    sequence: 1,
    history: [],
  };
}

function jobOf(pool, index) {
  return {
    key: `${pool}-q${index}.1`,
    jobId: `${pool}-q${index}`,
    runId: "1",
    attempt: 1,
    repository: `acme/app${index % 20}`,
    repositoryId: "1",
    visibility: "private",
    fork: false,
    labels: [`runs-fleet/pool=${pool}`],
    state: "queued",
    placement: { environment: "ci", pool, shape, policy: "everyone" },
    fit: `pool:${pool}`,
    demand: `acme||runs-fleet/pool=${pool}`,
    createdAtMs: nowMs - index * 10,
    receivedAtMs: nowMs - index * 10,
    deadlineMs: nowMs + hourMs,
    history: [],
  };
}

function sceneOf(poolCount, machinesPerPool, poolSpecHash, timings) {
  const pools = Array.from({ length: poolCount }, (_, index) => poolOf(index, machinesPerPool));
  const machines = new Map();
  const jobs = new Map();
  for (const [number, pool] of pools.entries()) {
    const specHash = poolSpecHash(pool);
    for (let index = 0; index < machinesPerPool; index++) {
      const machine = machineOf(pool.name, index, machinesPerPool, specHash);
      machines.set(machine.id, machine);
    }
    if (number % 10 === 0) jobs.set(`${pool.name}-q0.1`, jobOf(pool.name, 0));
  }
  const catalog = {
    version: "1",
    defaultEnvironment: "ci",
    environments: [{ name: "ci", regions: ["local"] }],
    pools,
    images: [],
    policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
  };
  return {
    view: { machines, jobs, attempts: new Map() },
    context: { nowMs, environment: "ci", region: "local", catalog, timings },
  };
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** @returns {Promise<object[]>} rows for `main.mjs` */
export async function run() {
  const {
    targets: pools,
    assignments,
    launches,
    retirements,
    drains,
    replacement,
    timings,
  } = await fromSource({
    targets: "packages/core/src/pools/pool-target.ts",
    assignments: "packages/core/src/fleet/plan-assignments.ts",
    launches: "packages/core/src/fleet/plan-launches.ts",
    retirements: "packages/core/src/fleet/plan-retirements.ts",
    drains: "packages/core/src/fleet/plan-drains.ts",
    replacement: "packages/core/src/fleet/replacement.ts",
    timings: "packages/core/src/fleet/timings.ts",
  });
  const mints = { left: 1_000, refusal: () => undefined };
  const limits = {
    gate: () => undefined,
    startGate: () => undefined,
    probing: () => undefined,
    pipeline: 10_000,
    perLaunch: () => 100,
    purchases: 1_000,
  };
  let sink = 0;
  const pass = ({ view, context }) => {
    const { targets } = pools.poolTargets(context);
    const fallen = new Map(targets.map(({ pool, hot }) => [pool.name, hot]));
    sink += drains.planDrains(view, fallen, targets, context).length;
    const assigned = assignments.planAssignments(view, mints, 1_000);
    const bought = launches.planLaunches(view, assigned.unserved, targets, limits, context);
    const shed = retirements.planRetirements(view, targets, context, assigned.spokenFor);
    sink += assigned.claims.length + bought.launches.length + shed.retirements.length;
  };
  const measure = (poolCount, machinesPerPool) => {
    const scene = sceneOf(
      poolCount,
      machinesPerPool,
      replacement.poolSpecHash,
      timings.defaultTimings,
    );
    const times = [];
    for (let sample = -5; sample < samples; sample++) {
      const startedAt = performance.now();
      pass(scene);
      if (sample >= 0) times.push(performance.now() - startedAt);
    }
    return median(times);
  };
  const tenth = measure(1_000, 10);
  const whole = measure(1_000, 100);
  if (sink === 0) throw new Error("nothing was planned");
  return [
    {
      name: "all plans, 1,000 pools x 100 machines",
      value: whole,
      unit: "ms",
      target: "<= 50",
      ok: whole <= 50,
    },
    { name: "all plans, 1,000 pools x 10 machines", value: tenth, unit: "ms" },
    {
      name: "ten times the machines cost",
      value: whole / tenth,
      unit: "x",
      target: "<= 12",
      ok: whole / tenth <= 12,
    },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.table(await run());
