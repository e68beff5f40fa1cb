import { describe, expect, it } from "vitest";
import { createFleetWorld, minutes, seconds } from "../test/fleet/world.ts";
import type { StateStore } from "./ports/state-store.ts";

/** A world whose commits cost something, and are counted. */
function createDearWorld(holdMs: number) {
  let commits = 0;
  const world = createFleetWorld({
    store: (inner): StateStore => ({
      ...inner,
      holdMs,
      commit: (lease, writes, options) => {
        commits += 1;
        return inner.commit(lease, writes, options);
      },
    }),
  });
  const states = async (table: string): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const record of world.store.load("ci/local")) {
      const { value } = record;
      if (record.table !== table || typeof value !== "object" || value === null) continue;
      if ("state" in value) found.push(String(value["state"]));
    }
    return found;
  };
  return { ...world, commits: () => commits, states };
}

const labels = ["runs-fleet/cpu=2"];

describe("changes that nothing waits for", () => {
  it.each([
    [0, 11],
    [10_000, 6],
  ])("held for %i ms make a cold job alone cost at most %i commits", async (holdMs, most) => {
    const world = createDearWorld(holdMs);
    await world.boot();
    await world.clock.advance(5 * minutes);
    // The first job of a repository writes its name down.
    world.github.queueJob({ repository: "acme/app", labels, durationMs: minutes });
    await world.clock.advance(10 * minutes);
    const before = world.commits();
    world.github.queueJob({ repository: "acme/app", labels, durationMs: minutes });
    await world.clock.advance(10 * minutes);
    expect(world.github.jobs().map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
    expect(await world.open("machines")).toBe(0);
    expect(world.commits() - before).toBeGreaterThan(0);
    expect(world.commits() - before).toBeLessThanOrEqual(most);
  });

  it("are stored before a process that drains gives its lease up", async () => {
    const world = createDearWorld(10_000);
    const process = await world.boot();
    await world.clock.advance(5 * minutes);
    world.github.queueJob({ repository: "acme/app", labels, durationMs: 30 * minutes });
    const runs = () => world.github.jobs()[0]?.state === "in_progress";
    while (!runs()) await world.clock.advance(seconds);
    await world.clock.advance(3 * seconds);
    const known = (await process.orchestrator.status()).jobs.map(({ state }) => state);
    expect(known).toEqual(["running"]);
    expect(await world.states("jobs")).not.toEqual(["running"]);
    await world.stop(process);
    expect(await world.states("jobs")).toEqual(["running"]);
    expect(await world.states("machines")).toEqual(["running"]);
  });

  it("do not wait when others wait behind their message", async () => {
    const world = createDearWorld(10_000);
    const demand = { ...world.demand, isOrdered: true };
    await world.boot({ demand });
    await world.clock.advance(5 * minutes);
    world.github.queueJob({ repository: "acme/app", labels, durationMs: 30 * minutes });
    const runs = () => world.github.jobs()[0]?.state === "in_progress";
    while (!runs()) await world.clock.advance(seconds);
    await world.clock.advance(3 * seconds);
    expect(await world.states("jobs")).toEqual(["running"]);
  });
});
