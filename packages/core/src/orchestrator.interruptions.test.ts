import { describe, expect, it } from "vitest";
import {
  createFleetWorld,
  minutes,
  openCatalog,
  type Process,
  seconds,
} from "../test/fleet/world.ts";
import { createMemoryQueue } from "./embedded/index.ts";
import { FleetError } from "./ports/failure.ts";
import type { MachineNotice } from "./ports/machine-notice.ts";
import type { Catalog, PoolConfig } from "./routing/index.ts";

const labels = ["runs-fleet/cpu=2"];
const job = { repository: "acme/app", labels, durationMs: 20 * minutes, name: "test" } as const;
const spotFirst = ["spot", "on-demand"];

async function aWorld(seed: number, catalog: Catalog = openCatalog) {
  const world = createFleetWorld({ seed, catalog: () => catalog });
  const { clock, github, provider } = world;
  const notices = createMemoryQueue<MachineNotice>({ clock });
  const process = await world.boot({ notices });
  const give = async (...bodies: readonly MachineNotice[]): Promise<void> => {
    await notices.send(bodies.map((body) => ({ body })));
  };
  return {
    ...world,
    notices,
    process,
    give,
    /** The machines there are, oldest first. */
    ids: async (): Promise<readonly string[]> => {
      const listed = await provider.list({ environment: "ci", region: "local" });
      return listed.filter(({ state }) => state !== "terminated").map(({ id }) => id);
    },
    /** The provider announces the end of a machine, and ends it. */
    takeAway: async (machineId: string): Promise<void> => {
      const atMs = clock.now();
      const endsAtMs = atMs + 2 * minutes;
      await give({ kind: "interruption", machineId, atMs, endsAtMs });
      await clock.advance(2 * minutes);
      await world.machines.kill(machineId);
    },
    /** What became of every attempt. */
    ends: () => github.jobs().map(({ attempt, conclusion }) => `${attempt}: ${conclusion}`),
    codesOf: async (id: string, of: Process = process): Promise<readonly string[]> =>
      (await of.orchestrator.explain({ jobId: id })).map(({ code }) => code),
    causeOf: async (id: string) =>
      (await process.orchestrator.status()).jobs.find((one) => one.id === id)?.cause,
    rest: async (): Promise<void> => {
      await clock.advance(3 * minutes);
      expect(await world.open("jobs")).toBe(0);
      await world.stop(process);
    },
  };
}

