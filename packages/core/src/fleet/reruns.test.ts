import { describe, expect, it } from "vitest";
import {
  aCatalog,
  aContext,
  aJob,
  aMachine,
  anEvent,
  aRegistration,
  nowMs,
} from "../../test/fleet/builders.ts";
import { aResultStage, failed, failureKinds } from "../../test/fleet/result-stage.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import { actOnDeadlines } from "./plan-deadlines.ts";
import { carryOutReruns, planReruns } from "./plan-reruns.ts";
import type { JobRecord, MachineRecord, Rerun } from "./records.ts";
import { takeDemand } from "./take-demand.ts";
import { defaultTimings } from "./timings.ts";

const { maxRuntimeMs } = defaultTimings;

/** A job on a spot machine whose end was announced for now. */
function lostStage(changes: Partial<JobRecord> = {}, machine: Partial<MachineRecord> = {}) {
  return aResultStage({
    jobs: [
      aJob("1", {
        name: "test",
        state: "running",
        machineId: "m",
        runnerName: "rf-m-1",
        startedAtMs: nowMs - 60_000,
        ...changes,
      }),
    ],
    machines: [
      aMachine("m", {
        state: "running",
        market: "spot",
        jobKey: "1.1",
        registration: aRegistration("m"),
        announcedEndMs: nowMs,
        ...machine,
      }),
    ],
  });
}

const failedEvent = (changes: Partial<JobEvent> = {}) =>
  anEvent("1", "completed", { conclusion: "failure", runnerName: "rf-m-1", ...changes });

/** A job whose re-run is as far as this. */
const waiting = (state: Rerun["state"], changes: Partial<Rerun> = {}) =>
  aJob("1", {
    name: "test",
    state: "completed",
    conclusion: "failure",
    endedAtMs: nowMs,
    deadlineMs: nowMs,
    interruption: { kind: "announced", atMs: nowMs, endsAtMs: nowMs, machineId: "m" },
    rerun: { state, sinceMs: nowMs, untilMs: nowMs + maxRuntimeMs, ...changes },
  });

const again = anEvent("9", "queued", { name: "test", attempt: 2 });

describe("the end of a job that lost its machine", () => {
  it("has it run again, and keeps its record open until then", () => {
    const { ledger } = lostStage();
    takeDemand(ledger, aContext(), failedEvent());
    expect(ledger.jobs.get("1.1")).toMatchObject({
      state: "completed",
      cause: { code: "rerun-pending" },
      interruption: { kind: "announced", machineId: "m" },
      rerun: { state: "wanted", untilMs: nowMs + maxRuntimeMs },
    });
  });

  it.each([
    ["by its policy", { rerun: { attempts: 0 } }, {}],
    ["a second time", {}, { reruns: 1 }],
    ["a third time where two are allowed", { rerun: { attempts: 2 } }, { reruns: 2 }],
    ["in the tenth attempt of its run", { rerun: { attempts: 5 } }, { attempt: 10 }],
  ])("does not have it run again %s, and says so", (_, policy, changes) => {
    const { ledger } = lostStage({ ...changes, key: "1.1" });
    const [everyone] = aCatalog().policies;
    const policies = [{ ...everyone, ...policy }] as ReturnType<typeof aCatalog>["policies"];
    takeDemand(ledger, aContext({ catalog: aCatalog({ policies }) }), failedEvent());
    expect(ledger.jobs.size).toBe(0);
    expect(ledger.ended.at(-1)).toMatchObject({
      cause: { code: "interrupted", message: expect.stringContaining("not run again: ") },
    });
    expect(ledger.ended.at(-1)?.rerun).toBeUndefined();
  });

  it.each([
    [0, 0, "acme/app allows itself no re-runs"],
    [1, 1, "it was run again once"],
  ])("has it run again no more often than its repository allows: %d", (maxReruns, reruns, why) => {
    const placement = { ...aJob("1").placement, maxReruns } as never;
    const { ledger } = lostStage({ reruns, key: "1.1", placement });
    const [everyone] = aCatalog().policies;
    const policies = [{ ...everyone, rerun: { attempts: 5 } }] as never;
    takeDemand(ledger, aContext({ catalog: aCatalog({ policies }) }), failedEvent());
    expect(ledger.ended.at(-1)?.cause?.message).toContain(why);
  });

  it("is weighed for a while where the machine may yet turn out to be lost, and else is its own", () => {
    const { ledger } = lostStage({}, { announcedEndMs: undefined as never });
    takeDemand(ledger, aContext(), failedEvent());
    const weighed = ledger.jobs.get("1.1");
    expect(weighed).toMatchObject({ rerun: { state: "weighed" }, deadlineMs: nowMs + 90_000 });
    const later = aContext({ nowMs: nowMs + 90_000 });
    carryOutReruns(ledger, later, planReruns(ledger, new Map(), later.nowMs, 10));
    expect(ledger.jobs.size).toBe(0);
    expect(ledger.ended.at(-1)?.cause).toBeUndefined();
  });

  it("closes the record at once where nobody takes machines away", () => {
    const { ledger } = lostStage({}, { market: "on-demand", announcedEndMs: undefined as never });
    takeDemand(ledger, aContext(), failedEvent());
    expect(ledger.jobs.size).toBe(0);
  });

  it("that was cancelled while it waited lost nothing", () => {
    const { ledger } = lostStage({ state: "assigned" }, { state: "registered" });
    const { runnerName: _, ...event } = failedEvent({ conclusion: "cancelled" });
    takeDemand(ledger, aContext(), event);
    expect(ledger.jobs.size).toBe(0);
    expect(ledger.ended.at(-1)?.rerun).toBeUndefined();
  });
});

