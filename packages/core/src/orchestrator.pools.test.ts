import { describe, expect, it } from "vitest";
import { aPool } from "../test/fleet/builders.ts";
import { createFleetWorld, minutes, openCatalog, seconds } from "../test/fleet/world.ts";
import { createHttpHandler } from "./http/index.ts";

/** 09:00 UTC is when worlds begin. */
const shift = {
  default: { hot: 1, stopped: 0 },
  entries: [
    { kind: "weekly" as const, name: "late", start: "09:20", end: "09:40", capacity: { hot: 4 } },
  ],
};

const worldOf = (changes: Parameters<typeof aPool>[1] = {}) => {
  const catalog = {
    ...openCatalog,
    pools: [aPool("p", { schedule: shift, leadMs: "auto", ...changes })],
  };
  return createFleetWorld({ catalog: () => catalog, bootMs: () => 60 * seconds });
};

describe("a pool that explains itself", () => {
  it("says before, during and after a window what it has, why, and what comes", async () => {
    const world = worldOf({ rampDown: { step: 1, everyMs: 2 * minutes } });
    const process = await world.boot();
    const words = async () => (await process.orchestrator.status()).pools[0]?.words;
    await world.clock.advance(10 * minutes);
    expect(await words()).toEqual({
      now: "1 ready as wanted by default.",
      next: "At 09:20 rises to 4 for late, bought from 09:18.",
    });
    await world.clock.advance(8 * minutes + 30 * seconds);
    expect((await words())?.now).toBe("1 ready of 4 wanted ahead of late at 09:20, 3 booting.");
    await world.clock.advance(3 * minutes);
    expect(await words()).toEqual({
      now: "4 ready as wanted for late.",
      next: "At 09:40 falls to 1, by 1 every 2 min.",
    });
    await world.stop(process);
  });

  it("remembers its curves as the controller, and nothing of before", async () => {
    const world = worldOf();
    const process = await world.boot();
    await world.clock.advance(25 * minutes);
    const [detail] = await process.orchestrator.pools();
    const points = detail?.history?.points ?? [];
    expect(points[0]).toMatchObject({ target: 1, ready: 0 });
    expect(points.at(-1)).toMatchObject({ target: 4, ready: 4, booting: 0 });
    expect(points.some(({ booting }) => booting === 3)).toBe(true);
    const standby = await world.boot({ webhooks: false });
    expect((await standby.orchestrator.pools())[0]).toMatchObject({ name: "p", region: "local" });
    expect((await standby.orchestrator.pools())[0]?.history).toBe(undefined);
    await world.stop(standby);
    await world.stop(process);
  });

  it("begins its explanation with how it stands, then tells what was decided", async () => {
    const world = worldOf({ limits: { machines: 3 } });
    const process = await world.boot();
    await world.clock.advance(22 * minutes);
    const [now, ...past] = await process.orchestrator.explain({ pool: "p" });
    expect(now).toMatchObject({ code: "pool-limit", current: true, subject: { pool: "p" } });
    expect(now?.message).toBe(
      "Pool p has 3 machines of at most 3. 3 ready of 4 wanted for late. 1 held back: Pool p has all of its 3 machines. At 09:40 falls to 1. Times are in UTC.",
    );
    expect(past.length).toBeGreaterThan(1);
    expect(past.some(({ current }) => current)).toBe(false);
    expect((await process.orchestrator.status()).headline).toContain(
      "1 pool is short of machines by pool-limit",
    );
    await world.stop(process);
  });

  it("says of a job that waits what it waits for, and of one that runs only what was decided", async () => {
    const schedule = { default: { hot: 0, stopped: 0 }, entries: [] };
    const world = worldOf({ schedule, limits: { machines: 1 } });
    const process = await world.boot();
    const job = { repository: "acme/app", labels: ["runs-fleet/pool=p"], durationMs: 30 * minutes };
    world.github.queueJob(job);
    const second = world.github.queueJob(job);
    await world.clock.advance(5 * minutes);
    const [told, ...past] = await process.orchestrator.explain({ jobId: `${second}.1` });
    expect(told).toMatchObject({ code: "pool-limit", current: true });
    expect(told?.message).toMatch(
      /^Waits for 5 min by now: Pool p has all of its 1 machines\. Pool p: /,
    );
    expect(past.length).toBeGreaterThan(0);
    const { jobs } = await process.orchestrator.status();
    const running = jobs.find(({ state }) => state === "running");
    const records = await process.orchestrator.explain({ jobId: running?.id ?? "" });
    expect(records.length).toBeGreaterThan(0);
    expect(records.some(({ current }) => current)).toBe(false);
    await world.stop(process);
  });

  it("shows it all on its page", async () => {
    const world = worldOf();
    const process = await world.boot();
    await world.clock.advance(30 * minutes);
    const handle = createHttpHandler({ orchestrator: process.orchestrator, clock: world.clock });
    const own = await (await handle(new Request("http://fleet.test/pools/p"))).text();
    expect(own).toContain("4 ready as wanted for late.");
    expect(own).toContain("launch-for-hot");
    expect(own).toContain('class="rft"');
    const json = await (await handle(new Request("http://fleet.test/status?pool=p"))).json();
    expect(json).toMatchObject({
      pool: { words: { now: "4 ready as wanted for late." } },
      history: { points: expect.arrayContaining([expect.objectContaining({ ready: 4 })]) },
    });
    await world.stop(process);
  });
});
