import { beforeEach, describe, expect, it } from "vitest";
import { aCatalog, aPool } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import type { FaultOf } from "../faults.ts";
import type { Arrival } from "../plan-scenario.ts";
import { createFloorMemory, type FloorMemory, judgeFloors } from "./floors.ts";
import { createServedMemory, judgeServed, type ServedMemory } from "./served.ts";

const minutes = 60_000;
const startMs = Date.parse("2026-11-24T08:00:00Z");
let stage: OracleStage;
let floors: FloorMemory;
let served: ServedMemory;

beforeEach(async () => {
  stage = await createOracleStage(
    aCatalog({
      environments: [{ name: "ci", regions: ["local"], machines: 3 }],
      pools: [aPool("p", { limits: { machines: 2 } }), aPool("q", { limits: { machines: 2 } })],
      policies: [
        { name: "some", repositories: ["acme/app"], limits: { perRepository: 2 }, allow: {} },
        { name: "others", repositories: ["acme/*"], allow: {} },
      ],
    }),
    startMs,
  );
  floors = createFloorMemory(stage.truth.pools, startMs, startMs + 24 * 60 * minutes);
  served = createServedMemory();
});

function queue(id: string, arrival: Partial<Arrival> = {}): void {
  stage.addJob(id, 0, { labels: ["runs-fleet/pool=p"], repository: "acme/web", ...arrival });
  stage.truth.openJobs.add(id);
}

async function pass(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    await stage.clock.advance(minutes);
    judgeFloors(stage.observation, stage.trouble, stage.machines, floors);
    judgeServed(stage.observation, stage.trouble, floors, served);
  }
}