describe("planning re-runs", () => {
  it("picks what is due, those that ended first, within the budget", () => {
    const jobs = [3, 1, 2].map((number) => ({
      ...waiting("wanted"),
      key: `${number}.1`,
      endedAtMs: nowMs + number,
    }));
    const later = { ...waiting("asked"), key: "4.1", deadlineMs: nowMs + 5_000 };
    const view = { jobs: new Map([...jobs, later].map((job) => [job.key, job])) };
    const plan = planReruns(view, new Map(), nowMs, 2);
    expect(plan.due.map(({ key }) => key)).toEqual(["1.1", "2.1"]);
    expect(plan.nextWakeAtMs).toBe(nowMs + 5_000);
    expect({ settled: plan.settled, late: plan.late }).toEqual({ settled: [], late: [] });
  });

  it("looks at GitHub, which changes no record", () => {
    const { ledger, effects } = aResultStage({ jobs: [waiting("wanted")] });
    carryOutReruns(ledger, aContext(), planReruns(ledger, new Map(), nowMs, 10));
    expect(ledger.pendingWrites()).toBe(0);
    expect(effects()).toEqual([{ kind: "rerun", jobKey: "1.1" }]);
  });

  it("looks ever more rarely, and no more when nobody waits any longer", () => {
    const job = waiting("wanted", { untilMs: nowMs + 3_700_000 });
    const { ledger } = aResultStage({ jobs: [job] });
    const nextAfter = (lookedMs: number): number => {
      const looks = new Map([["1.1", nowMs + lookedMs]]);
      return planReruns(ledger, looks, nowMs + lookedMs, 10).nextWakeAtMs - nowMs - lookedMs;
    };
    expect([0, 60_001, 3_500_000, 3_650_000].map(nextAfter)).toEqual([
      10_000, 15_001, 120_000, 50_000,
    ]);
  });

  it("gives up what is late", () => {
    const { ledger, effects } = aResultStage({ jobs: [waiting("asked", { untilMs: nowMs })] });
    carryOutReruns(ledger, aContext(), planReruns(ledger, new Map(), nowMs, 10));
    expect(ledger.jobs.size).toBe(0);
    expect(effects()).toEqual([]);
  });

  it("is nobody else's: the deadlines of jobs pass them over", () => {
    const { ledger, effects } = aResultStage({ jobs: [waiting("asked")] });
    actOnDeadlines(ledger, aContext(), 80);
    expect(effects()).toEqual([]);
    expect(ledger.jobs.get("1.1")?.rerun?.state).toBe("asked");
  });
});

