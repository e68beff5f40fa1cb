import { describe, expect, it } from "vitest";
import { aContext, aJob, aLedger, aMachine, nowMs } from "../../test/fleet/builders.ts";
import { assignJob } from "./change-job.ts";
import type { MachineRecord } from "./records.ts";

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
