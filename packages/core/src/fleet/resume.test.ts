import { describe, expect, it } from "vitest";
import {
  aContext,
  aJob,
  aLedger,
  aMachine,
  anAssignment,
  anAttempt,
  aRegistration,
  nowMs,
} from "../../test/fleet/builders.ts";
import { actOnDeadlines } from "./plan-deadlines.ts";
import { resume } from "./resume.ts";
import type { MachineState } from "./transitions.ts";

const context = aContext();

describe("a new controller", () => {
  it("looks for the machines of every purchase before it buys (no-double-launch)", () => {
    const { ledger, effects } = aLedger({
      attempts: [anAttempt("a"), anAttempt("b", { state: "recovering" })],
    });
    resume(ledger, context);
    actOnDeadlines(ledger, context, 80);
    expect(effects()).toEqual([
      { kind: "recover", attemptId: "a" },
      { kind: "recover", attemptId: "b" },
    ]);
    expect([...ledger.attempts.values()].map(({ state }) => state)).toEqual([
      "recovering",
      "recovering",
    ]);
  });

  it.each([
    ["withdrawing", "withdraw"],
    ["retiring", "terminate"],
    ["stopping", "stop"],
  ] as const)("repeats at once what was to be done with a machine that is %s", (state, kind) => {
    const { ledger, effects } = aLedger({
      machines: [aMachine("m", { state, registration: aRegistration("m") })],
      assignments: state === "withdrawing" ? [anAssignment("m")] : [],
    });
    resume(ledger, context);
    actOnDeadlines(ledger, context, 80);
    expect(effects()).toEqual([{ kind, machineId: "m" }]);
  });

  it("gives up a claim whose registration it never saw, and the job waits again", () => {
    const { ledger } = aLedger({
      jobs: [aJob("1", { state: "assigned", machineId: "m" })],
      machines: [
        aMachine("m", { state: "claimed", jobKey: "1.1", registration: aRegistration("m") }),
      ],
    });
    resume(ledger, context);
    actOnDeadlines(ledger, context, 80);
    expect(ledger.machines.get("m")).toMatchObject({ state: "ready" });
    expect(ledger.machines.get("m")?.registration).toBeUndefined();
    expect(ledger.jobs.get("1.1")?.state).toBe("queued");
  });

  it("asks again for a start, but not for a boot", () => {
    const { ledger, effects } = aLedger({
      machines: [
        aMachine("cold", { state: "booting" }),
        aMachine("warm", { state: "booting", wasStopped: true }),
      ],
    });
    resume(ledger, context);
    expect(effects()).toEqual([{ kind: "start", machineId: "warm" }]);
  });

  it("makes one of what a torn write left: a job has one machine, and a machine one job", () => {
    const registered = (id: string, jobKey: string) =>
      aMachine(id, { state: "registered", jobKey, registration: aRegistration(id) });
    const { ledger } = aLedger({
      jobs: [
        aJob("1", { state: "assigned", machineId: "m2" }),
        aJob("2", { state: "assigned", machineId: "m2" }),
        aJob("3"),
      ],
      machines: [registered("m1", "1.1"), registered("m2", "1.1"), registered("m3", "3.1")],
    });
    resume(ledger, context);
    expect([...ledger.machines.values()].map(({ jobKey }) => jobKey)).toEqual([
      undefined,
      "1.1",
      undefined,
    ]);
    expect([...ledger.jobs.values()].map(({ state }) => state)).toEqual([
      "assigned",
      "queued",
      "queued",
    ]);
  });

  it.each(["running", "ending", "retiring"] satisfies MachineState[])(
    "leaves a job to GitHub whose machine is %s for somebody else",
    (state) => {
      const { ledger } = aLedger({
        jobs: [aJob("1", { state: "assigned", machineId: "m" })],
        machines: [aMachine("m", { state })],
      });
      resume(ledger, context);
      expect(ledger.jobs.get("1.1")?.state).toBe("assigned");
    },
  );

  it("drops the credential of a machine that is not on the books", () => {
    const { ledger } = aLedger({ assignments: [anAssignment("m")] });
    resume(ledger, context);
    const writes = ledger.seal().commits.flatMap((commit) => commit.writes);
    expect(writes.map(({ table, id, value }) => [table, id, value])).toEqual([
      ["assignments", "m", undefined],
    ]);
  });

  it("tells a developer soon who was not told before", () => {
    const untold = aJob("1", {
      state: "failed",
      checkTriesLeft: 5,
      headSha: "abc",
      deadlineMs: nowMs,
    });
    const { ledger, effects } = aLedger({ jobs: [untold] });
    resume(ledger, context);
    actOnDeadlines(ledger, context, 80);
    expect(effects()).toEqual([{ kind: "check", jobKey: "1.1" }]);
  });
});
