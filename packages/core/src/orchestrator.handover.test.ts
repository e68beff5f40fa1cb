import { describe, expect, it } from "vitest";
import { boughtIn, expectServedOnce, queueJobs } from "../test/fleet/oracles.ts";
import { createFleetWorld, minutes, seconds } from "../test/fleet/world.ts";
import { createSeededEntropy } from "./testing/seeded-entropy.ts";

describe("two orchestrators on one store", { timeout: 60_000 }, () => {
  it("launch nothing twice when the active one is paused for a minute and resumed: one epoch wins", async () => {
    const world = createFleetWorld();
    const first = await world.boot();
    await world.clock.advance(seconds);
    const second = await world.boot();
    queueJobs(world, 8);
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

  it("do nothing of what the active one had stored when it was paused: its successor does", async () => {
    let onPurchase = (): void => undefined;
    const world = createFleetWorld({
      store: (store) => ({
        ...store,
        commit: async (lease, writes, options) => {
          await store.commit(lease, writes, options);
          if (writes.some(({ table }) => table === "attempts")) onPurchase();
        },
      }),
    });
    const first = await world.boot();
    await world.clock.advance(seconds);
    const second = await world.boot();
    onPurchase = () => {
      first.life.pause();
      onPurchase = () => undefined;
    };
    queueJobs(world, 2);
    await world.clock.advance(minutes);
    const before = first.life.calls.length;
    first.life.resume();
    await world.clock.advance(seconds);
    const acts = first.life.calls
      .slice(before)
      .filter((call) => /\.(launch|start|stop|terminate|ring|mint|remove|commit)$/.test(call));
    expect(acts).toEqual([]);
    expect((await second.orchestrator.status()).role).toBe("controller");
    await world.untilDone(10);
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
    queueJobs(world, 6);
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
