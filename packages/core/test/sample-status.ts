import type { Decision, FleetStatus, JobStatus } from "../src/fleet/status.ts";
import { samplePools } from "./sample-pools.ts";

/** The moment at which the samples are seen: 2026-11-24T14:03:22Z. */
export const sampleNowMs = 1_795_529_002_000;

const repositories = ["acme/shop", "acme/payments-service", "acme/mobile", "acme/infrastructure"];

/** A small repeatable sequence of numbers in [0, 1). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

function job(index: number, state: JobStatus["state"], random: () => number): JobStatus {
  const served = (["hot", "hot", "stopped", "cold"] as const)[index % 4] ?? "hot";
  const machine = { hot: 300, stopped: 14_000, cold: 38_000 }[served] * (0.7 + random() * 0.8);
  const waitsMs: Record<string, number> = { queue: 200 + random() * 2_500 };
  if (state !== "queued") {
    Object.assign(waitsMs, { machine, github: 350 + random() * 900 });
    if (state !== "assigned") Object.assign(waitsMs, { register: 2_200 + random() * 2_600 });
    if (state === "running") Object.assign(waitsMs, { run: 20_000 + random() * 90_000 });
    if (state === "completed") Object.assign(waitsMs, { run: 60_000 + random() * 400_000 });
  }
  const x64 = index % 3 === 0;
  return {
    id: String(37_114_060_210 - index * 1_931),
    repository: repositories[index % repositories.length] ?? "acme/shop",
    state,
    queuedAtMs: sampleNowMs - 4_000 - index * 21_000,
    waitsMs,
    labels: [x64 ? "runs-fleet/cpu=8/arch=x64" : "runs-fleet/pool=linux-arm"],
    ...(x64 ? {} : { pool: "linux-arm" }),
    ...(state === "queued"
      ? {}
      : { served, machineId: `i-0${(index * 7_919 + 100_003).toString(16)}` }),
    ...(state === "completed" ? { conclusion: index % 5 === 0 ? "failure" : "success" } : {}),
  };
}

const decision = (
  agoMs: number,
  code: string,
  message: string,
  subject: Decision["subject"],
): Decision => ({
  atMs: sampleNowMs - agoMs,
  code,
  message,
  subject,
});

/** A fleet at work with nothing to complain about. */
export function busyStatus(): FleetStatus {
  const random = sequence(7);
  const states = ["queued", "assigned", "running", "running", "running", "running"] as const;
  const jobs = Array.from({ length: 42 }, (_, index) =>
    job(index, states[index] ?? (index === 20 ? "cancelled" : "completed"), random),
  );
  const running = jobs.filter(({ state }) => state === "running" || state === "assigned");
  return {
    environment: "ci",
    role: "controller",
    epoch: 12,
    catalogVersion: "9f2c1ab",
    headline: "All is well: 4 jobs run, 2 are on their way, and every pool has what it wants.",
    decisions: [
      decision(1_800, "assign", "The oldest of 3 demands for these labels got a hot machine", {
        jobId: running[0]?.id ?? "",
        machineId: running[0]?.machineId ?? "",
      }),
      decision(9_000, "launch", "2 machines to replace those that were claimed", {
        pool: "linux-arm",
      }),
      decision(31_000, "stop", "Idle for 20 min and above the target", {
        pool: "linux-arm",
        machineId: "i-0f3a9e1",
      }),
      decision(
        64_000,
        "capacity",
        "No spot capacity for c7g.xlarge in us-east-1a; c7g.xlarge in us-east-1b was taken instead",
        { pool: "linux-arm" },
      ),
    ],
    pools: samplePools(sampleNowMs).map(({ status }) => status),
    jobs,
    machines: [
      ...running.map((one) => ({
        id: one.machineId ?? "",
        ...(one.pool === undefined ? {} : { pool: one.pool }),
        region: "us-east-1",
        state: one.state === "running" ? "busy" : "assigned",
        jobId: one.id,
        deadlineMs: sampleNowMs + 21_000_000,
      })),
      {
        id: "i-0c0ffee1",
        pool: "linux-arm",
        region: "us-east-1",
        state: "ready",
        deadlineMs: sampleNowMs + 22_000_000,
      },
      {
        id: "i-0c0ffee2",
        pool: "windows",
        region: "eu-west-1",
        state: "booting",
        deadlineMs: sampleNowMs + 22_500_000,
      },
      {
        id: "i-0dead001",
        region: "us-east-1",
        state: "terminating",
        deadlineMs: sampleNowMs - 61_000,
      },
    ],
  };
}

/** A fleet with refused and late jobs. */
export function troubledStatus(): FleetStatus {
  const status = busyStatus();
  const [first, second, third, fourth, ...rest] = status.jobs;
  const changed = [first, second, third, fourth].filter((one) => one !== undefined);
  const changes: readonly Partial<JobStatus>[] = [
    {
      state: "failed",
      labels: ["runs-fleet/cpus=8/arch=arm64"],
      cause: {
        code: "labels-invalid",
        message: "`cpus` is not a key of runs-fleet labels; did you mean `cpu`?",
      },
      waitsMs: { queue: 12 },
    },
    {
      state: "queued",
      repository: "acme/payments-service",
      cause: {
        code: "pool-limit",
        message: "Pool linux-arm has 450 of 450 machines; 31 jobs of it wait",
      },
      waitsMs: { queue: 412_000 },
    },
    {
      state: "failed",
      repository: "stranger/shop",
      cause: {
        code: "no-policy",
        message: "stranger/shop is a public fork, and no policy lists it",
      },
      waitsMs: { queue: 9 },
    },
    { state: "queued", waitsMs: { queue: 204_000 } },
  ];
  return {
    ...status,
    headline:
      "31 jobs wait because pool linux-arm is full; 2 jobs were refused. Everything else is served.",
    jobs: [...changed.map((one, index) => ({ ...one, ...changes[index] }) as JobStatus), ...rest],
  };
}

/** A fleet that has nothing yet. */
export function emptyStatus(): FleetStatus {
  return {
    environment: "local",
    role: "controller",
    epoch: 1,
    catalogVersion: "1",
    headline: "All is well: nothing waits and nothing runs.",
    decisions: [],
    pools: [],
    jobs: [],
    machines: [],
  };
}
