import { describe, expect, it } from "vitest";
import type { JobEvent } from "../ports/demand-event.ts";
import { FleetError } from "../ports/failure.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createSweep, type SweepOptions } from "./sweep.ts";

const dayMs = 86_400_000;
const throttled = new FleetError({ kind: "throttled", message: "slow down", retryAfterMs: 42_000 });

/** A GitHub of which some deliveries failed; those redelivered stay failed. */
function failedDeliveries(
  guids: readonly string[],
  refuse: (guid: string) => unknown = () => undefined,
) {
  const redelivered: string[] = [];
  const since: number[] = [];
  const deliveries: SweepOptions["github"]["deliveries"] = {
    async *listFailed(sinceMs) {
      since.push(sinceMs);
      for (const guid of guids) yield { id: `id-of-${guid}`, guid };
    },
    redeliver: async (id) => {
      const guid = id.slice("id-of-".length);
      const error = refuse(guid);
      if (error !== undefined) throw error;
      redelivered.push(guid);
    },
  };
  return { github: { deliveries, jobs: { listQueued: async () => [] } }, redelivered, since };
}

const queuedJob = (repository: string, labels: readonly string[]): JobEvent => ({
  kind: "job",
  action: "queued",
  jobId: "1",
  runId: "1",
  attempt: 1,
  repository,
  repositoryId: "1",
  visibility: "private",
  fork: false,
  labels,
  deliveryId: "sweep",
  receivedAtMs: 0,
});

/** A GitHub with one job of ours and one of others in every repository. */
function queuedJobs(refuse: (repository: string) => unknown = () => undefined) {
  const asked: string[] = [];
  let inHand = 0;
  let most = 0;
  const listQueued = async (repository: string): Promise<readonly JobEvent[]> => {
    asked.push(repository);
    inHand += 1;
    most = Math.max(most, inHand);
    await new Promise((resolve) => setImmediate(resolve));
    inHand -= 1;
    const error = refuse(repository);
    if (error !== undefined) throw error;
    return [queuedJob(repository, ["runs-fleet"]), queuedJob(repository, ["ubuntu-latest"])];
  };
  const { github } = failedDeliveries([]);
  return { github: { ...github, jobs: { listQueued } }, asked, most: () => most };
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `acme/r${index}`);

describe("the sweep of deliveries", () => {
  it("redelivers each failed one once, until a while has passed", async () => {
    const clock = createVirtualClock(10 * dayMs);
    const { github, redelivered } = failedDeliveries(["a", "b"]);
    const sweep = createSweep({ github, clock, redeliverAgainAfterMs: 60_000 });
    expect(await sweep.sweepDeliveries(0)).toEqual({
      failed: 2,
      redelivered: 2,
      recent: 0,
      failures: [],
    });
    await clock.advance(59_999);
    expect(await sweep.sweepDeliveries(0)).toMatchObject({ redelivered: 0, recent: 2 });
    await clock.advance(1);
    await sweep.sweepDeliveries(0);
    expect(redelivered).toEqual(["a", "b", "a", "b"]);
  });

  it("does a bounded share per pass, and the next share in the next", async () => {
    const { github, redelivered } = failedDeliveries(["a", "b", "c", "d", "e"]);
    const sweep = createSweep({ github, redeliverPerPass: 2 });
    expect(await sweep.sweepDeliveries(0)).toMatchObject({
      redelivered: 2,
      stopped: { reason: "limit" },
    });
    await sweep.sweepDeliveries(0);
    const last = await sweep.sweepDeliveries(0);
    expect(last).toEqual({ failed: 5, redelivered: 1, recent: 4, failures: [] });
    expect(redelivered).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("never asks for what GitHub no longer redelivers", async () => {
    const clock = createVirtualClock(10 * dayMs);
    const { github, since } = failedDeliveries([]);
    const sweep = createSweep({ github, clock });
    await sweep.sweepDeliveries(0);
    await sweep.sweepDeliveries(9 * dayMs);
    expect(since).toEqual([7 * dayMs, 9 * dayMs]);
  });

  it("stops when it is throttled, says so, and tries the same again next time", async () => {
    let busy = true;
    const { github, redelivered } = failedDeliveries(["a", "b", "c"], (guid) =>
      busy && guid === "b" ? throttled : undefined,
    );
    const sweep = createSweep({ github });
    expect(await sweep.sweepDeliveries(0)).toEqual({
      failed: 2,
      redelivered: 1,
      recent: 0,
      failures: [],
      stopped: { reason: "throttled", retryAfterMs: 42_000 },
    });
    busy = false;
    await sweep.sweepDeliveries(0);
    expect(redelivered).toEqual(["a", "b", "c"]);
  });

  it("goes on past one that fails, and comes back soon only to what may succeed", async () => {
    const tries: string[] = [];
    const { github } = failedDeliveries(["gone", "down", "odd", "fine"], (guid) => {
      tries.push(guid);
      if (guid === "gone") return new FleetError({ kind: "not-found", message: "too old" });
      if (guid === "down") return new FleetError({ kind: "unavailable", message: "502" });
      if (guid === "odd") return new Error("with a secret in it");
      return undefined;
    });
    const sweep = createSweep({ github });
    const first = await sweep.sweepDeliveries(0);
    expect(first.redelivered).toBe(1);
    expect(first.failures).toEqual([
      { subject: "gone", kind: "not-found", message: "too old" },
      { subject: "down", kind: "unavailable", message: "502" },
      { subject: "odd", kind: "unknown", message: "It failed in a way that is not known" },
    ]);
    tries.length = 0;
    await sweep.sweepDeliveries(0);
    expect(tries).toEqual(["down"]);
  });

  it.each([
    [throttled, { failures: [], stopped: { reason: "throttled", retryAfterMs: 42_000 } }],
    [
      new FleetError({ kind: "auth", message: "bad key" }),
      { failures: [{ subject: "deliveries", kind: "auth", message: "bad key" }] },
    ],
  ])("answers with data when the list itself fails: %s", async (error, expected) => {
    const { github } = failedDeliveries([]);
    const listFailed = () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
    });
    const sweep = createSweep({
      github: { ...github, deliveries: { ...github.deliveries, listFailed } },
    });
    expect(await sweep.sweepDeliveries(0)).toEqual({
      failed: 0,
      redelivered: 0,
      recent: 0,
      ...expected,
    });
  });

  it("rejects with the reason when it is cancelled, and redelivers nothing more", async () => {
    const stop = new AbortController();
    const reason = new Error("the host ends");
    const { github, redelivered } = failedDeliveries(["a", "b", "c"], (guid) => {
      if (guid === "b") stop.abort(reason);
      return undefined;
    });
    const sweep = createSweep({ github });
    await expect(sweep.sweepDeliveries(0, { signal: stop.signal })).rejects.toBe(reason);
    expect(redelivered).toEqual(["a", "b"]);
  });
});

