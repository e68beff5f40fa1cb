import { describe, expect, it } from "vitest";
import { samplePool } from "../../test/sample-pools.ts";
import { busyStatus, sampleNowMs } from "../../test/sample-status.ts";
import { currentDecisions } from "./explain-now.ts";
import type { FleetStatus, JobStatus } from "./status.ts";

const cause = { code: "capacity", message: "No capacity for c7g" } as const;

function aStatus(job: Partial<JobStatus> = {}, machineState?: string): FleetStatus {
  const status = busyStatus();
  const [first] = status.jobs;
  const one: JobStatus = {
    ...(first as JobStatus),
    id: "17.1",
    state: "queued",
    queuedAtMs: sampleNowMs - 200_000,
    pool: "linux-arm",
    ...job,
  };
  const machine = { id: "i-1", region: "r", state: machineState ?? "", deadlineMs: 0 };
  return { ...status, jobs: [one], machines: machineState === undefined ? [] : [machine] };
}

const toldOf = (job: Partial<JobStatus>, machineState?: string) =>
  currentDecisions({ jobId: "17.1" }, aStatus(job, machineState), sampleNowMs)[0];

describe("why a pool has the machines it has", () => {
  it("is told with its target, its reason and what comes", () => {
    expect(currentDecisions({ pool: "linux-arm" }, busyStatus(), sampleNowMs)).toEqual([
      {
        atMs: sampleNowMs,
        subject: { pool: "linux-arm" },
        code: "pool-target",
        message:
          "Pool linux-arm has 69 machines of at most 450. 23 ready of 25 wanted for office, 2 booting, 4 busy, 40 stopped. At 19:00 falls to 2 ready and 20 stopped, kept 15 min longer, then by 5 every 5 min; exception thanksgiving on Thursday: office is skipped. Times are in Europe/Berlin.",
        current: true,
      },
    ]);
  });

  it("has the code of what holds the rest back", () => {
    const { status } = samplePool("p", sampleNowMs, { missing: 4, cause });
    const [record] = currentDecisions(
      { pool: "p" },
      { ...busyStatus(), pools: [status] },
      sampleNowMs,
    );
    expect(record?.code).toBe("capacity");
    expect(record?.message).toContain("4 held back: No capacity for c7g.");
  });

  it("is not told of a pool that nobody knows, or of nothing", () => {
    expect(currentDecisions({ pool: "nope" }, busyStatus(), sampleNowMs)).toEqual([]);
    expect(currentDecisions({}, busyStatus(), sampleNowMs)).toEqual([]);
    expect(currentDecisions({ machineId: "i-0c0ffee1" }, busyStatus(), sampleNowMs)).toEqual([]);
  });
});

describe("why there is no runner for a job", () => {
  it("is its cause, beside what its pool has", () => {
    const told = toldOf({ cause });
    expect(told).toMatchObject({ code: "capacity", current: true, atMs: sampleNowMs });
    expect(told?.message).toBe(
      "Waits for 3 min by now: No capacity for c7g. Pool linux-arm: 23 ready of 25 wanted for office, 2 booting, 4 busy, 40 stopped.",
    );
  });

  it("is a machine that is on the way when nothing holds it", () => {
    expect(toldOf({})).toMatchObject({
      code: "machine-coming",
      message: expect.stringContaining("pool linux-arm has 2 booting and 0 being bought"),
    });
    const { pool: _, ...shape } = aStatus().jobs[0] as JobStatus;
    const status = { ...aStatus(), jobs: [shape] };
    expect(currentDecisions({ jobId: "17" }, status, sampleNowMs)[0]?.message).toBe(
      "Waits for 3 min by now: a machine of its shape is on the way.",
    );
  });

  it.each([
    ["claimed", "GitHub is asked for the credential of its runner on i-1"],
    ["assigned", "its assignment is written, and not taken yet by i-1"],
    ["withdrawing", "its assignment was not taken in time, and is taken back from i-1"],
    ["acknowledged", "the runner starts on i-1"],
    ["registered", "GitHub has not handed it yet to the runner on i-1"],
    ["odd", "it waits for odd i-1"],
  ])("is how far its machine is: %s", (state, words) => {
    const told = toldOf({ state: "assigned", machineId: "i-1" }, state);
    expect(told).toMatchObject({ code: "starting", message: `Waits for 3 min by now: ${words}.` });
  });

  it("is not told of a job that has one, or has ended", () => {
    for (const state of ["running", "completed", "failed", "cancelled"] as const) {
      expect(toldOf({ state })).toBe(undefined);
    }
  });
});
