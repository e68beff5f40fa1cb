import { beforeEach, describe, expect, it } from "vitest";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import { createStoreFacts } from "../observe-store.ts";
import { createListingFacts, judgeListing, judgeSteady, judgeSteadyListings } from "./budget.ts";

const seconds = 1_000;
const minutes = 60 * seconds;
let stage: OracleStage;

beforeEach(async () => {
  stage = await createOracleStage();
});

async function list(everyMs: number, forMs: number) {
  const facts = createListingFacts();
  for (let atMs = 0; atMs < forMs; atMs += everyMs) {
    await stage.clock.advance(everyMs);
    judgeListing(stage.observation, facts, "p1");
  }
  return facts;
}

describe("call-budget", () => {
  it("is a listing every 5 seconds at most", async () => {
    await list(5 * seconds, 3 * minutes);
    expect(stage.found()).toEqual([]);
    await list(3 * seconds, 3 * minutes);
    expect(new Set(stage.found())).toEqual(new Set(["call-budget"]));
  });

  it("is a listing a pass while nothing moves", async () => {
    judgeSteadyListings(stage.observation, stage.trouble, await list(minutes, 30 * minutes));
    expect(stage.found()).toEqual([]);
    judgeSteadyListings(stage.observation, stage.trouble, await list(30 * seconds, 30 * minutes));
    expect(stage.found()).toEqual(["call-budget"]);
  });

  it("is no commit while nothing moves", async () => {
    const facts = createStoreFacts();
    judgeSteady(stage.observation, stage.trouble, facts);
    expect(stage.judge.checks["call-budget"]).toBe(1);
    facts.commitsMs.push(stage.clock.now() - 5 * minutes);
    judgeSteady(stage.observation, stage.trouble, facts);
    expect(stage.found()).toEqual(["call-budget"]);
  });

  it("asks nothing of a fleet for which jobs wait", async () => {
    const facts = createStoreFacts();
    facts.commitsMs.push(stage.clock.now() - 5 * minutes);
    stage.addJob("1", minutes);
    stage.truth.openJobs.add("1");
    judgeSteady(stage.observation, stage.trouble, facts);
    expect(stage.judge.checks["call-budget"]).toBe(0);
  });
});
