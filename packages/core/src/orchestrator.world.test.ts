import { describe, expect, it } from "vitest";
import { aPool } from "../test/fleet/builders.ts";
import {
  createFleetWorld,
  minutes,
  openCatalog,
  seconds,
  type World,
} from "../test/fleet/world.ts";
import type { Clock } from "./ports/clock.ts";
import { type FailureKind, FleetError } from "./ports/failure.ts";
import type { StateStore } from "./ports/state-store.ts";
import { createSeededEntropy } from "./testing/seeded-entropy.ts";

const labels = ["runs-fleet/cpu=2"];
const acme = (index: number) => `acme/app${index % 3}`;

function queue(world: World, count: number, durationMs = 20 * seconds): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    world.github.queueJob({ repository: acme(index), labels, durationMs }),
  );
}

/** Every job ran exactly once and to its end, nothing is left over, and no loop waited for nothing. */
async function expectServedOnce(world: World): Promise<void> {
  const odd = world.github
    .jobs()
    .filter(
      ({ state, starts, conclusion }) =>
        state !== "completed" || starts !== 1 || conclusion !== "success",
    );
  expect(odd).toEqual([]);
  await world.clock.advance(15 * minutes);
  await expectEmpty(world);
}

async function expectEmpty(world: World): Promise<void> {
  const left = { alive: await world.alive() };
  for (const table of ["machines", "attempts", "assignments"]) {
    Object.assign(left, { [table]: await world.open(table) });
  }
  expect(left).toEqual({ alive: 0, machines: 0, attempts: 0, assignments: 0 });
  expect(world.github.runners()).toEqual([]);
}

const boughtIn = (world: World): number => {
  const byToken = new Map(world.launches.map(({ token, count }) => [token, count]));
  return [...byToken.values()].reduce((sum, count) => sum + count, 0);
};

/** Fails every commit and renewal while `isDown`. */
const failing =
  (kind: FailureKind, isDown: (nowMs: number) => boolean) =>
  (store: StateStore, clock: Clock): StateStore => {
    const down = (): void => {
      if (isDown(clock.now())) throw new FleetError({ kind, message: `The store is ${kind}` });
    };
    return {
      ...store,
      commit: async (...words) => {
        down();
        return store.commit(...words);
      },
      leases: {
        ...store.leases,
        acquire: async (...words) => {
          down();
          return store.leases.acquire(...words);
        },
        renew: async (...words) => {
          down();
          return store.leases.renew(...words);
        },
      },
    };
  };

describe("two orchestrators on one store", { timeout: 60_000 }, () => {
  it("launch nothing twice when the active one is paused for a minute and resumed: one epoch wins", async () => {
    const world = createFleetWorld();
    const first = await world.boot();
    await world.clock.advance(seconds);
    const second = await world.boot();
    queue(world, 8);
    await world.clock.advance(3 * seconds);
    expect((await first.orchestrator.status()).role).toBe("controller");
    first.life.pause();
    const pausedMs = world.clock.now();
    while ((await second.orchestrator.status()).role !== "controller")
      await world.clock.advance(seconds);
    expect(world.clock.now() - pausedMs).toBeLessThanOrEqual(20 * seconds);
    await world.clock.advance(pausedMs + minutes - world.clock.now());
    first.life.resume();
    await world.clock.advance(5 * seconds);
    const roles = [await first.orchestrator.status(), await second.orchestrator.status()];
    expect(roles.map(({ role, epoch }) => [role, epoch])).toEqual([
      ["standby", undefined],
      ["controller", 2],
    ]);
    await world.untilDone(15);
    expect(boughtIn(world)).toBe(8);
    await expectServedOnce(world);
  });

  it.each([0, 0.5, 0.999])(
    "take over within 20 s of a kill, whatever their jitter (%s)",
    async (random) => {
      const world = createFleetWorld();
      const first = await world.boot();
      await world.clock.advance(seconds);
      const entropy = { ...createSeededEntropy(9), random: () => random };
      const second = await world.boot({ entropy });
      for (const afterMs of [30_000, 31_700, 34_900]) await world.clock.advance(afterMs - 30_000);
      first.life.kill();
      const killedMs = world.clock.now();
      while ((await second.orchestrator.status()).role !== "controller")
        await world.clock.advance(500);
      expect(world.clock.now() - killedMs).toBeLessThanOrEqual(20 * seconds);
    },
  );

  it("hand over at once when the active one stops, and lose nothing that it had taken in", async () => {
    const world = createFleetWorld();
    const first = await world.boot();
    await world.clock.advance(seconds);
    const second = await world.boot();
    queue(world, 6);
    await world.clock.advance(2 * seconds);
    const stopped = first.orchestrator.stop();
    await world.clock.advance(6 * seconds);
    await stopped;
    expect((await first.orchestrator.status()).role).toBe("draining");
    expect((await second.orchestrator.status()).role).toBe("controller");
    await world.untilDone(10);
    await expectServedOnce(world);
  });
});

