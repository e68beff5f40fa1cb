import { beforeEach, describe, expect, it } from "vitest";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import type { Change, Changes, StoredJob, StoredMachine } from "../record-facts.ts";
import {
  judgeObservedCheck,
  judgeObservedPurchase,
  judgeObservedRecords,
  judgeObservedUse,
} from "./observed.ts";
import { createTraceFacts } from "./one-trace.ts";

let stage: OracleStage;

beforeEach(async () => {
  stage = await createOracleStage(undefined, undefined, { observed: ["acme/docs"] });
  stage.addJob("1", 0, { repository: "acme/docs" });
  stage.addJob("2", 0);
  stage.truth.observedJobs.add("1");
});

const none: Changes = { jobs: [], machines: [], attempts: [] };

function recorded(jobId: string, changes: Partial<StoredJob>): Changes {
  const after: StoredJob = {
    ...{ key: `${jobId}.1`, jobId, repository: "acme/docs", state: "queued" },
    ...{ traceId: undefined, knownMs: 0, sinceMs: 0 },
    ...changes,
  };
  return { ...none, jobs: [{ before: undefined, after }] };
}

function claimed(jobKey: string): Changes {
  const after = { id: "m", attemptId: "a", fit: "pool:p", state: "claimed", jobKey };
  const change: Change<StoredMachine> = { before: undefined, after };
  return { ...none, machines: [change] };
}

describe("a job whose repository is only observed", () => {
  it("is on record as that, and those of others as they are (observe-only)", () => {
    const cause = { code: "observe-only" };
    judgeObservedRecords(stage.observation, recorded("1", { state: "cancelled", cause }));
    judgeObservedRecords(stage.observation, recorded("2", { state: "assigned" }));
    judgeObservedRecords(stage.observation, claimed("2.1"));
    judgeObservedCheck(stage.observation, "2.1");
    expect(stage.found()).toEqual([]);
    expect(stage.judge.checks["observe-only"]).toBe(3);
  });

  it.each([
    ["waits", { state: "queued" }],
    ["is refused", { state: "failed", cause: { code: "no-policy" } }],
    ["is cancelled by somebody", { state: "cancelled", cause: { code: "cancelled-on-github" } }],
  ])("is not on record as one that %s", (_, changes) => {
    judgeObservedRecords(stage.observation, recorded("1", changes));
    expect(stage.found()).toEqual(["observe-only"]);
  });

  it("has no machine claimed for it", () => {
    judgeObservedRecords(stage.observation, claimed("1.1"));
    expect(stage.found()).toEqual(["observe-only"]);
  });

  it("does not run on a machine of ours, and may run elsewhere", () => {
    const job = stage.truth.jobs.get("1");
    if (job === undefined) throw new Error("It was added");
    job.runnerName = "old-runner";
    judgeObservedUse(stage.observation, job);
    expect(stage.found()).toEqual([]);
    stage.truth.machineOf.set("old-runner", "m");
    judgeObservedUse(stage.observation, job);
    expect(stage.found()).toEqual(["observe-only"]);
  });

  it("has nothing bought in its trace", () => {
    const facts = createTraceFacts();
    facts.told.set("1.1", new Set(["t1"]));
    facts.told.set("2.1", new Set(["t2"]));
    judgeObservedPurchase(stage.observation, facts, "a", "t2");
    expect(stage.found()).toEqual([]);
    judgeObservedPurchase(stage.observation, facts, "b", "t1");
    expect(stage.found()).toEqual(["observe-only"]);
  });

  it("may be served from the moment on that a release claims its repository", () => {
    stage.truth.isWidened = true;
    judgeObservedRecords(stage.observation, recorded("1", { state: "queued" }));
    judgeObservedRecords(stage.observation, claimed("1.1"));
    expect(stage.found()).toEqual([]);
  });

  it("is spoken of by no check run", () => {
    judgeObservedCheck(stage.observation, "1.1");
    expect(stage.found()).toEqual(["observe-only"]);
  });
});
