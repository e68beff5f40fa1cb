import { beforeEach, describe, expect, it } from "vitest";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import { judgeKnown, judgeRefusals, judgeWaits } from "./jobs.ts";
import { createToldMemory } from "./told.ts";

const minutes = 60_000;
const waiting = {
  conclusion: "neutral" as const,
  title: "Waits for a machine: capacity",
  summary: "**capacity**: Nothing is sold",
};
let stage: OracleStage;

beforeEach(async () => {
  stage = await createOracleStage();
});

describe("explained", () => {
  it("is a refusal that names its cause where its developer sees it", async () => {
    await stage.tell("1");
    judgeRefusals(stage.observation);
    expect(stage.judge.checks["explained"]).toBe(1);
    expect(stage.found()).toEqual([]);
  });

  it.each([
    ["No runner", "**labels-invalid**: There is no key cpus"],
    ["No runner: undefined.", "No"],
    ["No runner: labels-invalid", "Job 1 got no runner."],
  ])("is no refusal that says %s", async (title, summary) => {
    await stage.tell("1", { title, summary });
    judgeRefusals(stage.observation);
    expect(stage.found()).toEqual(["explained"]);
  });

  it("is nothing that passes as success, or as waiting without saying so", async () => {
    await stage.tell("1", { conclusion: "neutral" });
    await stage.tell("2", { conclusion: "success", title: waiting.title });
    judgeRefusals(stage.observation);
    expect(stage.found()).toEqual(["explained", "explained"]);
  });

  it("says nothing of a check run that tells what a job waits for", async () => {
    await stage.tell("1", waiting);
    judgeRefusals(stage.observation);
    expect(stage.judge.checks["explained"]).toBe(0);
  });

  it("is what a job with wrong labels gets within ten minutes, not word that it waits", async () => {
    for (const id of ["1", "2"]) {
      stage.addJob(id, 12 * minutes, { isWrong: true });
      stage.truth.openJobs.add(id);
    }
    await stage.tell("1");
    await stage.tell("2", waiting);
    await judgeKnown(stage.observation, stage.trouble, createToldMemory());
    const found = stage.judge.violations.filter(({ invariant }) => invariant === "explained");
    expect(found.map(({ detail }) => detail)).toEqual([
      "job 2 (runs-fleet of acme/app) was not refused visibly",
    ]);
  });
});

describe("a job that waits", () => {
  it("is lost also when it was told that it waits, and not when it was refused (no-lost-job)", async () => {
    for (const id of ["1", "2"]) {
      stage.addJob(id, 76 * minutes);
      stage.truth.openJobs.add(id);
    }
    await stage.tell("1");
    await stage.tell("2", waiting);
    judgeWaits(stage.observation, createToldMemory());
    expect(stage.judge.violations.map(({ detail }) => detail.slice(0, 5))).toEqual(["job 2"]);
  });

  it("is lost when its time is up and nobody told (no-lost-job)", async () => {
    stage.addJob("1", 74 * minutes);
    stage.truth.openJobs.add("1");
    judgeWaits(stage.observation, createToldMemory());
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(2 * minutes);
    judgeWaits(stage.observation, createToldMemory());
    expect(stage.found()).toEqual(["no-lost-job"]);
  });

  it("is unknown when two sweeps in calm have not found it (known-demand)", async () => {
    stage.addJob("1", 6 * minutes);
    stage.truth.openJobs.add("1");
    await judgeKnown(stage.observation, stage.trouble, createToldMemory());
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(2 * minutes);
    await judgeKnown(stage.observation, stage.trouble, createToldMemory());
    expect(stage.found()).toEqual(["known-demand"]);
  });
});
