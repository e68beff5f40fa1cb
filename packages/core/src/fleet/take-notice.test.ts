import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aContext,
  aJob,
  aLedger,
  aMachine,
  aPool,
  aRegistration,
  aReport,
  nowMs,
} from "../../test/fleet/builders.ts";
import type { MachineNotice } from "../ports/machine-notice.ts";
import { planAssignments } from "./plan-assignments.ts";
import type { MachineRecord } from "./records.ts";
import { wearOf } from "./replacement.ts";
import { takeNotice } from "./take-notice.ts";
import { takeReport } from "./take-report.ts";
import { type MachineState, machineRules, workStates } from "./transitions.ts";

const context = aContext();
const endsAtMs = nowMs + 120_000;
const interruption: MachineNotice = { kind: "interruption", machineId: "m", atMs: nowMs, endsAtMs };
const rebalance: MachineNotice = { kind: "rebalance", machineId: "m", atMs: nowMs };

const states = (Object.keys(machineRules) as MachineState[]).filter((state) => state !== "gone");
const nobodys: readonly MachineState[] = ["booting", "ready", "stopping", "stopped"];

/** A machine in a state, with the job that it would have there. */
function stage(state: MachineState, changes: Partial<MachineRecord> = {}) {
  const works = workStates.has(state) || state === "ending";
  const machine = aMachine("m", {
    state,
    market: "spot",
    ...(works ? { jobKey: "1.1", registration: aRegistration("m") } : {}),
    ...changes,
  });
  const job =
    state === "running" || state === "ending"
      ? aJob("1", { state: "running", machineId: "m", runnerName: "rf-m-1", startedAtMs: nowMs })
      : aJob("1", { state: "assigned", machineId: "m", runnerName: "rf-m-1" });
  return aLedger({ machines: [machine], jobs: works ? [job] : [] });
}

describe("a notice that a machine is taken away", () => {
  it.each(nobodys)("ends one that is %s, so that another is bought", (state) => {
    const { ledger, effects } = stage(state);
    expect(takeNotice(ledger, context, interruption)).toBe(true);
    expect(ledger.machines.get("m")).toMatchObject({ state: "retiring", announcedEndMs: endsAtMs });
    expect(effects()).toEqual([{ kind: "terminate", machineId: "m" }]);
  });

  it.each(["claimed", "assigned", "withdrawing", "acknowledged", "registered"] as const)(
    "has the promise of one that is %s taken back at once, and ends nothing (no-busy-kill)",
    (state) => {
      const { ledger, effects } = stage(state);
      takeNotice(ledger, context, interruption);
      expect(ledger.machines.get("m")).toMatchObject({ state, deadlineMs: nowMs });
      expect(effects()).toEqual([]);
    },
  );

  it("leaves one that works to its work, and tells its job", () => {
    const { ledger, effects, decisions } = stage("running");
    const before = ledger.machines.get("m")?.deadlineMs;
    takeNotice(ledger, context, interruption);
    expect(ledger.machines.get("m")).toMatchObject({ state: "running", deadlineMs: before });
    expect(ledger.jobs.get("1.1")?.cause?.code).toBe("interrupted");
    expect(ledger.jobs.get("1.1")?.history.map(({ code }) => code)).toEqual(["interrupted"]);
    expect(decisions.map(({ code, subject }) => ({ code, subject }))).toEqual([
      { code: "interrupted", subject: { machineId: "m", jobId: "1.1" } },
    ]);
    expect(effects()).toEqual([]);
  });

  it("says the same as the machine's own report, whichever comes first and however often", () => {
    const say = {
      notice: (one: ReturnType<typeof stage>) => takeNotice(one.ledger, context, interruption),
      report: (one: ReturnType<typeof stage>) =>
        takeReport(one.ledger, context, aReport("m", "interrupted"), "m"),
    };
    const outcome = (state: MachineState, order: readonly (keyof typeof say)[]) => {
      const one = stage(state);
      for (const who of order) say[who](one);
      const { sequence: _, ...machine } = one.ledger.machines.get("m") as MachineRecord;
      return {
        machine,
        job: one.ledger.jobs.get("1.1"),
        effects: one.effects(),
        told: one.decisions,
      };
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...states),
        fc.array(fc.constantFrom("notice" as const, "report" as const), { minLength: 1 }),
        (state, order) => {
          expect(outcome(state, order)).toEqual(outcome(state, ["notice"]));
        },
      ),
    );
  });

  it("keeps every job from it", () => {
    for (const state of ["ready", "registered"] as const) {
      const machine = aMachine("m", {
        state,
        announcedEndMs: endsAtMs,
        ...(state === "registered" ? { registration: aRegistration("m") } : {}),
      });
      const { ledger } = aLedger({ machines: [machine], jobs: [aJob("1")] });
      const mints = { left: 10, refusal: () => undefined };
      const { adoptions, claims, unserved } = planAssignments(ledger, mints, 10);
      expect({ adoptions, claims }).toEqual({ adoptions: [], claims: [] });
      expect(unserved.map(({ key }) => key)).toEqual(["1.1"]);
    }
  });

  it("about a machine that is not on the books changes nothing", () => {
    const { ledger, effects, decisions } = aLedger({ machines: [aMachine("other")] });
    for (const kind of ["rebalance", "ended", "stopped"] as const) {
      expect(takeNotice(ledger, context, { kind, machineId: "m", atMs: nowMs })).toBe(false);
    }
    expect(takeNotice(ledger, context, interruption)).toBe(false);
    expect({ effects: effects(), decisions }).toEqual({ effects: [], decisions: [] });
  });
});

