import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aView, aWornView, shuffled } from "../../test/fleet/arbitraries.ts";
import { aCatalog, aContext, aLedger, aMachine, aPool, nowMs } from "../../test/fleet/builders.ts";
import { poolTargets } from "../pools/pool-target.ts";
import { carryOutRetirements } from "./carry-out.ts";
import type { FleetView } from "./fleet-view.ts";
import { planRetirements, type RetirementPlan } from "./plan-retirements.ts";
import type { MachineRecord } from "./records.ts";
import { guardEndsMs, guardOf } from "./retirement-guard.ts";
import { defaultTimings } from "./timings.ts";
import { type MachineState, machineRules } from "./transitions.ts";

const poolScene = fc.record({
  hot: fc.nat(4),
  stopped: fc.nat(4),
  idleTimeoutMs: fc.constantFrom(0, 60_000, 600_000),
  reuseHorizonMs: fc.constantFrom(0, 1_200_000),
});

const scene = fc.record({
  view: fc.oneof(aView, aWornView),
  p: poolScene,
  q: fc.option(poolScene, { nil: undefined }),
  spokenFor: fc.array(
    fc.nat(13).map((index) => `m${String(index).padStart(2, "0")}`),
    { maxLength: 4 },
  ),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

function contextOf({ p, q }: Scene) {
  const pools = [aPool("p", p), ...(q ? [aPool("q", q)] : [])];
  return aContext({ catalog: aCatalog({ pools }) });
}

function plan(given: Scene, view: FleetView = given.view): RetirementPlan {
  const context = contextOf(given);
  const targets = context.catalog.pools.map((pool) => {
    const { hot, stopped } = pool.schedule.default;
    return { pool, hot, stopped };
  });
  return planRetirements(view, targets, context, new Set(given.spokenFor));
}

const inState = (view: FleetView, state: MachineState, pool: string): readonly MachineRecord[] =>
  [...view.machines.values()].filter((machine) => machine.state === state && machine.pool === pool);

describe("the plan of retirements", () => {
  it("touches no machine with a job, a claim, a registration, a boot, or a job that waits with it (no-busy-kill)", () => {
    fc.assert(
      fc.property(scene, (given) => {
        for (const { machine } of plan(given).retirements) {
          expect(["ready", "stopped"]).toContain(machine.state);
          expect(machine.jobKey).toBeUndefined();
          expect(machine.registration).toBeUndefined();
          expect(given.spokenFor).not.toContain(machine.state === "ready" ? machine.id : "");
        }
      }),
    );
  });

  it("leaves a running machine its boot and its dwell", () => {
    fc.assert(
      fc.property(scene, (given) => {
        for (const { machine } of plan(given).retirements) {
          if (machine.state !== "ready") continue;
          expect(nowMs - machine.launchedAtMs).toBeGreaterThanOrEqual(defaultTimings.bootGraceMs);
          const dwellMs = nowMs - (machine.readyAtMs ?? nowMs);
          expect(dwellMs).toBeGreaterThanOrEqual(defaultTimings.readyDwellMs);
        }
      }),
    );
  });

  it("never goes below what a pool wants ready and stopped (floor-held)", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { retirements } = plan(given);
        for (const [name, target] of [["p", given.p] as const, ["q", given.q] as const]) {
          if (!target) continue;
          const spoken = new Set(given.spokenFor);
          const ready = inState(given.view, "ready", name).filter(({ id }) => !spoken.has(id));
          const gone = retirements.filter(({ machine }) => machine.pool === name);
          const left =
            ready.length - gone.filter(({ machine }) => machine.state === "ready").length;
          expect(left).toBeGreaterThanOrEqual(Math.min(ready.length, target.hot));
          const off = inState(given.view, "stopped", name);
          const offGone = gone.filter(({ machine }) => machine.state === "stopped").length;
          expect(off.length - offGone).toBeGreaterThanOrEqual(Math.min(off.length, target.stopped));
        }
      }),
    );
  });

  it("stops on-demand machines that run, and nothing else", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { retirements } = plan(given);
        for (const { machine, action } of retirements) {
          if (action !== "stop") continue;
          expect(machine.market).toBe("on-demand");
          expect(machine.state).toBe("ready");
        }
        const ids = retirements.map(({ machine }) => machine.id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it("does not depend on the order of the records", () => {
    const names = ({ retirements }: RetirementPlan) =>
      retirements.map(({ machine, action, code }) => `${machine.id}:${action}:${code}`).sort();
    fc.assert(
      fc.property(scene, fc.nat(), (given, seed) => {
        expect(names(plan(given, shuffled(given.view, seed)))).toEqual(names(plan(given)));
      }),
    );
  });

  it("plans nothing again once it is carried out, and wakes later than now", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { ledger } = aLedger({
          jobs: [...given.view.jobs.values()],
          machines: [...given.view.machines.values()],
        });
        const first = plan(given, ledger);
        expect(first.nextWakeAtMs).toBeGreaterThan(nowMs);
        carryOutRetirements(ledger, contextOf(given), first.retirements);
        expect(plan(given, ledger).retirements.map(({ machine }) => machine.id)).toEqual([]);
      }),
    );
  });

  it("ends an idle machine without a pool, and wakes when its guard ends", () => {
    const idle = aMachine("m");
    const fresh = aMachine("n", { launchedAtMs: nowMs - 60_000, readyAtMs: nowMs - 1_000 });
    const machines = new Map([idle, fresh].map((machine) => [machine.id, machine]));
    const view = { jobs: new Map(), machines, attempts: new Map() };
    const { retirements, nextWakeAtMs } = planRetirements(view, [], aContext());
    expect(retirements.map(({ machine, code }) => [machine.id, code])).toEqual([["m", "idle"]]);
    expect(nextWakeAtMs).toBe(guardEndsMs(fresh, aContext()));
    expect(guardOf(fresh, "terminate", aContext({ nowMs: nextWakeAtMs }))).toBeUndefined();
    expect(guardOf(fresh, "terminate", aContext({ nowMs: nextWakeAtMs - 1 }))).toBeDefined();
  });

  it("sheds nothing of a pool whose schedule cannot be read, and something of the others", () => {
    const schedule = { timeZone: "Mars/Olympus", default: { hot: 0, stopped: 0 }, entries: [] };
    const pools = [aPool("broken", { schedule }), aPool("fine", { idleTimeoutMs: 0 })];
    const context = aContext({ catalog: aCatalog({ pools }) });
    const { targets, nextWakeAtMs } = poolTargets(context);
    expect(targets.map(({ problem }) => problem !== undefined)).toEqual([true, false]);
    expect(nextWakeAtMs).toBe(Number.POSITIVE_INFINITY);
    const machines = new Map(
      ["broken", "fine"].map((pool) => [pool, aMachine(pool, { pool })] as const),
    );
    const view = { jobs: new Map(), machines, attempts: new Map() };
    const { retirements } = planRetirements(view, targets, context);
    expect(retirements.map(({ machine }) => machine.id)).toEqual(["fine"]);
  });

  it("keeps the share of its region, not the whole pool's target", () => {
    const pool = aPool("p", { hot: 4, regions: [{ name: "local" }, { name: "moon" }] });
    const context = aContext({ catalog: aCatalog({ pools: [pool] }) });
    const ids = ["a", "b", "c", "d"];
    const machines = new Map(ids.map((id) => [id, aMachine(id, { pool: "p" })] as const));
    const view = { jobs: new Map(), machines, attempts: new Map() };
    const { retirements } = planRetirements(view, poolTargets(context).targets, context);
    expect(retirements).toHaveLength(2);
  });

  it("drains a pool that is not configured any more, but not its busy machines", () => {
    const pooled = { pool: "old", fit: "pool:old" };
    const all = [
      aMachine("idle", pooled),
      aMachine("off", { ...pooled, state: "stopped" }),
      aMachine("busy", { ...pooled, state: "running", jobKey: "1.1" }),
    ];
    const machines = new Map(all.map((machine) => [machine.id, machine]));
    const view = { jobs: new Map(), machines, attempts: new Map() };
    const { retirements } = planRetirements(view, [], aContext());
    expect(retirements.map(({ machine, action }) => [machine.id, action])).toEqual([
      ["idle", "terminate"],
      ["off", "terminate"],
    ]);
  });
});