describe("an orchestrator in a bad world", { timeout: 60_000 }, () => {
  it("buys nothing twice and sheds nothing that is wanted while GitHub is down for ten minutes", async () => {
    const world = createFleetWorld();
    await world.boot();
    await world.clock.advance(seconds);
    queue(world, 5);
    await world.clock.advance(10 * seconds);
    world.github.setOutage({ api: "unavailable", runners: true, webhooks: true });
    await world.clock.advance(10 * minutes);
    expect(boughtIn(world)).toBe(5);
    world.github.setOutage(undefined);
    await world.untilDone(10);
    expect(boughtIn(world)).toBe(5);
    await expectServedOnce(world);
  });

  it("tells why jobs wait, and buys for none of them, once it knows that GitHub is down", async () => {
    const world = createFleetWorld();
    const { orchestrator } = await world.boot();
    await world.clock.advance(seconds);
    queue(world, 1);
    await world.clock.advance(30 * seconds);
    world.github.setOutage({ api: "unavailable" });
    queue(world, 4);
    await world.clock.advance(5 * minutes);
    const status = await orchestrator.status();
    const waiting = status.jobs.filter(({ state }) => state === "queued");
    expect(waiting.length).toBeGreaterThan(0);
    for (const { cause } of waiting) expect(cause?.code).toBe("unavailable");
    world.github.setOutage(undefined);
    await world.untilDone(10);
    await expectServedOnce(world);
  });

  it.each(["throttled", "unavailable"] as const)(
    "serves every job once although the store is %s for a minute",
    async (kind) => {
      let fromMs = Number.POSITIVE_INFINITY;
      const world = createFleetWorld({
        store: failing(kind, (nowMs) => nowMs >= fromMs && nowMs < fromMs + minutes),
      });
      await world.boot();
      await world.clock.advance(seconds);
      queue(world, 6);
      await world.clock.advance(35 * seconds);
      fromMs = world.clock.now();
      queue(world, 4);
      await world.untilDone(15);
      await expectServedOnce(world);
    },
  );

  it("keeps its leadership over a short hiccup of the store, and repeats what was not stored", async () => {
    let fromMs = Number.POSITIVE_INFINITY;
    const world = createFleetWorld({
      store: failing("throttled", (nowMs) => nowMs >= fromMs && nowMs < fromMs + 3 * seconds),
    });
    const { orchestrator } = await world.boot();
    await world.clock.advance(seconds);
    queue(world, 3);
    fromMs = world.clock.now();
    await world.clock.advance(10 * seconds);
    expect(await orchestrator.status()).toMatchObject({ role: "controller", epoch: 1 });
    await world.untilDone(5);
    await expectServedOnce(world);
  });

  it("takes every message once however often the queues bring it", async () => {
    const world = createFleetWorld();
    world.github.webhooks.faults({ duplicate: 1, reorder: 0.5 });
    const twice = <T extends typeof world.demand | typeof world.reports>(inner: T): T => ({
      ...inner,
      // Never acknowledged the first time: each comes again when its visibility runs out.
      acknowledge: async (deliveries: Parameters<T["acknowledge"]>[0]) =>
        inner.acknowledge(deliveries.filter(({ attempt }) => attempt > 1) as never),
    });
    await world.boot({ demand: twice(world.demand), reports: twice(world.reports) });
    await world.clock.advance(seconds);
    queue(world, 6);
    await world.untilDone(10);
    expect(boughtIn(world)).toBe(6);
    await expectServedOnce(world);
  });

  it("waits for capacity with a cause, and serves when there is some", async () => {
    let full = true;
    const world = createFleetWorld({
      refuse: (call) => (full && call.kind === "launch" ? "capacity" : undefined),
    });
    const { orchestrator } = await world.boot();
    await world.clock.advance(seconds);
    queue(world, 4);
    await world.clock.advance(5 * minutes);
    const { jobs } = await orchestrator.status();
    expect(jobs.map(({ state, cause }) => [state, cause?.code])).toEqual(
      Array(4).fill(["queued", "capacity"]),
    );
    full = false;
    await world.clock.advance(2 * minutes);
    await world.untilDone(5);
    await expectServedOnce(world);
  });

  it("replaces machines that never boot", async () => {
    const world = createFleetWorld({
      mute: (id) => id === "local-000001" || id === "local-000002",
    });
    await world.boot({ timings: { bootDeadlineMs: 3 * minutes } });
    await world.clock.advance(seconds);
    queue(world, 3);
    await world.untilDone(15);
    await expectServedOnce(world);
    expect(boughtIn(world)).toBe(5);
  });

  it("takes an assignment back from an agent that never looks, and gives the job to the next machine", async () => {
    const world = createFleetWorld({ deaf: (id) => id === "local-000001" });
    const { orchestrator } = await world.boot();
    await world.clock.advance(seconds);
    const [id] = queue(world, 1);
    await world.untilDone(10);
    const told = await orchestrator.explain({ jobId: `${id}.1` });
    expect(told.map(({ code }) => code)).toContain("machine-lost");
    await expectServedOnce(world);
  });

  it("serves both when a job that nobody told of takes the runner of another", async () => {
    const world = createFleetWorld();
    await world.boot();
    await world.clock.advance(seconds);
    queue(world, 1, seconds);
    await world.untilDone(5);
    world.github.webhooks.faults({ vanish: 1 });
    const thief = world.github.queueJob({ repository: acme(0), labels, durationMs: 30 * seconds });
    world.github.webhooks.faults({});
    await world.clock.advance(100);
    const victim = world.github.queueJob({ repository: acme(0), labels, durationMs: 30 * seconds });
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
      const [cancelled] = queue(world, 3, 3 * minutes);
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
      queue(world, 3);
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
    queue(world, 1);
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
    queue(world, 3);
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
    queue(world, 1, seconds);
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
    queue(world, 150, 5 * seconds);
    await world.clock.advance(36 * seconds);
    first.life.kill();
    const second = await world.boot();
    await world.untilDone(15);
    expect(await second.orchestrator.status()).toMatchObject({ role: "controller", epoch: 2 });
    expect(boughtIn(world)).toBe(150);
    await expectServedOnce(world);
  });
});