describe("a job that nothing hinders", () => {
  it("is served within six minutes (no-lost-job)", async () => {
    queue("1");
    await pass(7);
    const job = stage.truth.jobs.get("1");
    if (job) job.startedAtMs = stage.clock.now();
    await pass(5);
    expect(stage.judge.checks["no-lost-job"]).toBe(7);
    expect(stage.found()).toEqual([]);
  });

  it.each([
    ["beside a machine that has had its job", "runs-fleet/pool=p"],
    ["without a pool", "runs-fleet/cpu=2"],
  ])("does not wait for seven (%s)", async (_, label) => {
    queue("1", { labels: [label] });
    stage.addMachine("m", "p");
    stage.truth.runnerOf.set("m", "rf-m-1");
    await pass(8);
    expect(stage.found()).toEqual(["no-lost-job"]);
    expect(stage.judge.violations[0]?.detail).toBe(
      `job 1 (${label} of acme/web) has waited 7 min for a machine although nothing hinders`,
    );
  });

  it.each([
    ["failure" as const, []],
    ["neutral" as const, ["no-lost-job"]],
  ])(
    "need not be served once it is refused, whatever else it is told (%s)",
    async (conclusion, found) => {
      queue("1");
      await stage.tell("1", { conclusion });
      await pass(8);
      expect(stage.found()).toEqual(found);
    },
  );

  it.each([
    ["the pool is full", ["p", "p"], "runs-fleet/pool=p", []],
    ["another pool is full", ["q", "q"], "runs-fleet/pool=p", ["no-lost-job"]],
    ["the environment is full", ["p", "q", "q"], "runs-fleet/cpu=2", []],
    ["only a pool is full", ["q", "q"], "runs-fleet/cpu=2", ["no-lost-job"]],
  ])("may wait while its own limit binds (%s)", async (_, pools, label, found) => {
    for (const [index, pool] of pools.entries()) stage.addMachine(`m${index}`, pool);
    queue("1", { labels: [label] });
    await pass(8);
    expect(stage.found()).toEqual(found);
  });

  it("is counted anew when a limit has stood in its way", async () => {
    queue("1");
    await pass(5);
    for (const id of ["m", "n"]) stage.addMachine(id, "p");
    await pass(1);
    stage.machines.pop();
    await pass(7);
    expect(stage.found()).toEqual([]);
    await pass(1);
    expect(stage.found()).toEqual(["no-lost-job"]);
  });

  it("may wait while its repository has as many jobs as may run", async () => {
    for (const id of ["1", "2", "3"]) queue(id, { repository: "acme/app" });
    await pass(8);
    expect(stage.found()).toEqual([]);
    stage.truth.openJobs.delete("3");
    await pass(8);
    expect(stage.found()).toEqual(["no-lost-job", "no-lost-job"]);
  });

  it("may wait while its repository has as many as it ever allowed itself at once", async () => {
    const files = [5, 2].map((maxJobs) => ({ atMs: 0, repository: "acme/web", says: { maxJobs } }));
    stage = await createOracleStage(aCatalog(), startMs, { files });
    for (const id of ["1", "2", "3"]) queue(id, { labels: ["runs-fleet/cpu=2"] });
    await pass(8);
    expect(stage.found()).toEqual([]);
    stage.truth.openJobs.delete("3");
    await pass(8);
    expect(stage.found()).toEqual(["no-lost-job", "no-lost-job"]);
  });

  it("counts no job of its repository that runs on somebody else's machine", async () => {
    for (const id of ["1", "2", "3"]) queue(id, { repository: "acme/app" });
    stage.truth.strangers.add("stranger");
    const stolen = stage.truth.jobs.get("1");
    if (stolen) Object.assign(stolen, { startedAtMs: stage.clock.now(), runnerName: "stranger" });
    await pass(8);
    expect(stage.found()).toEqual(["no-lost-job", "no-lost-job"]);
  });

  it("may wait anew when GitHub gives its machine to an older job that was refused", async () => {
    queue("refused", { repository: "acme/app" });
    await stage.tell("refused");
    queue("young");
    await pass(5);
    const job = stage.truth.jobs.get("refused");
    if (job) Object.assign(job, { startedAtMs: stage.clock.now(), runnerName: "rf-1" });
    stage.truth.machineOf.set("rf-1", "m");
    await pass(7);
    expect(stage.found()).toEqual([]);
    await pass(1);
    expect(stage.found()).toEqual(["no-lost-job"]);
  });

  describe("behind older jobs that a limit holds back", () => {
    /** Three jobs of a repository that may have two at once, two of which run, and a younger one of another. */
    async function meet(label = "runs-fleet/pool=p"): Promise<void> {
      for (const id of ["1", "2", "3"]) queue(id, { repository: "acme/app" });
      for (const id of ["1", "2"]) start(id, `rf-${id}`);
      await pass(1);
      queue("young", { labels: [label] });
      await pass(5);
    }

    function start(id: string, runnerName: string): void {
      const job = stage.truth.jobs.get(id);
      if (job) Object.assign(job, { startedAtMs: stage.clock.now(), runnerName });
    }

    it("may wait anew when GitHub gives one of those the machine that came", async () => {
      await meet();
      stage.truth.machineOf.set("rf-3", "m");
      start("3", "rf-3");
      await pass(7);
      expect(stage.found()).toEqual([]);
      await pass(1);
      expect(stage.found()).toEqual(["no-lost-job"]);
    });

    it.each(["the machine of a stranger", "a machine for other labels", "no machine"])(
      "does not wait longer when it takes %s",
      async (what) => {
        await meet(what === "a machine for other labels" ? "runs-fleet/pool=q" : undefined);
        if (what !== "the machine of a stranger") stage.truth.machineOf.set("rf-3", "m");
        if (what !== "no machine") start("3", "rf-3");
        await pass(3);
        expect(stage.found()).toEqual(["no-lost-job"]);
      },
    );

    it("does not wait longer for younger ones", async () => {
      queue("old");
      await pass(1);
      for (const id of ["1", "2", "3"]) queue(id, { repository: "acme/app" });
      await pass(5);
      stage.truth.machineOf.set("rf-3", "m");
      start("3", "rf-3");
      await pass(2);
      expect(stage.found()).toEqual(["no-lost-job"]);
    });
  });

  it("is none that waits for a refusal", async () => {
    queue("1", { isWrong: true });
    await pass(8);
    expect(stage.judge.checks["no-lost-job"]).toBe(0);
  });

  it("is none within a quarter of an hour of a fault", async () => {
    const fault: FaultOf<"capacity-gone"> = { id: "f1", atMs: 0, kind: "capacity-gone", forMs: 1 };
    stage.trouble.begin(fault);
    stage.trouble.end(fault);
    queue("1");
    await pass(21);
    expect(stage.found()).toEqual([]);
    await pass(1);
    expect(stage.found()).toEqual(["no-lost-job"]);
  });
});
