import { describe, expect, it } from "vitest";
import { aPool } from "../test/fleet/builders.ts";
import { flaky } from "../test/fleet/flaky.ts";
import { createFleetWorld, minutes, openCatalog, seconds } from "../test/fleet/world.ts";
import { createSeededEntropy } from "./testing/seeded-entropy.ts";

const isFull = process.env["RUNS_FLEET_FULL"] === "1";
const seeds = Array.from({ length: isFull ? 40 : 4 }, (_, index) => 100 + index);

describe("two orchestrators of which every tenth call fails, before or after its effect", {
  timeout: 120_000,
}, () => {
  it.each(seeds)("serve every job once and leave nothing behind (seed %i)", async (seed) => {
    const dice = createSeededEntropy(seed);
    const pool = aPool("p", { hot: 2, stopped: 2 });
    const world = createFleetWorld({
      seed,
      catalog: () => ({ ...openCatalog, pools: [pool] }),
      mute: (id) => id.endsWith("7"),
      deaf: (id) => id.endsWith("5"),
    });
    let calm = false;
    const bad = <T extends object>(port: T): T => flaky(port, 0.1, dice.random, () => calm);
    const boot = async () =>
      world.boot({
        store: bad(world.store),
        demand: bad(world.demand),
        reports: bad(world.reports),
        github: bad(world.github.client),
        providers: { local: bad(world.provider) },
        timings: { bootDeadlineMs: 4 * minutes },
      });
    await boot();
    const second = await boot();
    world.github.webhooks.faults({ loss: 0.2, duplicate: 0.2, reorder: 0.2 });
    await world.clock.advance(5 * minutes);
    for (let index = 0; index < 40; index++) {
      const labels = [index % 2 === 0 ? "runs-fleet/pool=p" : "runs-fleet/cpu=2"];
      world.github.queueJob({
        repository: `acme/app${index % 3}`,
        labels,
        durationMs: (5 + (index % 7) * 10) * seconds,
      });
      if (index % 8 === 0) await world.clock.advance(10 * seconds);
    }
    await world.untilDone(120);
    const odd = world.github
      .jobs()
      .filter(
        ({ state, starts, conclusion }) =>
          state !== "completed" || starts !== 1 || conclusion !== "success",
      );
    expect(odd).toEqual([]);
    calm = true;
    await world.clock.advance(40 * minutes);
    const status = await second.orchestrator.status();
    expect(
      status.jobs.filter(({ state }) => ["queued", "assigned", "running"].includes(state)),
    ).toEqual([]);
    expect(status.pools[0]?.ready).toEqual({ hot: 2, stopped: 2 });
    const left = {
      alive: await world.alive(),
      machines: await world.open("machines"),
      attempts: await world.open("attempts"),
      assignments: await world.open("assignments"),
      runners: world.github.runners().length,
    };
    expect(left).toEqual({ alive: 4, machines: 4, attempts: 0, assignments: 0, runners: 0 });
  });
});
