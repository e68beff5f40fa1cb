import { describe, expect, it } from "vitest";
import { aContext, aJob, aLedger, aMachine, nowMs } from "../../test/fleet/builders.ts";
import { assignJob, concludeJob, startJob } from "./change-job.ts";
import type { MachineRecord, Told } from "./records.ts";

describe("how warm a job was served", () => {
  const served = (changes: Partial<MachineRecord>) => {
    const job = aJob("1", { receivedAtMs: nowMs - 60_000 });
    const { ledger } = aLedger({ jobs: [job] });
    const why = { code: "claimed", message: "" };
    return assignJob(ledger, aContext(), job, aMachine("m", changes), why).served;
  };

  it("is hot when the machine was ready as the job came, whatever it was before", () => {
    expect(served({ readyAtMs: nowMs - 60_000 })).toBe("hot");
    expect(served({ readyAtMs: nowMs - 60_000, wasStopped: true })).toBe("hot");
  });

  it("is stopped or cold when it had to be started or bought", () => {
    expect(served({ readyAtMs: nowMs - 59_999, wasStopped: true })).toBe("stopped");
    expect(served({ readyAtMs: nowMs - 59_999 })).toBe("cold");
  });
});

describe("a job whose developer read that it waits", () => {
  const waits: Told = { atMs: nowMs - 60_000, tries: 2, isDone: true };
  const stage = (told?: Told) => {
    const headSha = "abc";
    const job = aJob("1", { headSha, receivedAtMs: nowMs - 600_000, ...(told ? { told } : {}) });
    return { job, context: aContext(), ...aLedger({ jobs: [job] }) };
  };
  const check = [{ kind: "check", jobKey: "1.1" }];

  it("has it told that the wait is over when it begins, once", () => {
    const { ledger, context, job, effects } = stage(waits);
    const running = startJob(ledger, context, job, { atMs: nowMs });
    expect(running.told).toEqual({ atMs: nowMs, tries: 1, isOver: true });
    startJob(ledger, context, running, { atMs: nowMs, runnerName: "rf-1" });
    expect(effects()).toEqual(check);
  });

  it.each([
    { when: "before it began", told: waits, kept: true },
    { when: "before it was told so", told: { ...waits, isDone: false, isOver: true }, kept: true },
    { when: "after it was told so", told: { ...waits, isOver: true }, kept: false },
    { when: "without a word before", told: undefined, kept: false },
  ])("that ends $when: kept until it is told, $kept", ({ told, kept }) => {
    const { ledger, context, job, effects } = stage(told);
    concludeJob(ledger, context, job, "success", nowMs);
    expect(ledger.jobs.has("1.1")).toBe(kept);
    expect(ledger.hasEnded("1.1")).toBe(true);
    expect(effects()).toEqual(kept ? check : []);
  });
});