describe("what GitHub answers about a re-run", () => {
  it("that it runs again is told, and its news are waited for", () => {
    const { ledger, take } = aResultStage({ jobs: [waiting("asked")] });
    take({ kind: "rerun", jobKey: "1.1", result: { answer: "accepted" } });
    expect(ledger.jobs.get("1.1")).toMatchObject({
      rerun: { state: "accepted" },
      deadlineMs: nowMs + 30_000,
    });
  });

  it("that it may be asked is stored, and it is asked", () => {
    const { ledger, take, effects } = aResultStage({ jobs: [waiting("wanted")] });
    take({ kind: "rerun", jobKey: "1.1", result: { answer: "free" } });
    expect(ledger.jobs.get("1.1")).toMatchObject({
      rerun: { state: "asked" },
      deadlineMs: nowMs + 60_000,
    });
    expect(effects()).toEqual([{ kind: "rerun", jobKey: "1.1" }]);
  });

  it("that its run goes on is written down once", () => {
    const { ledger, take, effects } = aResultStage({ jobs: [waiting("wanted")] });
    take({ kind: "rerun", jobKey: "1.1", result: { answer: "not-yet" } });
    expect(ledger.jobs.get("1.1")?.history.map(({ code }) => code)).toEqual(["rerun-waits"]);
    effects();
    take({ kind: "rerun", jobKey: "1.1", result: { answer: "not-yet" } });
    expect(ledger.pendingWrites()).toBe(0);
  });

  it("that its run goes on after all takes the question back", () => {
    const { ledger, take } = aResultStage({ jobs: [waiting("asked")] });
    take({ kind: "rerun", jobKey: "1.1", result: { answer: "not-yet" } });
    expect(ledger.jobs.get("1.1")).toMatchObject({ rerun: { state: "wanted" }, deadlineMs: nowMs });
  });

  it.each(["asked", "accepted", "wanted"] as const)(
    "or its webhook, that it is queued again settles one that is %s: on demand, and no more questions",
    (state) => {
      for (const how of ["answer", "webhook"] as const) {
        const { ledger, take, effects } = aResultStage({ jobs: [waiting(state)] });
        if (how === "webhook") takeDemand(ledger, aContext(), again);
        else
          take({
            kind: "rerun",
            jobKey: "1.1",
            result: { answer: "again", event: again, isEnded: false },
          });
        expect([...ledger.jobs.keys()]).toEqual(["9.2"]);
        expect(ledger.jobs.get("9.2")).toMatchObject({
          state: "queued",
          rerunOf: "1.1",
          reruns: 1,
          placement: { shape: { spot: false } },
        });
        expect(effects()).toEqual([]);
        // What comes late changes nothing.
        take({ kind: "rerun", jobKey: "1.1", result: { answer: "accepted" } });
        takeDemand(ledger, aContext(), again);
        expect([...ledger.jobs.keys()]).toEqual(["9.2"]);
      }
    },
  );

  it("does not open the record of a re-run that is over", () => {
    const { ledger, take } = aResultStage({ jobs: [waiting("asked")] });
    const event = anEvent("9", "completed", { name: "test", attempt: 2 });
    take({ kind: "rerun", jobKey: "1.1", result: { answer: "again", event, isEnded: true } });
    expect(ledger.jobs.size).toBe(0);
  });

  it.each(["gone", "spent"] as const)(
    "that it cannot be, since its run is %s, ends it",
    (answer) => {
      const { ledger, take } = aResultStage({ jobs: [waiting("asked")] });
      take({ kind: "rerun", jobKey: "1.1", result: { answer } });
      expect(ledger.jobs.size).toBe(0);
    },
  );

  it.each(failureKinds)(
    "as a failure of kind %s is tried again, for as long as it may pass",
    (kind) => {
      const passes = ["throttled", "unavailable", "unknown", "conflict"].includes(kind);
      const { ledger, take } = aResultStage({ jobs: [waiting("asked")] });
      for (let tries = 0; tries < 3; tries += 1) {
        expect(ledger.jobs.has("1.1")).toBe(true);
        take({ kind: "rerun", jobKey: "1.1", result: failed(kind) });
      }
      expect(ledger.jobs.has("1.1")).toBe(passes);
      if (passes) expect(ledger.pendingWrites()).toBe(0);
    },
  );

  it("about another job of the run is that one's", () => {
    const { ledger } = aResultStage({ jobs: [waiting("asked")] });
    takeDemand(ledger, aContext(), { ...again, name: "other" });
    expect(ledger.jobs.get("1.1")?.rerun?.state).toBe("asked");
    expect(ledger.jobs.get("9.2")?.rerunOf).toBeUndefined();
  });
});
