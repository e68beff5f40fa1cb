import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aView, shuffled } from "../../test/fleet/arbitraries.ts";
import {
  aContext,
  aJob,
  aLedger,
  aMachine,
  aPool,
  aRegistration,
  nowMs,
} from "../../test/fleet/builders.ts";
import { carryOutDrains } from "./carry-out.ts";
import { planDrains } from "./plan-drains.ts";
import type { MachineRecord } from "./records.ts";
import { endOverdue } from "./take-observation.ts";

const drainDeadlineMs = 30 * 60_000;
const pool = aPool("p", { drainDeadlineMs });
const inPool = (id: string, state: MachineRecord["state"], startedMinutesAgo = 5) =>
  aMachine(id, {
    pool: "p",
    state,
    sinceMs: nowMs - startedMinutesAgo * 60_000,
    hardDeadlineMs: nowMs + 6 * 60 * 60_000,
    ...(state === "running" ? { jobKey: `${id}.1`, registration: aRegistration(id) } : {}),
  });
const viewOf = (...machines: readonly MachineRecord[]) => ({
  machines: new Map(machines.map((machine) => [machine.id, machine])),
});
const fall = (view: ReturnType<typeof viewOf>, from: number, to: number) =>
  planDrains(view, new Map([["p", from]]), [{ pool, hot: to, stopped: 0 }], { nowMs }).map(
    ({ machine, untilMs }) => [machine.id, untilMs - nowMs],
  );

describe("the drain of a pool", () => {
  it("counts idle and booting machines first, then those that began first", () => {
    const busy = [inPool("a", "running", 1), inPool("b", "running", 9), inPool("c", "assigned", 5)];
    const view = viewOf(inPool("idle", "ready"), inPool("boots", "booting"), ...busy);
    expect(fall(view, 4, 0)).toEqual([
      ["b", drainDeadlineMs],
      ["c", drainDeadlineMs],
    ]);
    expect(fall(view, 2, 0)).toEqual([]);
    expect(fall(view, 10, 0)).toHaveLength(3);
  });

  it("gives no time to anybody when the target stays, rises, or was not known", () => {
    const view = viewOf(inPool("a", "running"));
    expect(fall(view, 3, 3)).toEqual([]);
    expect(fall(view, 3, 4)).toEqual([]);
    const first = planDrains(view, new Map(), [{ pool, hot: 0, stopped: 0 }], { nowMs });
    expect(first).toEqual([]);
  });

  it("never exceeds the fall, touches only machines with work, and does not depend on the order of the records", () => {
    const scene = fc.record({ view: aView, from: fc.nat(12), to: fc.nat(12), seed: fc.nat() });
    fc.assert(
      fc.property(scene, ({ view, from, to, seed }) => {
        const drains = fall(viewOf(...view.machines.values()), from, to);
        expect(drains.length).toBeLessThanOrEqual(Math.max(0, from - to));
        for (const [id] of drains) {
          const machine = view.machines.get(String(id));
          expect(machine?.pool).toBe("p");
          expect(["ready", "booting", "stopped", "stopping"]).not.toContain(machine?.state);
        }
        expect(fall(viewOf(...shuffled(view, seed).machines.values()), from, to)).toEqual(drains);
      }),
    );
  });

  it("is over when the machine is claimed anew", () => {
    const line = { atMs: nowMs, message: "" };
    const history = [
      { ...line, code: "draining" },
      { ...line, code: "claimed" },
    ];
    const late = { ...inPool("a", "running"), hardDeadlineMs: nowMs, history };
    const stage = aLedger({ machines: [late] });
    endOverdue(stage.ledger, aContext());
    expect(stage.decisions.map(({ code }) => code)).toEqual(["hard-deadline"]);
  });

  it("ends a machine at the drain deadline and not before, and tells its job why", () => {
    const machine = inPool("a", "running");
    const job = aJob("a", { state: "running", machineId: "a" });
    const stage = aLedger({ machines: [machine], jobs: [job] });
    const targets = [{ pool, hot: 0, stopped: 0 }];
    const drains = planDrains(stage.ledger, new Map([["p", 1]]), targets, { nowMs });
    carryOutDrains(stage.ledger, aContext(), drains);
    expect(planDrains(stage.ledger, new Map([["p", 1]]), targets, { nowMs })).toEqual([]);
    endOverdue(stage.ledger, aContext({ nowMs: nowMs + drainDeadlineMs - 1 }));
    expect(stage.effects()).toEqual([]);
    endOverdue(stage.ledger, aContext({ nowMs: nowMs + drainDeadlineMs }));
    expect(stage.effects()).toEqual([{ kind: "terminate", machineId: "a" }]);
    expect(stage.ledger.jobs.get("a.1")?.cause?.code).toBe("interrupted");
    expect(stage.decisions.map(({ code }) => code)).toEqual(["draining", "drain-deadline"]);
  });
});
