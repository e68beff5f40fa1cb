import { describe, expect, it } from "vitest";
import { aPool } from "../test/fleet/builders.ts";
import {
  boughtIn,
  expectEmpty,
  expectServedOnce,
  labels,
  queueJobs,
} from "../test/fleet/oracles.ts";
import { createFleetWorld, minutes, openCatalog, seconds } from "../test/fleet/world.ts";
import { FleetError } from "./ports/failure.ts";

describe("an orchestrator whose machines and jobs misbehave", { timeout: 60_000 }, () => {
  it("replaces machines that never boot", async () => {
    const world = createFleetWorld({
      mute: (id) => id === "local-000001" || id === "local-000002",
    });
    await world.boot({ timings: { bootDeadlineMs: 3 * minutes } });
    await world.clock.advance(seconds);
    queueJobs(world, 3);
    await world.untilDone(15);
    await expectServedOnce(world);
    expect(boughtIn(world)).toBe(5);
  });

  it("takes an assignment back from an agent that never looks, and gives the job to the next machine", async () => {
    const world = createFleetWorld({ deaf: (id) => id === "local-000001" });
    const { orchestrator } = await world.boot();
    await world.clock.advance(seconds);
    const [id] = queueJobs(world, 1);
    await world.untilDone(10);
    const told = await orchestrator.explain({ jobId: `${id}.1` });
    expect(told.map(({ code }) => code)).toContain("machine-lost");
    await expectServedOnce(world);
  });

  it("serves both when a job that nobody told of takes the runner of another", async () => {
    const world = createFleetWorld();
    await world.boot();
    await world.clock.advance(seconds);
    queueJobs(world, 1, seconds);
    await world.untilDone(5);
    world.github.webhooks.faults({ vanish: 1 });
    const thief = world.github.queueJob({
      repository: "acme/app0",
      labels,
      durationMs: 30 * seconds,
    });
    world.github.webhooks.faults({});
    await world.clock.advance(100);
    const victim = world.github.queueJob({
      repository: "acme/app0",
      labels,
      durationMs: 30 * seconds,
    });
    await world.untilDone(15);
    const started = (id: string) =>
      world.github.jobs().find((job) => job.id === id)?.startedAtMs ?? 0;
    expect(started(thief)).toBeLessThan(started(victim));
    await expectServedOnce(world);
  });

  it.each([
    ["queued", 2 * seconds],
    ["assigned", 32 * seconds],
    ["running", 60 * seconds],
  ])(
    "cleans up after a job that is cancelled while it is %s, and serves the others",
    async (_, afterMs) => {
      const world = createFleetWorld();
      const { orchestrator } = await world.boot();
      await world.clock.advance(seconds);
      const [cancelled] = queueJobs(world, 3, 3 * minutes);
      await world.clock.advance(afterMs);
      world.github.cancelJob(cancelled ?? "");
      await world.untilDone(15);
      const { jobs } = await orchestrator.status();
      expect(jobs.map(({ id, state }) => [id === `${cancelled}.1`, state]).sort()).toEqual([
        [false, "completed"],
        [false, "completed"],
        [true, "cancelled"],
      ]);
      await world.clock.advance(15 * minutes);
      await expectEmpty(world);
    },
  );

  it.each(["before", "after"] as const)(
    "buys once although the answer to a launch is lost %s its effect",
    async (when) => {
      let lost = 0;
      const world = createFleetWorld({
        provider: (provider) => ({
          ...provider,
          launch: async (attempt, call) => {
            lost += 1;
            const fails = lost <= 2;
            if (fails && when === "before")
              throw new FleetError({ kind: "unavailable", message: "reset" });
            const result = await provider.launch(attempt, call);
            if (fails) throw new FleetError({ kind: "unavailable", message: "reset" });
            return result;
          },
        }),
      });
      await world.boot();
      await world.clock.advance(seconds);
      queueJobs(world, 3);
      await world.untilDone(10);
      expect(boughtIn(world)).toBe(3);
      await expectServedOnce(world);
    },
  );

  it("settles a purchase whose answer was lost and which is refused from then on, and buys anew", async () => {
    let calls = 0;
    let refusing = true;
    const world = createFleetWorld({
      provider: (provider) => ({
        ...provider,
        launch: async (attempt, call) => {
          calls += 1;
          if (calls === 1) throw new FleetError({ kind: "unavailable", message: "reset" });
          if (refusing) throw new FleetError({ kind: "capacity", message: "None left" });
          return provider.launch(attempt, call);
        },
      }),
    });
    await world.boot();
    await world.clock.advance(seconds);
    queueJobs(world, 1);
    await world.clock.advance(6 * minutes);
    refusing = false;
    await world.untilDone(10);
    await expectServedOnce(world);
  });

  it("starts its stopped machines although the provider throttles starts for a while", async () => {
    let throttled = true;
    const catalog = { ...openCatalog, pools: [aPool("p", { stopped: 4 })] };
    const world = createFleetWorld({
      catalog: () => catalog,
      refuse: (call) => (throttled && call.kind === "start" ? "throttled" : undefined),
    });
    const { orchestrator } = await world.boot();
    await world.clock.advance(10 * minutes);
    expect((await orchestrator.status()).pools[0]?.ready).toEqual({ hot: 0, stopped: 4 });
    const before = boughtIn(world);
    for (let index = 0; index < 3; index++) {
      world.github.queueJob({
        repository: "acme/a",
        labels: ["runs-fleet/pool=p"],
        durationMs: 20 * seconds,
      });
    }
    await world.clock.advance(30 * seconds);
    throttled = false;
    await world.clock.advance(2 * minutes);
    expect(world.github.jobs().map(({ state, starts }) => [state, starts])).toEqual(
      Array(3).fill(["completed", 1]),
    );
    // What was stopped served; only its replacements were bought.
    expect(boughtIn(world)).toBe(before + 3);
    await world.clock.advance(15 * minutes);
    expect((await orchestrator.status()).pools[0]?.ready).toEqual({ hot: 0, stopped: 4 });
  });

  it("lets a job with a wrong runner group hold up nobody else", async () => {
    const world = createFleetWorld({
      catalog: () => ({
        ...openCatalog,
        policies: [
          { name: "wrong", repositories: ["acme/wrong"], runnerGroup: "nope", allow: {} },
          { name: "everyone", repositories: ["acme/*"], allow: {} },
        ],
      }),
    });
    const { orchestrator } = await world.boot();
    await world.clock.advance(seconds);
    const wrongLabels = ["runs-fleet/cpu=4"];
    world.github.queueJob({ repository: "acme/wrong", labels: wrongLabels, durationMs: seconds });
    await world.clock.advance(5 * seconds);
    queueJobs(world, 3);
    await world.clock.advance(5 * minutes);
    expect(world.github.jobs().map(({ state }) => state)).toEqual([
      "queued",
      "completed",
      "completed",
      "completed",
    ]);
    const [wrong] = (await orchestrator.status()).jobs.filter(({ state }) => state === "queued");
    expect(wrong?.cause?.code).toBe("config");
  });

  it("remembers refused jobs over a restart, although GitHub goes on listing them as queued", async () => {
    const world = createFleetWorld();
    const first = await world.boot();
    await world.clock.advance(seconds);
    queueJobs(world, 1, seconds);
    world.github.queueJob({
      repository: "acme/app0",
      labels: ["runs-fleet/cpus=2"],
      durationMs: seconds,
    });
    await world.clock.advance(2 * minutes);
    first.life.kill();
    const second = await world.boot();
    await world.clock.advance(10 * minutes);
    expect(await second.orchestrator.status()).toMatchObject({ role: "controller", epoch: 2 });
    expect(world.github.checks().map(({ title }) => title)).toEqual(["No runner: labels-invalid"]);
  });

  it("stores more changes at once than a commit holds, and survives being killed in between", async () => {
    const world = createFleetWorld();
    const first = await world.boot();
    await world.clock.advance(seconds);
    queueJobs(world, 150, 5 * seconds);
    await world.clock.advance(36 * seconds);
    first.life.kill();
    const second = await world.boot();
    await world.untilDone(15);
    expect(await second.orchestrator.status()).toMatchObject({ role: "controller", epoch: 2 });
    expect(boughtIn(world)).toBe(150);
    await expectServedOnce(world);
  });
});