describe("a notice that a machine may be taken away", () => {
  const pool = aPool("ci");
  const inPool = { pool: "ci", fit: "pool:ci" };

  it("has an idle one replaced, others before it", () => {
    const { ledger, effects } = stage("ready", inPool);
    takeNotice(ledger, context, rebalance);
    takeNotice(ledger, context, rebalance);
    const machine = ledger.machines.get("m") as MachineRecord;
    expect(machine.state).toBe("ready");
    expect(wearOf(machine, pool, context)).toBe("at-risk");
    expect(machine.history.map(({ code }) => code)).toEqual(["rebalance"]);
    expect(effects()).toEqual([]);
  });

  it("leaves one that works alone", () => {
    const { ledger, effects } = stage("running", inPool);
    const before = ledger.jobs.get("1.1");
    takeNotice(ledger, context, rebalance);
    expect(ledger.machines.get("m")?.state).toBe("running");
    expect(ledger.jobs.get("1.1")).toBe(before);
    expect(effects()).toEqual([]);
  });

  it("changes nothing where it is to be ignored", () => {
    const { ledger, decisions } = stage("ready", inPool);
    const before = ledger.machines.get("m");
    takeNotice(ledger, aContext({ rebalance: "ignore" }), rebalance);
    expect(ledger.machines.get("m")).toBe(before);
    expect(decisions).toEqual([]);
  });
});

describe("a notice of a machine's state", () => {
  it("that it has ended is believed however late it comes, and asks GitHub for its job", () => {
    const { ledger, effects } = stage("running");
    takeNotice(ledger, context, { kind: "ended", machineId: "m", atMs: nowMs - 3_600_000 });
    expect(ledger.machines.has("m")).toBe(false);
    expect(ledger.jobs.get("1.1")).toMatchObject({
      cause: { code: "machine-lost" },
      interruption: { kind: "lost", machineId: "m", runnerName: "rf-m-1" },
    });
    expect(effects()).toEqual([{ kind: "verify", jobKey: "1.1" }]);
  });

  it("remembers that the end was announced", () => {
    const { ledger } = stage("running");
    takeNotice(ledger, context, interruption);
    takeNotice(ledger, context, { kind: "ended", machineId: "m", atMs: endsAtMs });
    expect(ledger.jobs.get("1.1")).toMatchObject({
      cause: { code: "interrupted" },
      interruption: { kind: "announced", endsAtMs },
    });
  });

  it.each([
    ["stopping", nowMs, "stopped"],
    ["stopping", nowMs - 3_600_000 - 60_000, "stopping"],
    ["booting", nowMs, "booting"],
    ["running", nowMs, "running"],
  ] as const)("that it has stopped: of one that is %s", (state, atMs, after) => {
    const { ledger } = stage(state);
    takeNotice(ledger, context, { kind: "stopped", machineId: "m", atMs });
    expect(ledger.machines.get("m")?.state).toBe(after);
  });
});
