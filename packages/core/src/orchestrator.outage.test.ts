import { describe, expect, it } from "vitest";
import { failingStore } from "../test/fleet/flaky.ts";
import { boughtIn, expectServedOnce, queueJobs } from "../test/fleet/oracles.ts";
import { createFleetWorld, minutes, seconds } from "../test/fleet/world.ts";

describe("an orchestrator in a bad world", { timeout: 60_000 }, () => {
  it("buys nothing twice and sheds nothing that is wanted while GitHub is down for ten minutes", async () => {
    const world = createFleetWorld();
    await world.boot();
    await world.clock.advance(seconds);
    queueJobs(world, 5);
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
    queueJobs(world, 1);
    await world.clock.advance(30 * seconds);
    world.github.setOutage({ api: "unavailable" });
    queueJobs(world, 4);
    await world.clock.advance(5 * minutes);
    const status = await orchestrator.status();
    const waiting = status.jobs.filter(({ state }) => state === "queued");
    expect(waiting.length).toBeGreaterThan(0);
    for (const { cause } of waiting) expect(cause?.code).toBe("unavailable");
    world.github.setOutage(undefined);
    await world.untilDone(10);
    await expectServedOnce(world);
  });

  it("tells the developer of a refused job when GitHub is back after an hour (explained)", async () => {
    const world = createFleetWorld();
    await world.boot();
    await world.clock.advance(seconds);
    world.github.setOutage({ api: "unavailable" });
    const labels = ["runs-fleet/cpu=none"];
    world.github.queueJob({ repository: "acme/app", labels, durationMs: seconds });
    await world.clock.advance(60 * minutes);
    expect(world.github.checks()).toEqual([]);
    world.github.setOutage(undefined);
    await world.clock.advance(15 * minutes);
    expect(world.github.checks().map(({ title }) => title)).toEqual(["No runner: labels-invalid"]);
  });

  it.each(["throttled", "unavailable"] as const)(
    "serves every job once although the store is %s for a minute",
    async (kind) => {
      let fromMs = Number.POSITIVE_INFINITY;
      const world = createFleetWorld({
        store: failingStore(kind, (nowMs) => nowMs >= fromMs && nowMs < fromMs + minutes),
      });
      await world.boot();
      await world.clock.advance(seconds);
      queueJobs(world, 6);
      await world.clock.advance(35 * seconds);
      fromMs = world.clock.now();
      queueJobs(world, 4);
      await world.untilDone(15);
      await expectServedOnce(world);
    },
  );

  it("keeps its leadership over a short hiccup of the store, and repeats what was not stored", async () => {
    let fromMs = Number.POSITIVE_INFINITY;
    const world = createFleetWorld({
      store: failingStore("throttled", (nowMs) => nowMs >= fromMs && nowMs < fromMs + 3 * seconds),
    });
    const { orchestrator } = await world.boot();
    await world.clock.advance(seconds);
    queueJobs(world, 3);
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
    queueJobs(world, 6);
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
    queueJobs(world, 4);
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

  it("acknowledges nothing that is not stored (ack-after-persist)", async () => {
    const world = createFleetWorld();
    const early: string[] = [];
    let acknowledged = 0;
    await world.boot({
      demand: {
        ...world.demand,
        acknowledge: async (deliveries) => {
          for (const { body } of deliveries) {
            if (body.kind !== "job") continue;
            acknowledged += 1;
            const record = await world.store.get("jobs", `${body.jobId}.${body.attempt}`);
            if (!record) early.push(`${body.action} of ${body.jobId}`);
          }
          await world.demand.acknowledge(deliveries);
        },
      },
      // As slow as a real one: what is acknowledged before the answer shows.
      store: {
        ...world.store,
        commit: async (...words) => {
          await world.clock.sleep(100);
          await world.store.commit(...words);
        },
      },
    });
    await world.clock.advance(seconds);
    queueJobs(world, 5);
    await world.untilDone(10);
    expect(early).toEqual([]);
    expect(acknowledged).toBeGreaterThanOrEqual(15);
    await expectServedOnce(world);
  });
});