describe("an orchestrator whose provider takes machines away", () => {
  it("has the job run again once, on demand, when GitHub has concluded its run", async () => {
    const { clock, github, launches, ...world } = await aWorld(1);
    const id = github.queueJob(job);
    await clock.advance(3 * minutes);
    const [lost = ""] = await world.ids();
    await world.takeAway(lost);
    // GitHub holds the job for the dead runner, until its lock runs out.
    await clock.advance(5 * minutes);
    expect(world.ends()).toEqual(["1: undefined"]);
    await clock.advance(40 * minutes);

    expect(world.ends()).toEqual(["1: failure", "2: success"]);
    expect(launches.map(({ markets }) => markets)).toEqual([spotFirst, ["on-demand"]]);
    expect(await world.codesOf(`${id}.1`)).toEqual(
      expect.arrayContaining(["interrupted", "rerun-pending", "rerun-asked", "rerun-started"]),
    );
    const again = github.jobs()[1]?.id;
    expect(await world.causeOf(`${id}.1`)).toEqual({
      code: "interrupted",
      message: `${lost} was taken away while it ran; it runs again as job ${again}`,
    });
    expect(await world.codesOf(`${again}.2`)).toEqual(expect.arrayContaining(["rerun"]));
    await world.rest();
  });

  it("does so as well when the machine is gone without a word", async () => {
    const { clock, github, machines, ...world } = await aWorld(2);
    const id = github.queueJob(job);
    await clock.advance(3 * minutes);
    const [lost = ""] = await world.ids();
    await machines.kill(lost);
    await clock.advance(40 * minutes);
    expect(world.ends()).toEqual(["1: failure", "2: success"]);
    expect((await world.causeOf(`${id}.1`))?.code).toBe("machine-lost");
    await world.rest();
  });

  it("waits for the rest of the run, and keeps what the rest did", async () => {
    const { clock, github, ...world } = await aWorld(3);
    const id = github.queueJob(job);
    await clock.advance(3 * minutes);
    const [lost = ""] = await world.ids();
    const { runId = "" } = github.jobs().find((one) => one.id === id) ?? {};
    const long = { ...job, runId, name: "long", durationMs: 90 * minutes } as const;
    github.queueJob(long);
    await clock.advance(2 * minutes);
    await world.takeAway(lost);
    await clock.advance(30 * minutes);
    expect(world.ends()).toEqual(["1: failure", "1: undefined"]);
    expect((await world.causeOf(`${id}.1`))?.code).toBe("rerun-pending");
    expect(await world.codesOf(`${id}.1`)).toContain("rerun-waits");
    await clock.advance(90 * minutes);
    expect(world.ends()).toEqual(["1: failure", "1: success", "2: success"]);
    await world.rest();
  });

  it("has two lost jobs of one run run again, each once, one after the other", async () => {
    const { clock, github, launches, machines, ...world } = await aWorld(4);
    const id = github.queueJob({ ...job, name: "test (1)" });
    const { runId = "" } = github.jobs().find((one) => one.id === id) ?? {};
    github.queueJob({ ...job, runId, name: "test (2)" });
    await clock.advance(3 * minutes);
    for (const lost of await world.ids()) await machines.kill(lost);
    await clock.advance(90 * minutes);
    expect(world.ends()).toEqual(["1: failure", "1: failure", "2: success", "3: success"]);
    expect(launches.slice(-2).map(({ markets }) => markets)).toEqual([
      ["on-demand"],
      ["on-demand"],
    ]);
    await world.rest();
  });

  it("does not run it again where the policy says so", async () => {
    const [everyone] = openCatalog.policies;
    const policies = [{ ...everyone, rerun: { attempts: 0 } }] as Catalog["policies"];
    const { clock, github, ...world } = await aWorld(5, { ...openCatalog, policies });
    const id = github.queueJob(job);
    await clock.advance(3 * minutes);
    const [lost = ""] = await world.ids();
    await world.takeAway(lost);
    await clock.advance(40 * minutes);
    expect(world.ends()).toEqual(["1: failure"]);
    expect(await world.causeOf(`${id}.1`)).toEqual({
      code: "interrupted",
      message: `${lost} was taken away while it ran; not run again: policy everyone asks for no re-runs`,
    });
    await world.rest();
  });

  it("leaves a job alone that failed by its own steps, although its machine was about to go", async () => {
    const { clock, github, give, ...world } = await aWorld(6);
    const id = github.queueJob({ ...job, durationMs: 3 * minutes, result: "failed" });
    await clock.advance(2 * minutes);
    const [machineId = ""] = await world.ids();
    const atMs = clock.now();
    await give({ kind: "interruption", machineId, atMs, endsAtMs: atMs + 4 * minutes });
    await clock.advance(40 * minutes);
    expect(world.ends()).toEqual(["1: failure"]);
    expect(await world.causeOf(`${id}.1`)).toBeUndefined();
    await world.rest();
  });

  it("takes the news of a machine after those of its job", async () => {
    const { clock, github, give, ...world } = await aWorld(7);
    github.queueJob({ ...job, durationMs: 3 * minutes, result: "failed" });
    await clock.advance(2 * minutes);
    const [machineId = ""] = await world.ids();
    const endsAtMs = clock.now() + 2 * minutes;
    await clock.advance(2 * minutes);
    expect(world.ends()).toEqual(["1: failure"]);
    await give({ kind: "interruption", machineId, atMs: endsAtMs - 2 * minutes, endsAtMs });
    await clock.advance(10 * minutes);
    expect(world.ends()).toEqual(["1: failure", "2: success"]);
    await world.rest();
  });

  it("takes a person's re-run for the one that it wanted", async () => {
    const { clock, github, launches, ...world } = await aWorld(8);
    const id = github.queueJob(job);
    await clock.advance(3 * minutes);
    const [lost = ""] = await world.ids();
    const { runId = "" } = github.jobs().find((one) => one.id === id) ?? {};
    github.queueJob({ ...job, runId, name: "long", durationMs: 30 * minutes });
    await world.takeAway(lost);
    await clock.advance(32 * minutes - 5 * seconds);
    for (let tries = 0; tries < 60; tries += 1) {
      await clock.advance(1 * seconds);
      if ((await github.client.jobs.rerun("acme/app", id)) === "accepted") break;
    }
    await clock.advance(60 * minutes);
    expect(world.ends()).toEqual(["1: failure", "1: success", "2: success"]);
    expect(launches.at(-1)?.markets).toEqual(["on-demand"]);
    expect((await world.causeOf(`${id}.1`))?.message).toContain("runs again as job");
    await world.rest();
  });

  it("gives up when GitHub refuses it, and says why", async () => {
    const world = createFleetWorld({ seed: 9 });
    const { clock, github, machines } = world;
    const { client } = github;
    let asked = 0;
    const rerun = async (): Promise<"accepted"> => {
      asked += 1;
      throw new FleetError({ kind: "auth", message: "403 Resource not accessible by integration" });
    };
    const process = await world.boot({
      github: { ...client, jobs: { ...client.jobs, rerun } },
    });
    const id = github.queueJob(job);
    await clock.advance(3 * minutes);
    for (const { id: machineId } of await world.provider.list({
      environment: "ci",
      region: "local",
    })) {
      await machines.kill(machineId);
    }
    await clock.advance(30 * minutes);
    expect(asked).toBe(3);
    const { jobs } = await process.orchestrator.status();
    expect(jobs.find((one) => one.id === `${id}.1`)?.cause).toMatchObject({
      code: "rerun-failed",
      message: expect.stringContaining("Resource not accessible by integration"),
    });
    expect(await world.open("jobs")).toBe(0);
    await world.stop(process);
  });

  it.each(["before", "after"] as const)(
    "asks once, although its process dies %s GitHub hears it",
    async (when) => {
      const world = createFleetWorld({ seed: 10 });
      const { clock, github, machines } = world;
      const doomed = await world.boot();
      doomed.life.crashAtNext("github.jobs.rerun", when);
      const other = await world.boot({ webhooks: false });
      github.webhooks.target((request) => other.orchestrator.handleWebhook(request), "secret");
      github.queueJob(job);
      await clock.advance(3 * minutes);
      const listed = await world.provider.list({ environment: "ci", region: "local" });
      await machines.kill(listed[0]?.id ?? "");
      await clock.advance(60 * minutes);
      expect(doomed.life.isDead()).toBe(true);
      expect(github.jobs().map(({ attempt, conclusion }) => ({ attempt, conclusion }))).toEqual([
        { attempt: 1, conclusion: "failure" },
        { attempt: 2, conclusion: "success" },
      ]);
      expect(world.launches.at(-1)?.markets).toEqual(["on-demand"]);
      expect(await world.open("jobs")).toBe(0);
      await world.stop(other);
    },
  );
});

