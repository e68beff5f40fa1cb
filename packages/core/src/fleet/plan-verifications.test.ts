import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aView } from "../../test/fleet/arbitraries.ts";
import { aJob, aMachine, nowMs } from "../../test/fleet/builders.ts";
import { type Asked, planVerifications } from "./plan-verifications.ts";
import type { JobRecord, MachineRecord } from "./records.ts";

const sweepMs = 120_000;

function plan(
  jobs: readonly JobRecord[],
  machines: readonly MachineRecord[] = [],
  atMs = nowMs,
  asked: ReadonlyMap<string, Asked> = new Map(),
  most = 100,
) {
  const view = {
    jobs: new Map(jobs.map((job) => [job.key, job])),
    machines: new Map(machines.map((machine) => [machine.id, machine])),
  };
  return planVerifications(view, asked, atMs, sweepMs, most);
}
const names = ({ jobs }: ReturnType<typeof plan>) => jobs.map(({ key }) => key);

describe("questions to GitHub about single jobs", () => {
  it.each(["ending", "retiring"] as const)(
    "are asked within seconds when the machine of a job is %s",
    (state) => {
      const machine = aMachine("m", { state, sinceMs: nowMs });
      for (const jobState of ["assigned", "running"] as const) {
        const job = aJob("1", { state: jobState, machineId: "m", runnerName: "rf-m-1" });
        expect(names(plan([job], [machine]))).toEqual([]);
        expect(plan([job], [machine]).nextWakeAtMs).toBe(nowMs + 5_000);
        expect(names(plan([job], [machine], nowMs + 5_000))).toEqual(["1.1"]);
      }
    },
  );

  it("are asked within seconds when the machine of a job is gone", () => {
    const job = aJob("1", { state: "assigned", machineId: "m", claimedAtMs: nowMs - 5_000 });
    expect(names(plan([job]))).toEqual(["1.1"]);
  });

  it("are not asked about a healthy job for several sweeps, so that it costs nothing", () => {
    const job = aJob("1", {
      state: "running",
      machineId: "m",
      runnerName: "rf-m-1",
      receivedAtMs: nowMs,
      startedAtMs: nowMs,
    });
    const machine = aMachine("m", { state: "running" });
    expect(names(plan([job], [machine], nowMs + 10 * sweepMs))).toEqual([]);
    expect(names(plan([job], [machine], nowMs + 60 * 60_000))).toEqual(["1.1"]);
  });

  it("are asked about a job that runs nobody knows where, but not for ever", () => {
    const machine = aMachine("m", { state: "running" });
    const job = aJob("1", { state: "running", receivedAtMs: nowMs, startedAtMs: nowMs });
    for (const known of [job, { ...job, machineId: "m" }]) {
      expect(plan([known], [machine]).nextWakeAtMs).toBe(nowMs + 5_000);
      expect(names(plan([known], [machine], nowMs + 5_000))).toEqual(["1.1"]);
      const pauses = [1, 2, 3, 4, 5].map((times) => {
        const asked = new Map([["1.1", { atMs: nowMs, times }]]);
        return plan([known], [machine], nowMs, asked).nextWakeAtMs - nowMs;
      });
      expect(pauses).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
      const often = new Map([["1.1", { atMs: nowMs, times: 6 }]]);
      expect(plan([known], [machine], nowMs, often).nextWakeAtMs).toBeGreaterThanOrEqual(
        nowMs + 5 * sweepMs,
      );
    }
  });

  it("are asked less and less often while the answer does not come", () => {
    const machine = aMachine("m", { state: "ending", sinceMs: nowMs - 1_000_000 });
    const job = aJob("1", { state: "assigned", machineId: "m" });
    const pauses = [1, 2, 3, 4, 5, 9].map((times) => {
      const asked = new Map([["1.1", { atMs: nowMs, times }]]);
      return plan([job], [machine], nowMs, asked).nextWakeAtMs - nowMs;
    });
    expect(pauses).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  });

  it("put what is missing before what is only silent when the budget is small", () => {
    const silent = aJob("1", { receivedAtMs: nowMs - 100 * sweepMs });
    const missing = aJob("2", { state: "assigned", machineId: "m", claimedAtMs: nowMs - 6_000 });
    expect(names(plan([silent, missing], [], nowMs, new Map(), 1))).toEqual(["2.1"]);
  });

  it("are asked about open jobs only, within the budget, and the next is due later than now", () => {
    fc.assert(
      fc.property(aView, fc.nat(5), fc.nat(3 * 3_600_000), (view, most, lateMs) => {
        const atMs = nowMs + lateMs;
        const result = planVerifications(view, new Map(), atMs, sweepMs, most);
        expect(result.jobs.length).toBeLessThanOrEqual(most);
        expect(result.nextWakeAtMs).toBeGreaterThan(atMs);
        for (const { state } of result.jobs) {
          expect(["queued", "assigned", "running"]).toContain(state);
        }
      }),
    );
  });
});
