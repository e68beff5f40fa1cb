import { describe, expect, it } from "vitest";
import { aPool } from "../test/fleet/builders.ts";
import {
  createFleetWorld,
  minutes,
  openCatalog,
  type Process,
  seconds,
  type World,
} from "../test/fleet/world.ts";
import { FleetError } from "./ports/failure.ts";
import type { Catalog, PoolConfig } from "./routing/index.ts";

/** Looks every ten seconds for a while. */
async function watch(
  world: World,
  { orchestrator }: Process,
  forMs: number,
  look: (ready: { readonly hot: number; readonly stopped: number }) => void,
): Promise<void> {
  for (let elapsedMs = 0; elapsedMs < forMs; elapsedMs += 10 * seconds) {
    await world.clock.advance(10 * seconds);
    const pool = (await orchestrator.status()).pools[0];
    if (pool) look(pool.ready);
  }
}

/** The orders to which the machines were bought that are there. */
async function orders(world: World): Promise<readonly string[]> {
  const listed = await world.provider.list({ environment: "ci", region: "local" });
  const order = new Map(world.launches.map(({ id, specHash }) => [id, specHash]));
  return listed
    .filter(({ state }) => state !== "terminated")
    .map(({ attemptId = "" }) => order.get(attemptId) ?? "unknown");
}

describe("machines that are to be replaced", { timeout: 60_000 }, () => {
  it("go one by one when their pool's image changes: the target is held, the limit too, and jobs run on", async () => {
    const limits = { machines: 20, maxSurge: 2 };
    let pool: PoolConfig = aPool("p", { hot: 6, stopped: 3, limits });
    const world = createFleetWorld({ catalog: () => ({ ...openCatalog, pools: [pool] }) });
    const process = await world.boot();
    await world.clock.advance(15 * minutes);
    for (const repository of ["acme/a", "acme/b"]) {
      const labels = ["runs-fleet/pool=p"];
      world.github.queueJob({ repository, labels, durationMs: 40 * minutes });
    }
    await world.clock.advance(5 * minutes);
    const [before] = await orders(world);
    pool = { ...pool, shape: { ...pool.shape, diskGib: 80 } };
    let most = 0;
    await watch(world, process, 60 * minutes, ({ hot, stopped }) => {
      expect(hot).toBeGreaterThanOrEqual(6);
      expect(stopped).toBeGreaterThanOrEqual(3);
      most = Math.max(most, hot + stopped);
    });
    expect(most).toBeLessThanOrEqual(6 + 3 + 2);
    const after = await orders(world);
    expect(after).toHaveLength(9);
    expect(new Set(after).size).toBe(1);
    expect(after[0]).not.toBe(before);
    expect(world.github.jobs().map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
  });

  it("stay until one that works is there: an image that never boots takes no pool down", async () => {
    let pool: PoolConfig = aPool("p", { hot: 4 });
    const good = new Set<string>();
    const world = createFleetWorld({
      catalog: () => ({ ...openCatalog, pools: [pool] }),
      mute: (machineId) => pool.shape.diskGib !== undefined && !good.has(machineId),
    });
    const process = await world.boot();
    await world.clock.advance(10 * minutes);
    pool = { ...pool, shape: { ...pool.shape, diskGib: 80 } };
    await watch(world, process, 60 * minutes, ({ hot }) => expect(hot).toBe(4));
  });

  it("are replaced before their hard deadline, which they share, and are never all missing at once (floor-held)", async () => {
    const pool = aPool("p", { hot: 5 });
    const world = createFleetWorld({ catalog: () => ({ ...openCatalog, pools: [pool] }) });
    const process = await world.boot({ timings: { maxRuntimeMs: 60 * minutes } });
    await world.clock.advance(5 * minutes);
    await watch(world, process, 5 * 60 * minutes, ({ hot }) => {
      expect(hot).toBeGreaterThanOrEqual(5);
    });
    expect(await world.alive()).toBeLessThanOrEqual(6);
    const decisions = (await process.orchestrator.status()).decisions.map(({ code }) => code);
    expect(decisions).toContain("worn");
    expect(decisions).not.toContain("hard-deadline");
  });
});

describe("a pool that fails", { timeout: 60_000 }, () => {
  const pools = [aPool("bad", { hot: 20 }), aPool("good", { hot: 3 })];
  const catalog = (): Catalog => ({ ...openCatalog, pools });
  const pool = async ({ orchestrator }: Process, name: string) =>
    (await orchestrator.status()).pools.find((one) => one.name === name);

  it("hinders no other: whose launches fail, and whose machines never boot", async () => {
    const refusing = createFleetWorld({
      catalog,
      provider: (provider) => ({
        ...provider,
        launch: (attempt, call) =>
          attempt.pool === "bad"
            ? Promise.reject(new FleetError({ kind: "config", message: "No such image" }))
            : provider.launch(attempt, call),
      }),
    });
    const process = await refusing.boot();
    await refusing.clock.advance(2 * minutes);
    expect((await pool(process, "good"))?.ready.hot).toBe(3);
    const why = await process.orchestrator.explain({ pool: "bad" });
    expect(why.map(({ message }) => message).join()).toContain("No such image");
    // Told to a person, and tried again now and then.
    expect(refusing.launches.length).toBeLessThan(5);
  });

  it("is tried with one machine at a time when its machines never boot, and in full once one does", async () => {
    let broken = true;
    const bad = new Set<string>();
    const world = createFleetWorld({
      catalog,
      provider: (provider) => ({
        ...provider,
        launch: async (attempt, call) => {
          const result = await provider.launch(attempt, call);
          if (attempt.pool === "bad" && broken) {
            for (const { id } of result.machines) bad.add(id);
          }
          return result;
        },
      }),
      mute: (machineId) => bad.has(machineId),
    });
    const process = await world.boot();
    await world.clock.advance(61 * minutes);
    expect((await pool(process, "good"))?.ready.hot).toBe(3);
    // Twenty in the first ten minutes, then one in ten minutes.
    expect(bad.size).toBeGreaterThan(20);
    expect(bad.size).toBeLessThanOrEqual(20 + 6);
    broken = false;
    await world.clock.advance(15 * minutes);
    expect((await pool(process, "bad"))?.ready.hot).toBe(20);
  });
});

describe("a pool at its limit", { timeout: 60_000 }, () => {
  it("has the place of a machine that ended within seconds, not with the next listing", async () => {
    const full = [aPool("p", { hot: 2, limits: { machines: 2 } })];
    const world = createFleetWorld({ catalog: () => ({ ...openCatalog, pools: full }) });
    const { orchestrator, life } = await world.boot();
    await world.clock.advance(5 * minutes);
    for (let round = 0; round < 6; round++) {
      const labels = ["runs-fleet/pool=p"];
      world.github.queueJob({ repository: "acme/a", labels, durationMs: 20 * seconds });
      // Up to 2 s until the agent looks, 20 s of work, up to 10 s for two listings, 30 s of boot, and some for GitHub.
      await world.clock.advance(68 * seconds);
      expect((await orchestrator.status()).pools[0]?.ready.hot).toBe(2);
      await world.clock.advance(31 * seconds);
    }
    const before = life.calls.length;
    await world.clock.advance(10 * minutes);
    const listings = life.calls.slice(before).filter((call) => call === "provider.list");
    expect(listings.length).toBeLessThanOrEqual(11);
  });
});
