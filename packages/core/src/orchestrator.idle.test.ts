import { describe, expect, it } from "vitest";
import { aPool } from "../test/fleet/builders.ts";
import { queueJobs } from "../test/fleet/oracles.ts";
import { createFleetWorld, minutes, openCatalog, seconds } from "../test/fleet/world.ts";

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
    queueJobs(world, 1);
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
