import { beforeEach, describe, expect, it } from "vitest";
import { aCatalog, aPool } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import type { JobFact } from "../truth.ts";
import { judgeForeign, judgeReach, judgeUse, mayUsePool } from "./isolation.ts";

let stage: OracleStage;

beforeEach(async () => {
  stage = await createOracleStage(
    aCatalog({
      pools: [
        aPool("open"),
        aPool("listed", { repositories: ["acme/app"] }),
        aPool("forbidden"),
        aPool("prod-web", { environment: "prod" }),
      ],
      policies: [{ name: "p", repositories: ["acme/*"], allow: { pools: ["open", "listed"] } }],
    }),
  );
});

function runs(id: string): JobFact {
  const job = stage.truth.jobs.get(id);
  if (job === undefined) throw new Error(`There is no job ${id}`);
  return { ...job, runnerName: "rf-m-1" };
}

describe("isolated", () => {
  it("is to ask for nothing of another environment, region, shard or of its machines", () => {
    const { observation, truth } = stage;
    judgeReach(observation, "p1", "list", { environment: "ci", region: "local" });
    judgeReach(observation, "p1", "a write", { shard: "ci/local" });
    judgeReach(observation, "p1", "stop", { machineIds: ["m-1"] });
    expect(stage.found()).toEqual([]);
    truth.foreign = { ...truth.foreign, machines: new Set(["m-2"]) };
    judgeReach(observation, "p2", "list", { environment: "prod", region: "local" });
    judgeReach(observation, "p2", "launch", { environment: "ci", region: "moon" });
    judgeReach(observation, "p2", "a write", { shard: "prod/local" });
    judgeReach(observation, "p2", "stop", { machineIds: ["m-1", "m-2"] });
    expect(stage.found()).toEqual(["isolated", "isolated", "isolated", "isolated"]);
  });

  it("is to read policies and pools as they are written", () => {
    const { truth } = stage;
    expect(mayUsePool(truth, "acme/app", "open")).toBe(true);
    expect(mayUsePool(truth, "acme/app", "listed")).toBe(true);
    expect(mayUsePool(truth, "acme/web", "listed")).toBe(false);
    expect(mayUsePool(truth, "other/app", "open")).toBe(false);
    expect(mayUsePool(truth, "acme/app", "forbidden")).toBe(false);
    expect(mayUsePool(truth, "acme/app", "prod-web")).toBe(false);
  });

  it.each([
    ["open", {}, []],
    ["listed", { repository: "acme/web" }, ["isolated"]],
    ["open", { isForeign: true }, ["isolated"]],
  ])("is not to run a job on a pool that is not for it (%s, %o)", (pool, arrival, found) => {
    stage.addMachine("m", pool);
    stage.truth.machineOf.set("rf-m-1", "m");
    stage.addJob("1", 1_000, arrival);
    judgeUse(stage.observation, runs("1"));
    expect(stage.judge.checks["isolated"]).toBe(1);
    expect(stage.found()).toEqual(found);
  });

  it("is to leave the other environment's machines, runners and records as they were", async () => {
    const { observation, truth } = stage;
    stage.addMachine("m", "prod-web");
    truth.foreign = {
      environment: "prod",
      machines: new Set(["m"]),
      runners: new Set(),
      records: [],
    };
    await judgeForeign(observation);
    expect(stage.found()).toEqual([]);
    truth.foreign = {
      environment: "prod",
      machines: new Set(["m", "gone"]),
      runners: new Set(["rf-gone"]),
      records: [{ table: "machines", id: "gone", version: 1 }],
    };
    await judgeForeign(observation);
    expect(stage.found()).toEqual(["isolated", "isolated", "isolated"]);
  });
});
