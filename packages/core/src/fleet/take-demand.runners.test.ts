import { describe, expect, it } from "vitest";
import {
  aContext,
  aJob,
  aLedger,
  aMachine,
  anAssignment,
  anEvent,
  aRegistration,
} from "../../test/fleet/builders.ts";
import { twoAssigned } from "../../test/fleet/two-assigned.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import { takeDemand } from "./take-demand.ts";

const context = aContext();

describe("a job and the runner that took it", () => {
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
});
