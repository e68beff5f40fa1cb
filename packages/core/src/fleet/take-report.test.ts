import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aContext,
  aJob,
  aLedger,
  aMachine,
  anAssignment,
  aRegistration,
  aReport,
  nowMs,
} from "../../test/fleet/builders.ts";
import type { AgentEvent } from "../wire/agent-event.ts";
import { loseMachine } from "./take-observation.ts";
import { takeReport } from "./take-report.ts";
import { type MachineState, machineRules } from "./transitions.ts";

const context = aContext();

function stage(state: MachineState, jobState: "assigned" | "running" = "assigned") {
  const handed = state === "assigned" || state === "withdrawing";
  return aLedger({
    jobs: [aJob("1", { state: jobState, machineId: "m" })],
    machines: [aMachine("m", { state, jobKey: "1.1", registration: aRegistration("m") })],
    assignments: handed ? [anAssignment("m")] : [],
  });
}

describe("a report", () => {
  it("makes a booting machine ready", () => {
    const { ledger } = aLedger({ machines: [aMachine("m", { state: "booting", sequence: 0 })] });
    expect(takeReport(ledger, context, aReport("m", "ready", { sequence: 1 }), "m")).toBe("taken");
    expect(ledger.machines.get("m")).toMatchObject({ state: "ready", readyAtMs: nowMs });
  });

  it.each([
    ["assigned", "acknowledged", "acknowledged"],
    ["withdrawing", "acknowledged", "acknowledged"],
    ["assigned", "registered", "registered"],
    ["acknowledged", "registered", "registered"],
    ["assigned", "job-started", "running"],
    ["acknowledged", "job-started", "running"],
    ["registered", "job-started", "running"],
    ["registered", "finished", "ending"],
    ["running", "finished", "ending"],
  ] as const)(
    "moves a machine that is %s by %s to %s, and drops the credential",
    (from, kind, to) => {
      const { ledger } = stage(from);
      expect(takeReport(ledger, context, aReport("m", kind), undefined)).toBe("taken");
      expect(ledger.machines.get("m")?.state).toBe(to);
      expect(ledger.assignments.size).toBe(0);
      // Whether the job is over is for GitHub to say.
      expect(ledger.jobs.get("1.1")?.state).toBe("assigned");
    },
  );

  it("is refused when the queue verified another sender, and that is told", () => {
    const { ledger, decisions } = stage("running");
    expect(takeReport(ledger, context, aReport("m", "finished"), "other")).toBe("forged");
    expect(ledger.pendingWrites()).toBe(0);
    expect(decisions.map(({ code, subject }) => [code, subject.machineId])).toEqual([
      ["forged-report", "other"],
    ]);
  });

  it("of an unknown machine is handed back", () => {
    const { ledger } = aLedger({});
    expect(takeReport(ledger, context, aReport("m", "ready"), "m")).toBe("unknown-machine");
    expect(ledger.pendingWrites()).toBe(0);
  });

  it("of a machine that is gone is settled, also while the store still calls it open", () => {
    const { ledger } = aLedger({ machines: [aMachine("m", { state: "ending" })] });
    loseMachine(
      ledger,
      context,
      aMachine("m", { state: "ending" }),
      "The provider lists it no more",
    );
    expect(ledger.pendingWrites()).toBe(1);
    expect(takeReport(ledger, context, aReport("m", "finished"), "m")).toBe("stale");
  });

  it("that was taken before, or is older than one that was, changes nothing", () => {
    const { ledger, effects } = stage("assigned");
    takeReport(ledger, context, aReport("m", "registered", { sequence: 5 }), "m");
    effects();
    for (const sequence of [1, 4, 5]) {
      expect(takeReport(ledger, context, aReport("m", "job-started", { sequence }), "m")).toBe(
        "stale",
      );
    }
    expect(ledger.pendingWrites()).toBe(0);
  });

  it("that it is ready, from a machine that was claimed meanwhile, takes no claim away", () => {
    const { ledger } = stage("claimed");
    expect(takeReport(ledger, context, aReport("m", "ready", { sequence: 9 }), "m")).toBe("stale");
    expect(ledger.machines.get("m")).toMatchObject({ state: "claimed", jobKey: "1.1" });
  });

  it("about a registration that is not the machine's present one changes nothing", () => {
    const { ledger } = stage("assigned");
    const event = aReport("m", "registered", { runnerName: "rf-m-0" });
    expect(takeReport(ledger, context, event, "m")).toBe("stale");
    expect(ledger.machines.get("m")?.state).toBe("assigned");
  });

  it.each(["no-job", "runner-outdated"] as const)(
    "that the runner ended with %s gives its job back",
    (result) => {
      const { ledger } = stage("registered");
      takeReport(ledger, context, aReport("m", "finished", { result }), "m");
      expect(ledger.jobs.get("1.1")?.state).toBe("queued");
      expect(ledger.machines.get("m")).toMatchObject({ state: "ending" });
      expect(ledger.machines.get("m")?.jobKey).toBeUndefined();
    },
  );

  it.each(["succeeded", "failed", "cancelled", "unknown"] as const)(
    "that the runner ended with %s leaves the job to GitHub",
    (result) => {
      const { ledger } = stage("running", "running");
      takeReport(ledger, context, aReport("m", "finished", { result }), "m");
      expect(ledger.jobs.get("1.1")?.state).toBe("running");
    },
  );

  it.each(["booting", "ready", "stopping", "stopped"] as const)(
    "of an interruption ends a machine that is %s",
    (state) => {
      const { ledger, effects } = aLedger({ machines: [aMachine("m", { state })] });
      takeReport(ledger, context, aReport("m", "interrupted"), "m");
      expect(ledger.machines.get("m")?.state).toBe("retiring");
      expect(effects()).toEqual([{ kind: "terminate", machineId: "m" }]);
    },
  );

  it.each(["claimed", "assigned", "acknowledged", "registered", "running"] as const)(
    "of an interruption leaves a machine that is %s to its work, and says so (no-busy-kill)",
    (state) => {
      const { ledger, effects, decisions } = stage(
        state,
        state === "running" ? "running" : "assigned",
      );
      takeReport(ledger, context, aReport("m", "interrupted"), "m");
      expect(ledger.machines.get("m")?.state).toBe(state);
      expect(effects().filter(({ kind }) => kind === "terminate" || kind === "stop")).toEqual([]);
      expect(decisions.map(({ code }) => code)).toEqual(["interrupted"]);
      const cause = ledger.jobs.get("1.1")?.cause?.code;
      expect(cause).toBe(state === "running" ? "interrupted" : undefined);
    },
  );

  const kinds = [
    "ready",
    "acknowledged",
    "registered",
    "job-started",
    "finished",
    "interrupted",
  ] as const;
  const states = (Object.keys(machineRules) as MachineState[]).filter((state) => state !== "gone");

  it("of any kind in any state neither breaks the table nor ends a machine that may be busy", () => {
    const report: fc.Arbitrary<AgentEvent> = fc
      .record({ kind: fc.constantFrom(...kinds), sequence: fc.integer({ min: 1, max: 9 }) })
      .map(({ kind, sequence }) => aReport("m", kind, { sequence }));
    fc.assert(
      fc.property(
        fc.constantFrom(...states),
        fc.array(report, { maxLength: 12 }),
        (state, list) => {
          const { ledger, effects } = stage(state);
          const nobodys = ["booting", "ready", "stopping", "stopped"];
          let busy = !nobodys.includes(state);
          for (const event of list) {
            takeReport(ledger, context, event, "m");
            const now = ledger.machines.get("m")?.state;
            const ended = effects().some(({ kind }) => kind === "terminate" || kind === "stop");
            if (busy) expect(ended).toBe(false);
            busy = !nobodys.includes(now ?? "gone");
          }
        },
      ),
    );
  });
});
