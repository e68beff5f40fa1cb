import { beforeEach, describe, expect, it } from "vitest";
import { aCatalog } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import type { PlannedFile } from "../plan-gradual.ts";
import type { Change, Changes, StoredMachine } from "../record-facts.ts";
import { createRecordFacts } from "../record-facts.ts";
import type { JobFact } from "../truth.ts";
import { judgeLateUse, judgeOwedReruns, judgeRerun, judgeRerunClaims } from "./reruns.ts";

const minutes = 60_000;
const startMs = Date.parse("2026-11-24T08:00:00Z");
let stage: OracleStage;

async function begin(attempts = 1, files: readonly PlannedFile[] = []): Promise<void> {
  const policies = [{ name: "all", repositories: ["acme/*"], allow: {}, rerun: { attempts } }];
  stage = await createOracleStage(aCatalog({ policies }), startMs, { files });
}

beforeEach(() => begin());

/** A job that GitHub knows, and that failed on a machine when its provider had taken that away. */
async function lose(changes: Partial<JobFact> = {}): Promise<string> {
  const { truth, clock } = stage;
  const id = truth.github.queueJob({
    repository: "acme/app",
    labels: ["runs-fleet"],
    durationMs: 1_000,
  });
  stage.addJob(id, 0);
  const job = truth.jobs.get(id) as JobFact;
  job.runnerName = "rf-m-1";
  truth.machineOf.set("rf-m-1", "m");
  job.startedAtMs = clock.now();
  await clock.advance(minutes);
  truth.takenAtMs.set("m", clock.now());
  truth.killed.add("m");
  await clock.advance(minutes);
  truth.knownAtMs.set("m", clock.now());
  truth.bookedOn.set(id, "m");
  await clock.advance(8 * minutes);
  job.completedAtMs = clock.now();
  job.conclusion = "failure";
  Object.assign(job, changes);
  truth.github.cancelJob(id);
  return id;
}

function again(originId: string, attempt = 2): JobFact {
  const id = `${originId}0${attempt}`;
  return { id, arrival: undefined, queuedAtMs: stage.clock.now(), attempt, originId };
}

describe("a job that was lost with its machine", () => {
  it("is owed a re-run when its run has ended for half an hour", async () => {
    await lose();
    await stage.clock.advance(29 * minutes);
    judgeOwedReruns(stage.observation);
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(2 * minutes);
    judgeOwedReruns(stage.observation);
    expect(stage.found()).toEqual(["one-rerun"]);
  });

  it("has had it when it runs again", async () => {
    const id = await lose();
    const next = again(id);
    judgeRerun(stage.observation, next);
    stage.truth.jobs.set(next.id, next);
    await stage.clock.advance(40 * minutes);
    judgeOwedReruns(stage.observation);
    expect(stage.found()).toEqual([]);
    expect(stage.judge.checks["one-rerun"]).toBe(2);
  });

  it.each([
    ["people asked for it", (id: string) => stage.truth.askedByPeople.add(id)],
    ["GitHub refused it", (id: string) => stage.truth.refusedReruns.add(id)],
    ["the books had it elsewhere", (id: string) => stage.truth.bookedOn.set(id, "other")],
    ["nobody knew of the loss", () => stage.truth.knownAtMs.delete("m")],
    ["the loss came after its end", () => stage.truth.takenAtMs.set("m", stage.clock.now())],
  ])("is owed nothing when %s", async (_, excuse) => {
    excuse(await lose());
    await stage.clock.advance(40 * minutes);
    judgeOwedReruns(stage.observation);
    expect(stage.found()).toEqual([]);
  });

  it("is owed nothing where the policy asks for none, nor when it was cancelled", async () => {
    await begin(0);
    await lose();
    await begin(1);
    await lose({ conclusion: "cancelled" });
    await stage.clock.advance(40 * minutes);
    judgeOwedReruns(stage.observation);
    expect(stage.found()).toEqual([]);
  });

  it("is owed nothing where its repository wants none now and then", async () => {
    const file = { atMs: 0, repository: "acme/app", says: { maxReruns: 0 } };
    await begin(1, [file]);
    await lose();
    await stage.clock.advance(40 * minutes);
    judgeOwedReruns(stage.observation);
    expect(stage.found()).toEqual([]);
    await begin(1, [{ ...file, repository: "acme/web" }]);
    await lose();
    await stage.clock.advance(40 * minutes);
    judgeOwedReruns(stage.observation);
    expect(stage.found()).toEqual(["one-rerun"]);
  });
});

describe("a re-run", () => {
  it.each([
    ["of a job that succeeded", { conclusion: "success" }],
    ["of a job that ran on a machine to which nothing happened", { runnerName: "rf-sound-1" }],
    ["of a job that never ended", { conclusion: undefined as never }],
  ])("%s is noticed", async (_, changes) => {
    judgeRerun(stage.observation, again(await lose(changes)));
    expect(stage.found()).toEqual(["one-rerun"]);
  });

  it.each([0, 1, 2])("beyond what the policy allows, %i, is noticed", async (most) => {
    await begin(most);
    const id = await lose();
    for (let attempt = 2; attempt <= most + 1; attempt += 1) {
      const next = again(id, attempt);
      judgeRerun(stage.observation, next);
      stage.truth.jobs.set(next.id, {
        ...next,
        runnerName: "rf-m-1",
        conclusion: "failure",
      });
    }
    expect(stage.found()).toEqual([]);
    judgeRerun(stage.observation, again(id, most + 2));
    expect(stage.found()).toEqual(["one-rerun"]);
  });

  it("that people asked for is their business", async () => {
    const id = await lose({ conclusion: "success" });
    stage.truth.askedByPeople.add(id);
    judgeRerun(stage.observation, again(id));
    expect(stage.found()).toEqual([]);
  });

  it("that is given a spot machine is noticed, one on demand is not", async () => {
    const next = again(await lose());
    stage.truth.jobs.set(next.id, next);
    const records = createRecordFacts();
    const job = { key: `${next.id}.2`, jobId: next.id, repository: "acme/app", state: "assigned" };
    records.take(
      [
        {
          table: "jobs",
          id: job.key,
          shard: "ci/local",
          open: true,
          expected: "absent",
          value: job,
        },
      ],
      0,
    );
    for (const market of ["on-demand", "spot"]) {
      expect(stage.found()).toEqual([]);
      const after = { id: market, attemptId: "a", fit: "f", state: "claimed", jobKey: job.key };
      const change: Change<StoredMachine> = { before: undefined, after: { ...after, market } };
      const changes: Changes = { jobs: [], machines: [change], attempts: [] };
      judgeRerunClaims(stage.observation, records, changes);
    }
    expect(stage.found()).toEqual(["one-rerun"]);
  });
});

describe("an assignment", () => {
  it("to a machine of which the fleet was told before that it ends is noticed", async () => {
    const assignment = (id: string) => ({
      id,
      machineId: "m",
      jitConfig: "",
      runnerName: "r",
      labels: [],
      deadlineMs: 0,
    });
    judgeLateUse(stage.observation, assignment("before"));
    stage.truth.knownAtMs.set("m", stage.clock.now());
    await stage.clock.advance(9_000);
    judgeLateUse(stage.observation, assignment("crossing"));
    expect(stage.found()).toEqual([]);
    await stage.clock.advance(2_000);
    judgeLateUse(stage.observation, assignment("late"));
    expect(stage.found()).toEqual(["no-lost-job"]);
  });
});
