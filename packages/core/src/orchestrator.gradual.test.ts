import { describe, expect, it } from "vitest";
import { createFleetWorld, minutes, openCatalog, seconds } from "../test/fleet/world.ts";
import { FleetError } from "./ports/failure.ts";
import type { GitHubChecks } from "./ports/github-client.ts";
import type { Catalog } from "./routing/index.ts";

const rollout = { claim: ["acme/sandbox-*"], else: "observe" } as const;

describe("a fleet that serves some repositories and observes others", { timeout: 60_000 }, () => {
  it("buys nothing for those, says where their jobs would go, and tells nobody that they fail", async () => {
    const world = createFleetWorld({ catalog: () => ({ ...openCatalog, rollout }) });
    const { orchestrator } = await world.boot();
    // Other labels: GitHub gives a runner of an organisation to whatever waits there with its labels.
    const job = (repository: string, label: string): string =>
      world.github.queueJob({ repository, labels: [label], durationMs: 5_000 });
    const observed = job("acme/app", "runs-fleet/cpu=2");
    const claimed = job("acme/sandbox-one", "runs-fleet/cpu=4");
    await world.clock.advance(3 * minutes);
    const [first, second] = world.github.jobs();
    expect([first?.id, first?.state]).toEqual([observed, "queued"]);
    expect([second?.id, second?.state, second?.conclusion]).toEqual([
      claimed,
      "completed",
      "success",
    ]);
    expect(world.launches.length).toBe(1);
    const { jobs } = await orchestrator.status();
    expect(jobs.find(({ id }) => id === `${observed}.1`)).toMatchObject({
      state: "cancelled",
      cause: { code: "observe-only", message: expect.stringContaining("policy everyone") },
    });
    expect(world.github.checks()).toEqual([]);
    // Sweeps find it waiting at GitHub again and again.
    await world.clock.advance(20 * minutes);
    expect(world.launches.length).toBe(1);
  });

  it("serves them from the moment they are claimed", async () => {
    let catalog: Catalog = { ...openCatalog, rollout };
    const world = createFleetWorld({ catalog: () => catalog });
    await world.boot();
    catalog = { ...openCatalog, version: "2" };
    await world.clock.advance(2 * minutes);
    world.github.queueJob({ repository: "acme/app", labels: ["runs-fleet"], durationMs: 5_000 });
    await world.untilDone(5);
    expect(world.github.jobs()[0]).toMatchObject({ state: "completed", conclusion: "success" });
  });
});

describe("a job that waits for long", { timeout: 60_000 }, () => {
  const unserved = { afterMs: 10 * minutes, outcome: "check-run" } as const;

  async function waiting(catalog: Catalog, capacity: number) {
    const world = createFleetWorld({ catalog: () => catalog, capacity });
    const process = await world.boot();
    world.github.queueJob({ repository: "acme/app", labels: ["runs-fleet"], durationMs: 5_000 });
    return { world, process };
  }

  it("is told to its developer once, with what it waits for, and not before its time", async () => {
    const { world, process } = await waiting({ ...openCatalog, unserved }, 0);
    await world.clock.advance(9 * minutes);
    expect(world.github.checks()).toEqual([]);
    await world.clock.advance(3 * minutes);
    expect(world.github.checks()).toMatchObject([
      { conclusion: "neutral", title: expect.stringMatching(/^Waits for a machine: /) },
    ]);
    const [{ summary } = { summary: "" }] = world.github.checks();
    expect(summary).toContain("has waited for 1");
    await world.clock.advance(20 * minutes);
    expect(world.github.checks().length).toBe(1);
    // When it fails in the end, the same check says so.
    await world.clock.advance(40 * minutes);
    expect(world.github.checks().map(({ conclusion }) => conclusion)).toEqual(["failure"]);
    await world.stop(process);
  });

  it.each([
    { name: "in calm", fault: "none" },
    { name: "when GitHub does not take it at first", fault: "outage" },
    { name: "when whoever says it dies over it", fault: "death" },
  ])("is told to wait no longer once it begins, on the same check: $name", async ({ fault }) => {
    const world = createFleetWorld({ catalog: () => ({ ...openCatalog, unserved }), capacity: 1 });
    let refusals = 0;
    const report: GitHubChecks["report"] = async (repository, check, options) => {
      if (check.title.startsWith("Began") && fault !== "none" && refusals < 2) {
        refusals += 1;
        if (fault === "death") process.life.kill();
        throw new FleetError({ kind: "unavailable", message: "GitHub is away" });
      }
      await world.github.client.checks.report(repository, check, options);
    };
    const process = await world.boot({ github: { ...world.github.client, checks: { report } } });
    // The second has no machine until the first is done.
    for (const durationMs of [14 * minutes, 20 * minutes])
      world.github.queueJob({ repository: "acme/app", labels: ["runs-fleet"], durationMs });
    await world.clock.advance(13 * minutes);
    expect(world.github.checks()).toMatchObject([{ conclusion: "neutral" }]);
    await world.clock.advance(7 * minutes);
    if (fault === "death") {
      await world.boot();
      await world.clock.advance(5 * minutes);
    }
    const began = {
      conclusion: "success",
      title: expect.stringMatching(/^Began after 1[5-7] min$/),
    };
    expect(world.github.checks()).toMatchObject([began]);
    expect(refusals).toBe({ none: 0, outage: 2, death: 1 }[fault]);
    expect(world.github.jobs().map(({ state }) => state)).toEqual(["completed", "in_progress"]);
    await world.untilDone(40);
    expect(world.github.checks()).toMatchObject([began]);
    expect(await world.open("jobs")).toBe(0);
  });

  it("is told to wait no longer when it is cancelled", async () => {
    const { world } = await waiting({ ...openCatalog, unserved }, 0);
    await world.clock.advance(13 * minutes);
    world.github.cancelJob(world.github.jobs()[0]?.id ?? "");
    await world.clock.advance(minutes);
    expect(world.github.checks()).toMatchObject([
      { conclusion: "neutral", title: "Waits no longer: cancelled" },
    ]);
    expect(await world.open("jobs")).toBe(0);
  });

  it("is tried again while GitHub cannot be reached, also by the next controller", async () => {
    const { world, process } = await waiting({ ...openCatalog, unserved }, 0);
    await world.clock.advance(9 * minutes);
    world.github.setOutage({ api: "unavailable" });
    await world.clock.advance(70 * seconds);
    process.life.kill();
    await world.boot();
    await world.clock.advance(20 * seconds);
    world.github.setOutage(undefined);
    await world.clock.advance(5 * minutes);
    expect(world.github.checks()).toMatchObject([{ conclusion: "neutral" }]);
  });

  it("is told of when GitHub is back, however long it was away", async () => {
    const { world } = await waiting({ ...openCatalog, unserved }, 0);
    await world.clock.advance(9 * minutes);
    world.github.setOutage({ api: "unavailable" });
    await world.clock.advance(20 * minutes);
    expect(world.github.checks()).toEqual([]);
    world.github.setOutage(undefined);
    await world.clock.advance(3 * minutes);
    expect(world.github.checks()).toMatchObject([{ conclusion: "neutral" }]);
  });

  it("is not spoken of when the configuration does not want it, nor when it is served in time", async () => {
    const { world } = await waiting(openCatalog, 0);
    await world.clock.advance(30 * minutes);
    expect(world.github.checks()).toEqual([]);
    const served = await waiting({ ...openCatalog, unserved }, 5);
    await served.world.clock.advance(30 * minutes);
    expect(served.world.github.checks()).toEqual([]);
  });
});