function aPool(changes: Partial<PoolConfig> = {}): Catalog {
  const pool: PoolConfig = {
    name: "warm",
    environment: "ci",
    regions: [{ name: "local" }],
    shape: { os: "linux", cpu: { min: 2, max: 2 } },
    schedule: { default: { hot: 2, stopped: 0 }, entries: [] },
    limits: { machines: 10 },
    ...changes,
  };
  return { ...openCatalog, pools: [pool] };
}

const pooled = { ...job, labels: ["runs-fleet/pool=warm"] } as const;

describe("an orchestrator whose provider takes machines of a pool away", () => {
  it("replaces an idle one at once, and gives it no job", async () => {
    const { clock, give, ...world } = await aWorld(11, aPool());
    await clock.advance(3 * minutes);
    const [machineId = "", other = ""] = await world.ids();
    const endsAtMs = clock.now() + 2 * minutes;
    await give({ kind: "interruption", machineId, atMs: clock.now(), endsAtMs });
    await clock.advance(45 * seconds);
    const now = await world.ids();
    expect(now).toHaveLength(2);
    expect(now).toContain(other);
    expect(now).not.toContain(machineId);
    await world.stop(world.process);
  });

  it("buys before it lets go of an idle one that may be taken away", async () => {
    const { clock, give, ...world } = await aWorld(12, aPool());
    await clock.advance(10 * minutes);
    const [machineId = ""] = await world.ids();
    await give({ kind: "rebalance", machineId, atMs: clock.now() });
    const counts = new Set<number>();
    for (let second = 0; second < 240; second += 1) {
      await clock.advance(1 * seconds);
      const ready = (await world.process.orchestrator.status()).machines.filter(
        ({ state }) => state === "ready",
      );
      counts.add(ready.length);
    }
    expect([...counts]).toEqual([2]);
    expect(await world.ids()).not.toContain(machineId);
    expect(await world.ids()).toHaveLength(2);
    await world.stop(world.process);
  });

  it("runs a lost job again outside a pool that buys on spot, within one that does not", async () => {
    for (const [spot, pool] of [
      [true, undefined],
      [false, "warm"],
    ] as const) {
      const shape = { os: "linux", cpu: { min: 2, max: 2 }, spot } as const;
      const { clock, github, machines, launches, ...world } = await aWorld(13, aPool({ shape }));
      await clock.advance(3 * minutes);
      const id = github.queueJob(pooled);
      await clock.advance(1 * minutes);
      const { jobs } = await world.process.orchestrator.status();
      await machines.kill(jobs.find((one) => one.id === `${id}.1`)?.machineId ?? "");
      await clock.advance(40 * minutes);
      expect(world.ends()).toEqual(["1: failure", "2: success"]);
      const again = github.jobs()[1]?.id;
      const after = await world.process.orchestrator.status();
      expect(after.jobs.find((one) => one.id === `${again}.2`)?.pool).toBe(pool);
      const own = launches.filter((attempt) => attempt.pool === pool);
      expect(own.at(-1)?.markets).toEqual(["on-demand"]);
      await world.stop(world.process);
    }
  });
});
