import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aCatalog,
  aContext,
  aJob,
  aLedger,
  aMachine,
  anAssignment,
  anEvent,
  aPool,
  aRegistration,
} from "../../test/fleet/builders.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import { createGates } from "./gates.ts";
import { takeDemand } from "./take-demand.ts";
import { takeResult } from "./take-result.ts";

const context = aContext();

/** Jobs 1 and 2 of one demand; machine m1 is registered for job 1, m2 for job 2. */
function twoAssigned() {
  const assigned = (id: string, machineId: string) =>
    aJob(id, { state: "assigned", machineId, runnerName: `rf-${machineId}-1` });
  const registered = (id: string, jobKey: string) =>
    aMachine(id, { state: "registered", jobKey, registration: aRegistration(id) });
  return aLedger({
    jobs: [assigned("1", "m1"), assigned("2", "m2")],
    machines: [registered("m1", "1.1"), registered("m2", "2.1")],
  });
}

describe("news of a job", () => {
  it("admits a queued job once, with where it goes and how long it may wait", () => {
    const { ledger } = aLedger({});
    expect(takeDemand(ledger, context, anEvent("1", "queued"))).toBe(true);
    const job = ledger.jobs.get("1.1");
    expect(job?.state).toBe("queued");
    expect(job?.placement?.policy).toBe("everyone");
    expect(job?.deadlineMs).toBe(context.nowMs + context.timings.jobDeadlineMs);
    takeDemand(ledger, context, anEvent("1", "queued"));
    expect(ledger.jobs.get("1.1")).toBe(job);
    expect([...ledger.repositories.keys()]).toEqual(["acme/app"]);
  });

  it("admits a job that it hears of late: started, or over", () => {
    const { ledger } = aLedger({});
    takeDemand(ledger, context, anEvent("1", "in_progress", { runnerName: "someone" }));
    expect(ledger.jobs.get("1.1")?.state).toBe("running");
    takeDemand(ledger, context, anEvent("2", "completed"));
    expect(ledger.hasEnded("2.1")).toBe(true);
    expect(ledger.jobs.has("2.1")).toBe(false);
  });

  it("starts nothing for a job that waits for an approval, and leaves other people's jobs alone", () => {
    const { ledger } = aLedger({});
    expect(takeDemand(ledger, context, anEvent("1", "waiting"))).toBe(false);
    expect(takeDemand(ledger, context, anEvent("2", "queued", { labels: ["ubuntu-latest"] }))).toBe(
      false,
    );
    expect(ledger.pendingWrites()).toBe(0);
  });

  it.each([
    ["labels-invalid", anEvent("1", "queued", { labels: ["runs-fleet/cpus=2"] })],
    ["no-policy", anEvent("1", "queued", { repository: "other/app" })],
    ["no-policy", anEvent("1", "queued", { visibility: "public" })],
    ["no-policy", anEvent("1", "queued", { fork: true })],
    ["unknown-pool", anEvent("1", "queued", { labels: ["runs-fleet/pool=nope"] })],
  ])("refuses with %s, visibly, and tells the developer", (code, event) => {
    const stage = aLedger({});
    takeDemand(stage.ledger, context, event);
    const job = stage.ledger.jobs.get("1.1");
    expect([job?.state, job?.cause?.code]).toEqual(["failed", code]);
    expect(stage.decisions.map((decision) => decision.code)).toEqual([code]);
    expect(stage.effects()).toEqual([{ kind: "check", jobKey: "1.1" }]);
    // Lost with the process, it is told by the next controller, soon.
    expect((job?.deadlineMs ?? 0) - context.nowMs).toBeLessThanOrEqual(60_000);
  });

  it("is not taken in again when an earlier controller refused it, and its developer is told only now", () => {
    const refused = aJob("1", { state: "failed", checkTriesLeft: 5 });
    const stage = aLedger({ jobs: [refused] });
    const told = { kind: "checked", jobKey: "1.1", word: "refused", result: undefined } as const;
    takeResult(
      stage.ledger,
      context,
      createGates(() => 0.5),
      told,
    );
    expect(stage.ledger.jobs.size).toBe(0);
    // A sweep that read the record before it was closed hands the job in.
    expect(takeDemand(stage.ledger, context, anEvent("1", "queued"))).toBe(true);
    expect(stage.ledger.jobs.size).toBe(0);
  });

  it("is put on record and not refused visibly while its repository is only observed: something else serves it", () => {
    const stage = aLedger({});
    const rollout = { claim: ["acme/sandbox"], else: "observe" } as const;
    const observing = aContext({ catalog: aCatalog({ rollout }) });
    takeDemand(
      stage.ledger,
      observing,
      anEvent("1", "queued", { labels: ["runs-fleet/cpus=2"], repository: "acme/app" }),
    );
    expect(stage.ledger.ended).toMatchObject([
      {
        state: "cancelled",
        cause: {
          code: "observe-only",
          message: expect.stringContaining("It would be refused (labels-invalid: "),
        },
      },
    ]);
    expect(stage.effects()).toEqual([]);
  });

  describe("of a repository that narrows what it is allowed", () => {
    const wide = aContext({
      catalog: aCatalog({
        policies: [
          {
            name: "everyone",
            repositories: ["acme/*"],
            allow: {},
            limits: { perRepository: 5 },
          },
        ],
      }),
    });

    it("is refused what the repository does not allow itself, in words that name it", () => {
      const { ledger } = aLedger({});
      const own = { version: "1", maxCpu: 1 };
      takeDemand(ledger, wide, { ...anEvent("1", "queued"), narrowing: own });
      expect(ledger.jobs.get("1.1")).toMatchObject({
        state: "failed",
        cause: {
          code: "forbidden-shape",
          message: expect.stringContaining("acme/app allows itself at most 1 vCPUs"),
        },
      });
    });

    it.each([
      [3, 3],
      [9, 5],
      [0, 0],
    ])(
      "has at most %d of its jobs served at once, and never more than its policy allows",
      (maxJobs, most) => {
        const stage = aLedger({});
        const own = { version: "0123456789abcdef", maxJobs };
        takeDemand(stage.ledger, wide, { ...anEvent("1", "queued"), narrowing: own });
        expect(stage.ledger.jobs.get("1.1")).toMatchObject({
          placement: { perRepository: most },
          history: [{ message: "Policy everyone, narrowed by acme/app (version 0123456789)" }],
        });
      },
    );

    it("keeps the bounds of a job for the re-run that nobody looked its repository up for", () => {
      const lost = aJob("1", {
        name: "test",
        state: "completed",
        conclusion: "failure",
        interruption: { kind: "announced", atMs: context.nowMs, machineId: "m" },
        rerun: { state: "asked", sinceMs: context.nowMs, untilMs: context.nowMs + 60_000 },
        placement: { ...aJob("1").placement, perRepository: 2, maxReruns: 1 } as never,
      });
      const { ledger } = aLedger({ jobs: [lost] });
      takeDemand(ledger, wide, anEvent("9", "queued", { name: "test", attempt: 2 }));
      expect(ledger.jobs.get("9.2")).toMatchObject({
        rerunOf: "1.1",
        placement: { perRepository: 2, maxReruns: 1 },
      });
    });
  });

  it("does not refuse a job that somebody else runs", () => {
    const { ledger } = aLedger({});
    const event = anEvent("1", "in_progress", { repository: "other/app" });
    expect(takeDemand(ledger, context, event)).toBe(false);
    expect(ledger.pendingWrites()).toBe(0);
  });

  it("leaves jobs of other environments alone and refuses regions that nobody here serves", () => {
    const catalog = aCatalog({
      environments: [
        { name: "ci", regions: ["local"] },
        { name: "prod", regions: ["local"] },
      ],
      pools: [aPool("far", { regions: [{ name: "moon" }] })],
    });
    const { ledger } = aLedger({});
    const there = aContext({ catalog });
    takeDemand(ledger, there, anEvent("1", "queued", { labels: ["runs-fleet/env=prod"] }));
    expect(ledger.jobs.size).toBe(0);
    takeDemand(ledger, there, anEvent("2", "queued", { labels: ["runs-fleet/pool=far"] }));
    expect(ledger.jobs.get("2.1")?.cause?.code).toBe("forbidden-region");
  });

  it("serves both jobs when each takes the runner of the other", () => {
    const { ledger } = twoAssigned();
    takeDemand(ledger, context, anEvent("1", "in_progress", { runnerName: "rf-m2-1" }));
    expect(ledger.jobs.get("1.1")).toMatchObject({ state: "running", machineId: "m2" });
    expect(ledger.jobs.get("2.1")?.state).toBe("queued");
    expect(ledger.jobs.get("2.1")?.machineId).toBeUndefined();
    expect(ledger.machines.get("m1")?.jobKey).toBeUndefined();
    takeDemand(ledger, context, anEvent("2", "in_progress", { runnerName: "rf-m1-1" }));
    expect(ledger.jobs.get("2.1")).toMatchObject({ state: "running", machineId: "m1" });
    expect([...ledger.machines.values()].map(({ id, jobKey }) => [id, jobKey])).toEqual([
      ["m1", "2.1"],
      ["m2", "1.1"],
    ]);
  });

  it("serves both jobs when the end of the thief is all that is heard", () => {
    const { ledger } = twoAssigned();
    takeDemand(ledger, context, anEvent("1", "completed", { runnerName: "rf-m2-1" }));
    expect(ledger.hasEnded("1.1")).toBe(true);
    expect(ledger.machines.get("m2")?.state).toBe("ending");
    expect(ledger.jobs.get("2.1")?.state).toBe("queued");
    expect(ledger.machines.get("m1")).toMatchObject({ state: "registered" });
    expect(ledger.machines.get("m1")?.jobKey).toBeUndefined();
  });

  describe("that is not on the books and had a runner of ours", () => {
    const stranger = (changes: Partial<JobEvent> = {}) =>
      anEvent("9", "completed", {
        runnerName: "rf-m1-1",
        labels: ["runs-fleet/cpus=2"],
        ...changes,
      });
    const refuse = (ledger: ReturnType<typeof aLedger>["ledger"]) =>
      takeDemand(ledger, context, anEvent("9", "queued", { labels: ["runs-fleet/cpus=2"] }));

    it("ends the machine, and the job it was meant for waits again", () => {
      const { ledger } = twoAssigned();
      refuse(ledger);
      expect(ledger.hasEnded("9.1")).toBe(true);
      takeDemand(ledger, context, stranger());
      expect(ledger.machines.get("m1")).toMatchObject({ state: "ending" });
      expect(ledger.machines.get("m1")?.jobKey).toBeUndefined();
      expect(ledger.jobs.get("1.1")).toMatchObject({ state: "queued" });
      expect(ledger.jobs.get("2.1")).toMatchObject({ state: "assigned", machineId: "m2" });
    });

    it("ends a machine of which its agent says no more than that a job runs", () => {
      const registration = aRegistration("m1");
      const { ledger } = aLedger({
        machines: [aMachine("m1", { state: "running", registration })],
      });
      takeDemand(ledger, context, stranger());
      expect(ledger.machines.get("m1")?.state).toBe("ending");
    });

    it.each([
      ["it has not ended", anEvent("9", "in_progress", { runnerName: "rf-m1-1" })],
      ["nobody says where it ran", anEvent("9", "completed")],
      ["somebody else's runner had it", stranger({ runnerName: "other" })],
    ])("ends no machine when %s", (_, event) => {
      const { ledger } = twoAssigned();
      refuse(ledger);
      takeDemand(ledger, context, event);
      expect([...ledger.machines.values()].map(({ state }) => state)).toEqual([
        "registered",
        "registered",
      ]);
    });

    it("ends no machine on which its own job is known to run (no-busy-kill)", () => {
      const { ledger } = twoAssigned();
      refuse(ledger);
      takeDemand(ledger, context, anEvent("1", "in_progress", { runnerName: "rf-m1-1" }));
      takeDemand(ledger, context, stranger());
      expect(ledger.machines.get("m1")?.state).toBe("running");
    });
  });

  it("frees the machine of a job that was cancelled while it waited", () => {
    const { ledger } = twoAssigned();
    const event = anEvent("1", "completed", { conclusion: "cancelled" });
    takeDemand(ledger, context, event);
    expect(ledger.ended.map(({ state, cause }) => [state, cause?.code])).toEqual([
      ["cancelled", "cancelled-on-github"],
    ]);
    expect(ledger.machines.get("m1")).toMatchObject({ state: "registered" });
    expect(ledger.machines.get("m1")?.jobKey).toBeUndefined();
  });

  it("frees the machine of a job that somebody else's runner took", () => {
    const { ledger } = twoAssigned();
    takeDemand(ledger, context, anEvent("1", "in_progress", { runnerName: "stranger" }));
    expect(ledger.jobs.get("1.1")?.state).toBe("running");
    expect(ledger.jobs.get("1.1")?.machineId).toBeUndefined();
    expect(ledger.machines.get("m1")?.jobKey).toBeUndefined();
  });

  describe("that runs, and GitHub does not say where", () => {
    const unnamed = anEvent("1", "in_progress");
    /** Job 1 runs; nobody knows where. */
    const startedSomewhere = () => {
      const stage = twoAssigned();
      takeDemand(stage.ledger, context, unnamed);
      return stage;
    };

    it("is not taken to run on the machine that was meant for it, nor elsewhere", () => {
      const { ledger, decisions } = startedSomewhere();
      const job = ledger.jobs.get("1.1");
      expect(job).toMatchObject({ state: "running", machineId: "m1" });
      expect(job?.runnerName).toBeUndefined();
      // Reserved, so that nobody else is sent there; not running, for that is not known.
      expect(ledger.machines.get("m1")).toMatchObject({ state: "registered", jobKey: "1.1" });
      expect(decisions.map(({ code }) => code)).toEqual(["started"]);
      ledger.seal();
      takeDemand(ledger, context, unnamed);
      expect(ledger.pendingWrites()).toBe(0);
    });

    it("keeps an assignment that its agent has not read", () => {
      const stage = twoAssigned();
      const { ledger } = stage;
      const machine = ledger.machines.get("m1");
      if (!machine) throw new Error("There is a machine m1");
      const { ledger: unread } = aLedger({
        jobs: [...ledger.jobs.values()],
        machines: [{ ...machine, state: "assigned" }],
        assignments: [anAssignment("m1")],
      });
      takeDemand(unread, context, unnamed);
      expect(unread.machines.get("m1")?.state).toBe("assigned");
      expect(unread.assignments.has("m1")).toBe(true);
    });

    it("frees a machine that cannot be the one, for its registration was not handed out", () => {
      const { ledger } = aLedger({
        jobs: [aJob("1", { state: "assigned", machineId: "m1", claimedAtMs: context.nowMs })],
        machines: [aMachine("m1", { state: "claimed", jobKey: "1.1" })],
      });
      takeDemand(ledger, context, unnamed);
      expect(ledger.jobs.get("1.1")?.state).toBe("running");
      expect(ledger.jobs.get("1.1")?.machineId).toBeUndefined();
      expect(ledger.machines.get("m1")?.jobKey).toBeUndefined();
    });

    it.each([
      ["the one that was meant for it", "rf-m1-1", "m1"],
      ["that of a sibling", "rf-m2-1", "m2"],
      ["somebody else's", "stranger", undefined],
    ])("is settled when GitHub names the runner: %s", (_, runnerName, machineId) => {
      const { ledger } = startedSomewhere();
      const startedAtMs = ledger.jobs.get("1.1")?.startedAtMs;
      const later = aContext({ nowMs: context.nowMs + 5_000 });
      takeDemand(ledger, later, anEvent("1", "in_progress", { runnerName }));
      expect(ledger.jobs.get("1.1")).toMatchObject({ state: "running", runnerName, startedAtMs });
      expect(ledger.jobs.get("1.1")?.machineId).toBe(machineId);
      expect(ledger.machines.get("m1")?.jobKey).toBe(machineId === "m1" ? "1.1" : undefined);
      if (machineId !== undefined) expect(ledger.machines.get(machineId)?.state).toBe("running");
    });

    it("is known by the runner's id where its name is left out", () => {
      const { ledger } = aLedger({
        jobs: [aJob("1", { state: "assigned", machineId: "m1" })],
        machines: ["m1", "m2", "m3"].map((id, index) =>
          aMachine(id, {
            state: "registered",
            ...(id === "m1" ? { jobKey: "1.1" } : {}),
            // Ids are counted by owner: another one's 2 is not ours.
            registration: aRegistration(id, {
              runnerId: id === "m3" ? "2" : String(index + 1),
              scope: id === "m3" ? "orgs/other" : "repos/Acme/App",
            }),
          }),
        ),
      });
      takeDemand(ledger, context, anEvent("1", "in_progress", { runnerId: "2" }));
      expect(ledger.jobs.get("1.1")).toMatchObject({ machineId: "m2", runnerName: "rf-m2-1" });
      expect(ledger.machines.get("m2")?.state).toBe("running");
    });

    it("gives its machine up to a sibling that GitHub names there", () => {
      const { ledger } = startedSomewhere();
      takeDemand(ledger, context, anEvent("2", "in_progress", { runnerName: "rf-m1-1" }));
      expect(ledger.jobs.get("2.1")).toMatchObject({ state: "running", machineId: "m1" });
      expect(ledger.jobs.get("1.1")?.state).toBe("running");
      expect(ledger.jobs.get("1.1")?.machineId).toBeUndefined();
    });

    it("ends no machine when it is over: a sibling may run there (no-busy-kill)", () => {
      const { ledger } = startedSomewhere();
      const machine = ledger.machines.get("m1");
      if (machine) ledger.putMachine({ ...machine, state: "running" });
      takeDemand(ledger, context, anEvent("1", "completed"));
      expect(ledger.hasEnded("1.1")).toBe(true);
      expect(ledger.ended[0]?.machineId).toBeUndefined();
      expect(ledger.machines.get("m1")?.state).toBe("running");
      takeDemand(ledger, context, anEvent("2", "in_progress", { runnerName: "rf-m1-1" }));
      expect(ledger.jobs.get("2.1")).toMatchObject({ state: "running", machineId: "m1" });
    });

    it("ends its machine when the end names the runner, and one that was named at the start", () => {
      const { ledger } = startedSomewhere();
      takeDemand(ledger, context, anEvent("1", "completed", { runnerName: "rf-m1-1" }));
      expect(ledger.machines.get("m1")?.state).toBe("ending");
      expect(ledger.ended[0]).toMatchObject({ machineId: "m1", runnerName: "rf-m1-1" });
      takeDemand(ledger, context, anEvent("2", "in_progress", { runnerName: "rf-m2-1" }));
      takeDemand(ledger, context, anEvent("2", "completed"));
      expect(ledger.machines.get("m2")?.state).toBe("ending");
    });
  });

  it("takes a job's time from GitHub, but never from the future", () => {
    const { ledger } = aLedger({});
    const createdAtMs = context.nowMs + 3_600_000;
    takeDemand(ledger, context, anEvent("1", "queued", { createdAtMs }));
    expect(ledger.jobs.get("1.1")?.createdAtMs).toBe(context.nowMs);
  });

  const news = (id: string): fc.Arbitrary<JobEvent> =>
    fc.constantFrom(
      anEvent(id, "queued"),
      anEvent(id, "waiting"),
      anEvent(id, "in_progress", { runnerName: "rf-m1-1" }),
      anEvent(id, "in_progress", { runnerName: "rf-m2-1" }),
      anEvent(id, "in_progress"),
      anEvent(id, "completed"),
      anEvent(id, "completed", { runnerName: "rf-m1-1" }),
      anEvent(id, "completed", { runnerName: "rf-m2-1" }),
      anEvent(id, "completed", { conclusion: "cancelled" }),
    );
  const rank = { queued: 0, assigned: 0, running: 1, completed: 2, cancelled: 2, failed: 2 };

  it("only ever moves a job forward, whatever is repeated, late or out of order", () => {
    const events = fc.array(fc.oneof(news("1"), news("2"), news("3")), { maxLength: 25 });
    fc.assert(
      fc.property(events, (list) => {
        const { ledger } = twoAssigned();
        const reached = new Map<string, number>();
        for (const event of list) {
          takeDemand(ledger, context, event);
          for (const key of ["1.1", "2.1", "3.1"]) {
            const state = ledger.jobs.get(key)?.state;
            const now = ledger.hasEnded(key) ? 2 : state === undefined ? -1 : rank[state];
            expect(now).toBeGreaterThanOrEqual(reached.get(key) ?? -1);
            reached.set(key, now);
          }
          for (const machine of ledger.machines.values()) {
            const job = ledger.jobs.get(machine.jobKey ?? "");
            if (job) expect(job.machineId).toBe(machine.id);
          }
          for (const job of ledger.jobs.values()) {
            if (job.state !== "assigned") continue;
            expect(ledger.machines.get(job.machineId ?? "")?.jobKey).toBe(job.key);
          }
        }
      }),
    );
  });

  it("changes nothing when everything is told a second time", () => {
    const events = fc.array(fc.oneof(news("1"), news("2")), { maxLength: 12 });
    fc.assert(
      fc.property(events, fc.nat(), (list, pick) => {
        const ended = list.filter(({ action }) => action === "completed");
        const { ledger, effects } = twoAssigned();
        for (const event of list) takeDemand(ledger, context, event);
        effects();
        const repeated = ended[ended.length === 0 ? 0 : pick % ended.length];
        if (!repeated) return;
        for (const action of ["queued", "in_progress", "completed"] as const) {
          takeDemand(ledger, context, anEvent(repeated.jobId, action));
        }
        expect(ledger.pendingWrites()).toBe(0);
        expect(effects()).toEqual([]);
      }),
    );
  });
});
