import { beforeEach, describe, expect, it } from "vitest";
import { anAssignment } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import { followRunners } from "../follow-runners.ts";
import { judgeFreshness, judgeSecondUse, runnerIn } from "./assignments.ts";

const minutes = 60_000;
let stage: OracleStage;

beforeEach(async () => {
  stage = await createOracleStage();
  stage.truth.github.setRepository({ name: "acme/app" });
  followRunners(stage.observation);
});

async function mint(name: string): Promise<string> {
  const { github } = stage.truth;
  const minting = github.client.runners.mint("orgs/acme", { name, labels: ["a"], groupId: 1 });
  await stage.clock.advance(1_000);
  return (await minting).jitConfig;
}

async function comeOnline(jitConfig: string): Promise<void> {
  const body = JSON.stringify({ jitConfig, version: "2.336.0" });
  const headers = { "content-type": "application/json" };
  const request = { method: "POST", headers, body };
  const { status } = await stage.truth.github.fetch(
    "https://github.fake/_runner/sessions",
    request,
  );
  expect(status).toBe(201);
}

describe("never mint long before use", () => {
  it("is to hand over a registration that GitHub has just made", async () => {
    const jitConfig = await mint("rf-m-1");
    await stage.clock.advance(2 * minutes);
    judgeFreshness(stage.observation, { ...anAssignment("m"), jitConfig });
    expect(stage.judge.checks["no-lost-job"]).toBe(1);
    expect(stage.found()).toEqual([]);
  });

  it("is not to hand over one that was made four minutes ago, whatever it is called", async () => {
    const jitConfig = await mint("rf-other-1-next");
    await stage.clock.advance(4 * minutes);
    judgeFreshness(stage.observation, { ...anAssignment("m"), jitConfig });
    expect(stage.found()).toEqual(["no-lost-job"]);
    expect(stage.judge.violations[0]?.detail).toBe(
      "m is handed the registration rf-other-1-next, which GitHub made 4 min ago",
    );
  });

  it("goes on until the runner comes online", async () => {
    const [soon, late] = [await mint("rf-m-1"), await mint("rf-n-1")];
    stage.truth.machineOf.set("rf-m-1", "m").set("rf-n-1", "n");
    await stage.clock.advance(minutes);
    await comeOnline(soon);
    expect(stage.judge.checks["no-lost-job"]).toBe(1);
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(3 * minutes);
    await comeOnline(late);
    expect(stage.found()).toEqual(["no-lost-job"]);
  });

  it("is no matter of somebody else's runners", async () => {
    const jitConfig = await mint("stranger");
    await stage.clock.advance(10 * minutes);
    await comeOnline(jitConfig);
    expect(stage.judge.checks["no-lost-job"]).toBe(0);
  });
});

describe("a one-shot machine", () => {
  it("is given one assignment, which may be stored again", () => {
    const { observation, truth } = stage;
    judgeSecondUse(observation, anAssignment("m"));
    truth.runnerOf.set("m", "rf-m-1");
    judgeSecondUse(observation, anAssignment("m"));
    expect(stage.judge.checks["no-lost-job"]).toBe(2);
    expect(stage.found()).toEqual([]);
  });

  it("is not given a second one", () => {
    const { observation, truth } = stage;
    truth.runnerOf.set("m", "rf-m-1");
    judgeSecondUse(observation, { ...anAssignment("m"), runnerName: "rf-m-2" });
    expect(stage.found()).toEqual(["no-lost-job"]);
  });

  it("is known by the registration in its assignment, not by what the assignment says", async () => {
    const jitConfig = await mint("rf-other-1-next");
    const assignment = { ...anAssignment("m"), jitConfig };
    expect(runnerIn(stage.truth, assignment)).toBe("rf-other-1-next");
    expect(runnerIn(stage.truth, anAssignment("m"))).toBe("rf-m-1");
  });
});
