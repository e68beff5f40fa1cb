import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterAssignments, aWornView } from "../../test/fleet/arbitraries.ts";
import { aCatalog, aContext, aMachine, aPool, nowMs } from "../../test/fleet/builders.ts";
import type { PoolConfig } from "../routing/catalog.ts";
import type { FleetContext } from "./context.ts";
import { isForStopped } from "./launch-needs.ts";
import { type LaunchLimits, planLaunches } from "./plan-launches.ts";
import { planRetirements } from "./plan-retirements.ts";
import type { MachineRecord } from "./records.ts";
import { poolSpecHash, replacementPace, wearOf } from "./replacement.ts";

const free: LaunchLimits = {
  gate: () => undefined,
  startGate: () => undefined,
  probing: () => undefined,
  pipeline: Number.POSITIVE_INFINITY,
  purchases: Number.POSITIVE_INFINITY,
  perLaunch: () => 100,
};

const limitsOf = (hot: number, stopped: number) =>
  fc.record(
    {
      machines: fc.oneof(fc.constant(100), fc.constant(Math.max(1, hot + stopped))),
      maxSurge: fc.integer({ min: 0, max: 4 }),
      maxUnavailable: fc.integer({ min: 0, max: 3 }),
    },
    { requiredKeys: ["machines"] },
  );

/** What makes machines that wait old. */
const ages = {
  worn: { hardDeadlineMs: nowMs + 12 * 60_000 },
  outdated: { specHash: "old" },
  superseded: { isSuperseded: true },
} as const;

const rollout = fc
  .record({
    hot: fc.nat(9),
    stopped: fc.nat(6),
    age: fc.constantFrom("worn" as const, "outdated" as const, "superseded" as const),
  })
  .chain((wanted) => limitsOf(wanted.hot, wanted.stopped).map((limits) => ({ ...wanted, limits })));

/** A pool whose machines boot in a minute and stop at once; the plans are carried out as a controller would. */
function createRollout(pool: PoolConfig, age: keyof typeof ages) {
  const machines = new Map<string, MachineRecord>();
  const { hot, stopped } = pool.schedule.default;
  let atMs = nowMs;
  let bought = 0;
  const context = (): FleetContext =>
    aContext({ nowMs: atMs, catalog: aCatalog({ pools: [pool] }) });
  const old = { pool: pool.name, ...ages[age] };
  for (let index = 0; index < hot + stopped; index++) {
    const state = index < hot ? "ready" : "stopped";
    machines.set(`old-${index}`, aMachine(`old-${index}`, { ...old, state }));
  }
  const view = { jobs: new Map(), machines, attempts: new Map() };
  const targets = [{ pool, hot, stopped }];
  const count = (state: string): number =>
    [...machines.values()].filter((machine) => machine.state === state).length;
  return {
    machines,
    count,
    worn: () =>
      [...machines.values()].filter((machine) => wearOf(machine, pool, context()) !== undefined),
    /** Plans, acts, and lets a minute pass. Answers whether there was anything to do. */
    minute: (): boolean => {
      const { launches, starts } = planLaunches(view, [], targets, free, context());
      const rearmed = { state: "booting", hardDeadlineMs: atMs + 24 * 60 * 60_000 } as const;
      for (const machine of starts) machines.set(machine.id, { ...machine, ...rearmed });
      for (const { count: number, reason } of launches) {
        for (let index = 0; index < number; index++) {
          const id = `new-${++bought}`;
          const launched = aMachine(id, {
            pool: pool.name,
            state: "booting",
            launchedAtMs: atMs,
            hardDeadlineMs: atMs + 24 * 60 * 60_000,
            ...(isForStopped(reason) ? { bankWhenReady: true } : {}),
          });
          machines.set(id, launched);
        }
      }
      const { retirements } = planRetirements(view, targets, context());
      for (const { machine, action } of retirements) {
        if (action === "terminate") machines.delete(machine.id);
        else machines.set(machine.id, { ...machine, state: "stopped", sinceMs: atMs });
      }
      const acted = launches.length + starts.length + retirements.length > 0;
      atMs += 60_000;
      for (const machine of machines.values()) {
        if (machine.state !== "booting") continue;
        machines.set(machine.id, { ...machine, state: "ready", readyAtMs: atMs, sinceMs: atMs });
      }
      return acted;
    },
  };
}

