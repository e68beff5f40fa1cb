import { beforeEach, describe, expect, it } from "vitest";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import { judgeKnown, judgeRefusals, judgeWaits } from "./jobs.ts";

const minutes = 60_000;
let stage: OracleStage;

beforeEach(async () => {
  stage = await createOracleStage();
});

async function refuse(jobId: string, title: string, summary: string): Promise<void> {
  const { github } = stage.truth;
  const sha = github.commitFile({ repository: "acme/app", path: "a", text: jobId });
  const reported = github.client.checks.report("acme/app", {
    name: "runs-fleet",
    sha,
    externalId: `${jobId}.1`,
    conclusion: "failure",
    title,
    summary,
    annotations: [],
  });
  await stage.clock.advance(minutes);
  await reported;
}

describe("explained", () => {
  it("is a refusal that names its cause where its developer sees it", async () => {
    await refuse("1", "No runner: labels-invalid", "**labels-invalid**: There is no key cpus");
    judgeRefusals(stage.observation);
    expect(stage.judge.checks["explained"]).toBe(1);
    expect(stage.found()).toEqual([]);
  });

  it.each([
    ["No runner", "**labels-invalid**: There is no key cpus"],
    ["No runner: undefined.", "No"],
    ["No runner: labels-invalid", "Job 1 got no runner."],
  ])("is no refusal that says %s", async (title, summary) => {
    await refuse("1", title, summary);
    judgeRefusals(stage.observation);
    expect(stage.found()).toEqual(["explained"]);
  });
});

describe("a job that waits", () => {
  it("is lost when its time is up and nobody told (no-lost-job)", async () => {
    stage.addJob("1", 74 * minutes);
    stage.truth.openJobs.add("1");
    judgeWaits(stage.observation);
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(2 * minutes);
    judgeWaits(stage.observation);
    expect(stage.found()).toEqual(["no-lost-job"]);
  });

  it("is unknown when two sweeps in calm have not found it (known-demand)", async () => {
    stage.addJob("1", 6 * minutes);
    stage.truth.openJobs.add("1");
    await judgeKnown(stage.observation, stage.trouble);
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(2 * minutes);
    await judgeKnown(stage.observation, stage.trouble);
    expect(stage.found()).toEqual(["known-demand"]);
  });
});
