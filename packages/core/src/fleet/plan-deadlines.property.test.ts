import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aView } from "../../test/fleet/arbitraries.ts";
import {
  aContext,
  aJob,
  aLedger,
  aMachine,
  anAssignment,
  aRegistration,
  nowMs,
} from "../../test/fleet/builders.ts";
import type { Effect } from "./effects.ts";
import { actOnDeadlines } from "./plan-deadlines.ts";
import { endOverdue } from "./take-observation.ts";
import type { MachineState } from "./transitions.ts";

const context = aContext();

describe("the owners of deadlines", () => {
  it("move on everything that is due, and are due again later: no pass follows another at once for ever", () => {
    const scene = fc.record({ view: aView, lateMs: fc.integer({ min: 0, max: 400 * 60_000 }) });
    fc.assert(
      fc.property(scene, ({ view, lateMs }) => {
        const { ledger } = aLedger({
          jobs: [...view.jobs.values()],
          machines: [...view.machines.values()],
          attempts: [...view.attempts.values()],
        });
        const then = aContext({ nowMs: nowMs + lateMs });
        actOnDeadlines(ledger, then, 1_000);
        endOverdue(ledger, then);
        ledger.seal();
        expect(actOnDeadlines(ledger, then, 1_000)).toBeGreaterThan(then.nowMs);
        expect(ledger.pendingWrites()).toBe(0);
      }),
    );
  });

  it("stop when a commit is full, and are due at once for the rest", () => {
    const machines = Array.from({ length: 9 }, (_, index) =>
      aMachine(`m${index}`, { state: "retiring", deadlineMs: nowMs }),
    );
    const { ledger, effects } = aLedger({ machines });
    expect(actOnDeadlines(ledger, context, 4)).toBe(nowMs);
    expect(effects().length).toBe(4);
    actOnDeadlines(ledger, context, 100);
    expect(effects().length).toBe(5);
  });

  const machine = (state: MachineState) =>
    aMachine("m", {
      state,
      jobKey: "1.1",
      registration: aRegistration("m"),
      deadlineMs: nowMs,
    });

  it.each([
    ["assigned", "withdrawing", [{ kind: "withdraw", machineId: "m" }]],
    ["withdrawing", "withdrawing", [{ kind: "withdraw", machineId: "m" }]],
    ["acknowledged", "acknowledged", [{ kind: "deregister", machineId: "m" }]],
    ["registered", "registered", [{ kind: "deregister", machineId: "m" }]],
    ["ending", "retiring", [{ kind: "terminate", machineId: "m" }]],
    ["booting", "retiring", [{ kind: "terminate", machineId: "m" }]],
    ["stopping", "stopping", [{ kind: "stop", machineId: "m" }]],
    ["retiring", "retiring", [{ kind: "terminate", machineId: "m" }]],
    ["running", "running", []],
    ["ready", "ready", []],
  ] as [MachineState, MachineState, Effect[]][])(
    "%s at its deadline is %s",
    (from, to, expected) => {
      const handed = from === "assigned" || from === "withdrawing";
      const stage = aLedger({
        jobs: [aJob("1", { state: "assigned", machineId: "m" })],
        machines: [machine(from)],
        assignments: handed ? [anAssignment("m")] : [],
      });
      actOnDeadlines(stage.ledger, context, 100);
      expect(stage.ledger.machines.get("m")?.state).toBe(to);
      expect(stage.effects()).toEqual(expected);
      // Whoever may be busy keeps its job until GitHub or the withdrawal has spoken.
      expect(stage.ledger.jobs.get("1.1")?.state).toBe("assigned");
    },
  );

  it("ask for a start again while the machine has time to boot, then end it", () => {
    const warm = aMachine("m", {
      state: "booting",
      wasStopped: true,
      sinceMs: nowMs,
      deadlineMs: nowMs,
    });
    const { ledger, effects } = aLedger({ machines: [warm] });
    actOnDeadlines(ledger, context, 100);
    expect(effects()).toEqual([{ kind: "start", machineId: "m" }]);
    const late = aContext({ nowMs: nowMs + context.timings.bootDeadlineMs });
    actOnDeadlines(ledger, late, 100);
    expect(effects()).toEqual([{ kind: "terminate", machineId: "m" }]);
  });

  it("fail a job that nobody served in time, with what it waited for, and free its machine", () => {
    const { ledger, effects } = aLedger({
      jobs: [
        aJob("1", { deadlineMs: nowMs, headSha: "abc" }),
        aJob("2", { state: "assigned", machineId: "m", deadlineMs: nowMs }),
      ],
      machines: [
        aMachine("m", { state: "assigned", jobKey: "2.1", registration: aRegistration("m") }),
      ],
    });
    ledger.setWaits(new Map([["1.1", { code: "capacity", message: "None left" }]]));
    actOnDeadlines(ledger, context, 100);
    expect(ledger.jobs.get("1.1")).toMatchObject({
      state: "failed",
      cause: { code: "deadline-exceeded", message: expect.stringContaining("capacity: None left") },
    });
    expect(effects()).toEqual([{ kind: "check", jobKey: "1.1" }]);
    expect(ledger.hasEnded("2.1")).toBe(true);
    expect(ledger.machines.get("m")?.jobKey).toBeUndefined();
  });

  it.each([
    ["for less than a day", 24 * 60 * 60_000 - 1, true],
    ["for a day, and no longer", 24 * 60 * 60_000, false],
  ])("have a job that was refused wait for its word %s", (_, waitedMs, isOwed) => {
    const refused = aJob("1", {
      state: "failed",
      headSha: "abc",
      checkTriesLeft: 3,
      endedAtMs: nowMs - waitedMs,
      deadlineMs: nowMs,
    });
    const { ledger, effects } = aLedger({ jobs: [refused] });
    actOnDeadlines(ledger, context, 100);
    expect(effects().length).toBe(isOwed ? 1 : 0);
    expect(ledger.jobs.has("1.1")).toBe(isOwed);
  });
});
