import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aContext, anEvent } from "../../test/fleet/builders.ts";
import { twoAssigned } from "../../test/fleet/two-assigned.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import { takeDemand } from "./take-demand.ts";

const context = aContext();

describe("news of a job", () => {
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