describe("the guard of a machine", () => {
  const open = (Object.keys(machineRules) as MachineState[]).filter(
    (state) => state !== "ready" && state !== "stopped",
  );

  it.each(open)("lets nobody shed a machine that is %s", (state) => {
    expect(guardOf(aMachine("m", { state }), "terminate", aContext())).toBe("not-idle");
  });

  it.each(["ready", "stopped"] as const)(
    "counts a %s machine with a job or a registration as busy",
    (state) => {
      expect(guardOf(aMachine("m", { state, jobKey: "1.1" }), "terminate", aContext())).toBe(
        "has-work",
      );
      const registration = {
        assignmentId: "a",
        runnerName: "r",
        scope: "orgs/acme",
        labels: [],
        demand: "d",
      };
      expect(guardOf(aMachine("m", { state, registration }), "terminate", aContext())).toBe(
        "has-work",
      );
    },
  );

  it("lets nobody stop a spot machine: one of them fails a whole batch", () => {
    const spot = aMachine("m", { market: "spot" });
    expect(guardOf(spot, "stop", aContext())).toBe("spot-never-stops");
    expect(guardOf(spot, "terminate", aContext())).toBeUndefined();
  });

  it("takes a ready machine without a moment of readiness for busy: unknown is not idle", () => {
    const { readyAtMs: _, ...machine } = aMachine("m");
    expect(guardOf(machine, "terminate", aContext())).toBe("not-idle");
  });
});