describe("the replacement of machines", () => {
  it("ends with all of them new, never below the target by more than maxUnavailable nor above by more than maxSurge", () => {
    fc.assert(
      fc.property(rollout, ({ hot, stopped, age, limits }) => {
        const pool = aPool("p", { hot, stopped, limits });
        const stage = createRollout(pool, age);
        const { surge, unavailable } = replacementPace(pool, hot + stopped);
        let quiet = 0;
        for (let minute = 0; minute < 400 && quiet < 10; minute++) {
          quiet = stage.minute() ? 0 : quiet + 1;
          expect(stage.count("ready")).toBeGreaterThanOrEqual(hot - unavailable);
          // Where one may be missing, a stopped machine is started in its place: in all no more is missing.
          expect(stage.machines.size).toBeGreaterThanOrEqual(hot + stopped - unavailable);
          if (unavailable === 0) expect(stage.count("stopped")).toBeGreaterThanOrEqual(stopped);
          expect(stage.machines.size).toBeLessThanOrEqual(hot + stopped + surge);
          expect(stage.machines.size).toBeLessThanOrEqual(limits.machines);
        }
        expect(stage.worn()).toEqual([]);
        expect([stage.count("ready"), stage.count("stopped")]).toEqual([hot, stopped]);
      }),
    );
  });

  it("buys for the place of others only when nothing is missing, and no more than maxSurge above the target", () => {
    fc.assert(
      fc.property(
        aWornView.map(afterAssignments),
        fc.nat(5),
        fc.nat(5),
        fc.integer({ min: 0, max: 4 }),
        (view, hot, stopped, maxSurge) => {
          const pool = aPool("p", { hot, stopped, limits: { machines: 1_000, maxSurge } });
          const context = aContext({ catalog: aCatalog({ pools: [pool] }) });
          const { launches } = planLaunches(view, [], [{ pool, hot, stopped }], free, context);
          const ahead = launches.filter(({ reason }) => reason.endsWith("replacement"));
          if (ahead.length === 0) return;
          expect(ahead.length).toBe(launches.length);
          const mine = [...view.machines.values()].filter(({ fit }) => fit === "pool:p");
          const idle = mine.filter(({ state }) =>
            ["ready", "booting", "stopped", "stopping"].includes(state),
          ).length;
          const added = ahead.reduce((sum, { count }) => sum + count, 0);
          expect(idle + added).toBeLessThanOrEqual(hot + stopped + Math.max(1, maxSurge));
          const worn = mine.filter((machine) => wearOf(machine, pool, context)).length;
          expect(added).toBeLessThanOrEqual(worn);
        },
      ),
    );
  });

  it("takes another image, size or disk for another order, and another schedule or limit for the same", () => {
    const pool = aPool("p");
    const hash = poolSpecHash(pool);
    const shape = { ...pool.shape, image: "ubuntu" };
    expect(poolSpecHash({ ...pool, shape })).not.toBe(hash);
    expect(poolSpecHash({ ...pool, shape: { ...pool.shape, diskGib: 80 } })).not.toBe(hash);
    expect(poolSpecHash({ ...pool, limits: { machines: 7 }, idleTimeoutMs: 1 })).toBe(hash);
  });

  it("spreads spares that were bought together over hours", () => {
    const pool = aPool("p");
    const hardDeadlineMs = nowMs + 3 * 60 * 60_000;
    const spares = Array.from({ length: 100 }, (_, index) =>
      aMachine(`i-0${(index * 7_919).toString(16)}`, { pool: "p", hardDeadlineMs }),
    );
    const wornAt = (minutes: number): number => {
      const context = aContext({ nowMs: nowMs + minutes * 60_000 });
      return spares.filter((machine) => wearOf(machine, pool, context) === "worn").length;
    };
    expect(wornAt(-30)).toBe(0);
    for (const [minutes, most, least] of [
      [30, 40, 5],
      [90, 75, 30],
      [165, 100, 90],
    ] as const) {
      expect(wornAt(minutes)).toBeLessThanOrEqual(most);
      expect(wornAt(minutes)).toBeGreaterThanOrEqual(least);
    }
  });
});