describe("an orchestrator with nothing to do", { timeout: 60_000 }, () => {
  it("writes nothing but lease renewals, lists once a minute, and asks GitHub little (call-budget)", async () => {
    const catalog = { ...openCatalog, pools: [aPool("p", { hot: 3, stopped: 2 })] };
    const world = createFleetWorld({ catalog: () => catalog });
    const { orchestrator, life } = await world.boot();
    await world.clock.advance(15 * minutes);
    expect((await orchestrator.status()).pools[0]?.ready).toEqual({ hot: 3, stopped: 2 });
    const before = life.calls.length;
    await world.clock.advance(30 * minutes);
    const calls = new Map<string, number>();
    for (const call of life.calls.slice(before)) calls.set(call, (calls.get(call) ?? 0) + 1);
    expect(calls.get("store.commit") ?? 0).toBe(0);
    expect((calls.get("store.leases.renew") ?? 0) / 30).toBeLessThanOrEqual(12);
    expect(calls.get("provider.list") ?? 0).toBeLessThanOrEqual(31);
    const others = [...calls].filter(
      ([call]) =>
        !["store.leases.renew", "provider.list", "demand.receive", "reports.receive"].includes(
          call,
        ),
    );
    // What is left is the sweep: once in two minutes.
    for (const [call, count] of others) {
      expect(call).toMatch(/^github\./);
      expect(count).toBeLessThanOrEqual(16);
    }
  });

  it("stops at once, and also when GitHub does not answer, within the time it is given", async () => {
    const world = createFleetWorld();
    const idle = await world.boot();
    await world.clock.advance(seconds);
    const stopped = idle.orchestrator.stop();
    await world.clock.advance(seconds);
    await stopped;

    const stuck = await world.boot({
      github: {
        ...world.github.client,
        runners: {
          ...world.github.client.runners,
          mint: (_scope, _request, call) =>
            new Promise((_, reject) => {
              call?.signal?.addEventListener("abort", () => reject(call.signal?.reason));
            }),
        },
      },
    });
    await world.clock.advance(5 * seconds);
    queue(world, 1);
    await world.clock.advance(40 * seconds);
    let ended = false;
    const late = stuck.orchestrator.stop(10 * seconds).then(() => {
      ended = true;
    });
    await world.clock.advance(9 * seconds);
    expect(ended).toBe(false);
    await world.clock.advance(2 * seconds);
    await late;
    expect((await stuck.orchestrator.status()).role).toBe("draining");
  });
});
