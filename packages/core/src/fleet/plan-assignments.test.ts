import { describe, expect, it } from "vitest";
import { aJob, aMachine, aRegistration, aShape, nowMs } from "../../test/fleet/builders.ts";
import type { Cause } from "../ports/cause.ts";
import { planAssignments } from "./plan-assignments.ts";
import type { JobRecord, MachineRecord } from "./records.ts";
import type { MachineState } from "./transitions.ts";

function plan(
  jobs: readonly JobRecord[],
  machines: readonly MachineRecord[],
  left = 100,
  refusal: (job: JobRecord) => Cause | undefined = () => undefined,
) {
  const view = {
    jobs: new Map(jobs.map((job) => [job.key, job])),
    machines: new Map(machines.map((machine) => [machine.id, machine])),
  };
  return planAssignments(view, { left, refusal }, 100);
}
const pairs = (list: readonly { job: JobRecord; machine: MachineRecord }[]) =>
  list.map(({ job, machine }) => `${job.jobId}>${machine.id}`);

const spare = (id: string, state: MachineState = "registered", scope = "orgs/acme") =>
  aMachine(id, { state, registration: aRegistration(id, { scope }) });

describe("who gets which machine", () => {
  it("the oldest job gets the machine that has been ready longest", () => {
    const jobs = [aJob("1", { createdAtMs: nowMs }), aJob("2", { createdAtMs: nowMs - 1 })];
    const machines = [aMachine("new", { readyAtMs: nowMs - 1 }), aMachine("old")];
    expect(pairs(plan(jobs, machines).claims)).toEqual(["2>old", "1>new"]);
  });

  it.each(["claimed", "assigned", "acknowledged", "registered"] as const)(
    "a runner that is %s and lost its job serves the next one of its labels, without another registration",
    (state) => {
      const { adoptions, claims } = plan([aJob("1")], [aMachine("ready"), spare("m", state)], 0);
      expect([pairs(adoptions), pairs(claims)]).toEqual([["1>m"], []]);
    },
  );

  it.each(["withdrawing", "running", "ending", "retiring"] as const)(
    "a runner that is %s serves nobody any more (one-shot)",
    (state) => {
      const { adoptions, unserved } = plan([aJob("1")], [spare("m", state)]);
      expect([adoptions.length, unserved.length]).toEqual([0, 1]);
    },
  );

  it("a runner of one repository serves no job of another one, whatever its labels", () => {
    const machine = spare("m", "registered", "repos/me/app");
    const other = aJob("1", { repository: "me/other" });
    const own = aJob("2", { repository: "me/app" });
    expect(pairs(plan([other, own], [machine]).adoptions)).toEqual(["2>m"]);
  });

  it("a job beyond its repository's limit waits, and a younger one of another repository is served", () => {
    const placement = { ...aJob("1").placement, perRepository: 1 } as JobRecord["placement"];
    const limited = (id: string, ageMs: number): JobRecord => {
      const base = aJob(id, { createdAtMs: nowMs - ageMs });
      return placement ? { ...base, placement } : base;
    };
    const jobs = [
      limited("1", 30),
      limited("2", 20),
      aJob("3", { repository: "acme/b", createdAtMs: nowMs }),
    ];
    const { claims, waits } = plan(jobs, [aMachine("a"), aMachine("b"), aMachine("c")]);
    expect(claims.map(({ job }) => job.jobId)).toEqual(["1", "3"]);
    expect(waits.map(({ job, cause }) => [job.jobId, cause.code])).toEqual([
      ["2", "repository-limit"],
    ]);
  });

  it.each<readonly [string, Partial<JobRecord>, readonly string[]]>([
    ["runs on somebody else's runner", { state: "running", runnerName: "somebody" }, ["2"]],
    ["runs on a machine of ours", { state: "running", runnerName: "rf-m-1", machineId: "m" }, []],
    ["runs, and GitHub has not said where", { state: "running" }, []],
    ["was given a machine", { state: "assigned", machineId: "m" }, []],
  ])(
    "a job that %s takes its place within the repository's limit only with a machine",
    (_, of, unserved) => {
      const placement = { environment: "ci", shape: aShape, policy: "all", perRepository: 1 };
      const jobs = [aJob("1", { placement, ...of }), aJob("2", { placement })];
      expect(plan(jobs, []).unserved.map(({ jobId }) => jobId)).toEqual(unserved);
    },
  );

  it("while GitHub refuses, a ready machine is kept for the job, and none is bought for others", () => {
    const down: Cause = { code: "unavailable", message: "down" };
    const { waits, spokenFor, unserved } = plan(
      [aJob("1"), aJob("2")],
      [aMachine("m")],
      10,
      () => down,
    );
    expect(waits.map(({ cause }) => cause.code)).toEqual(["unavailable", "unavailable"]);
    expect([[...spokenFor], unserved]).toEqual([["m"], []]);
  });

  it("while GitHub asks for patience, machines are bought: they boot meanwhile", () => {
    const slow: Cause = { code: "throttled", message: "later" };
    expect(plan([aJob("1")], [], 10, () => slow).unserved.map(({ jobId }) => jobId)).toEqual(["1"]);
  });
});