describe("the sweep of queued jobs", () => {
  it("finds the jobs of ours in every repository, some repositories at a time", async () => {
    const { github, most } = queuedJobs();
    const sweep = createSweep({ github, concurrency: 3 });
    const swept = await sweep.sweepQueuedJobs(names(10));
    expect(swept).toMatchObject({ repositories: 10, skipped: [], failures: [] });
    expect(swept.jobs.map((job) => job.repository).sort()).toEqual(names(10));
    expect(swept.jobs.every((job) => job.labels[0] === "runs-fleet")).toBe(true);
    expect(most()).toBe(3);
  });

  it("knows jobs that the catalog makes ours", async () => {
    const { github } = queuedJobs();
    const labels = () => ({ aliases: [{ match: "ubuntu-latest", use: "cpu=2" }] });
    const swept = await createSweep({ github, labels }).sweepQueuedJobs(names(1));
    expect(swept.jobs).toHaveLength(2);
  });

  it("is not hindered by repositories that fail", async () => {
    const { github } = queuedJobs((repository) => {
      if (repository === "acme/r1")
        return new FleetError({ kind: "not-found", message: "no access" });
      if (repository === "acme/r2") return new FleetError({ kind: "unavailable", message: "502" });
      return undefined;
    });
    const swept = await createSweep({ github }).sweepQueuedJobs(names(6));
    expect(swept.jobs).toHaveLength(4);
    expect(swept.failures.map(({ subject, kind }) => [subject, kind])).toEqual([
      ["acme/r1", "not-found"],
      ["acme/r2", "unavailable"],
    ]);
    expect(swept).not.toHaveProperty("stopped");
  });

  it("stops when it is throttled, says what it did not come to, and begins there next time", async () => {
    let busy = true;
    const { github, asked } = queuedJobs((repository) =>
      busy && repository === "acme/r3" ? throttled : undefined,
    );
    const sweep = createSweep({ github, concurrency: 1 });
    const swept = await sweep.sweepQueuedJobs(names(6));
    expect(swept).toMatchObject({
      repositories: 3,
      skipped: ["acme/r3", "acme/r4", "acme/r5"],
      stopped: { reason: "throttled", retryAfterMs: 42_000 },
    });
    busy = false;
    asked.length = 0;
    expect((await sweep.sweepQueuedJobs(names(6))).repositories).toBe(6);
    expect(asked.slice(0, 3)).toEqual(["acme/r3", "acme/r4", "acme/r5"]);
  });

  it("asks each repository once, however often it is named, and none that is no longer wanted", async () => {
    const { github, asked } = queuedJobs(() => throttled);
    const sweep = createSweep({ github, concurrency: 1 });
    await sweep.sweepQueuedJobs(["acme/old", "acme/old"]);
    expect(asked).toEqual(["acme/old"]);
    asked.length = 0;
    await sweep.sweepQueuedJobs(["acme/new"]);
    expect(asked).toEqual(["acme/new"]);
  });

  it("rejects with the reason when it is cancelled, after what runs has ended", async () => {
    const stop = new AbortController();
    const reason = new Error("the host ends");
    const { github, asked } = queuedJobs((repository) => {
      if (repository === "acme/r1") stop.abort(reason);
      return undefined;
    });
    const sweep = createSweep({ github, concurrency: 2 });
    await expect(sweep.sweepQueuedJobs(names(20), { signal: stop.signal })).rejects.toBe(reason);
    expect(asked.length).toBeLessThan(6);
  });
});

describe("createSweep", () => {
  it.each([{ concurrency: 0 }, { redeliverPerPass: 1.5 }, { redeliverAgainAfterMs: -1 }])(
    "refuses %j",
    (options) => {
      expect(() => createSweep({ ...queuedJobs(), ...options })).toThrow(RangeError);
    },
  );
});
