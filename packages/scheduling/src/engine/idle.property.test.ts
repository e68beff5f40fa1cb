import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aimed, near, smoothing } from "../../test/arbitraries.ts";
import type { IdleMachine, IdleState } from "../index.ts";
import { compileSchedule, DEFAULT_MIN_UPTIME_MS, decideIdle, target } from "../index.ts";

const MINUTE = 60_000;

/** A schedule some of whose entries have an idle timeout of their own. */
const patient = fc
  .tuple(aimed(), fc.array(fc.option(fc.nat(180), { nil: undefined }), { maxLength: 5 }))
  .map(([aim, minutes]) => ({
    ...aim,
    schedule: {
      ...aim.schedule,
      entries: aim.schedule.entries.map((entry, index) => {
        const timeout = minutes[index];
        return timeout === undefined ? entry : { ...entry, idleTimeoutMs: timeout * MINUTE };
      }),
    },
  }));

const scene = fc.tuple(fc.oneof(aimed(), patient), smoothing).chain(([aim, options]) =>
  near(aim.atMs).chain((at) =>
    fc.record({
      schedule: fc.constant(aim.schedule),
      options: fc.constant(options),
      at: fc.constant(at),
      state: fc.record({
        machines: fc
          .array(fc.record({ idle: fc.nat(90), up: fc.nat(90), canStop: fc.boolean() }), {
            maxLength: 30,
          })
          .map((list): IdleMachine[] =>
            list.map(({ idle, up, canStop }, index) => ({
              id: `m${index}`,
              idleSinceMs: at - idle * MINUTE,
              launchedAtMs: at - (idle + up) * MINUTE,
              canStop,
            })),
          ),
        stopped: fc.nat(6),
        idleTimeoutMs: fc.nat(60).map((m) => m * MINUTE),
        reuseHorizonMs: fc.nat(120).map((m) => m * MINUTE),
        minUptimeMs: fc.constantFrom(0, DEFAULT_MIN_UPTIME_MS, 30 * MINUTE),
        order: fc.constantFrom("oldest-first" as const, "newest-first" as const),
      }) as fc.Arbitrary<IdleState>,
    }),
  ),
);

describe("the idle decision", () => {
  it("never goes below what the target needs, nor releases a machine before its time", () => {
    fc.assert(
      fc.property(scene, ({ schedule, options, at, state }) => {
        const compiled = compileSchedule(schedule, { smoothing: options });
        const decisions = decideIdle(compiled, at, state);
        expect(decisions.map(({ id }) => id).sort()).toEqual(
          state.machines.map(({ id }) => id).sort(),
        );
        let need = 0;
        for (let then = at; then <= at + (state.reuseHorizonMs ?? 0); then += MINUTE / 2)
          need = Math.max(need, target(compiled, then).hot);
        const released = decisions.filter(({ action }) => action !== "keep");
        const kept = decisions.length - released.length;
        expect(kept).toBeGreaterThanOrEqual(Math.min(need, decisions.length));
        for (const { id, action } of released) {
          const machine = state.machines.find((one) => one.id === id) as IdleMachine;
          expect(at - machine.launchedAtMs).toBeGreaterThanOrEqual(state.minUptimeMs ?? 0);
          const own = compiled.schedule.entries.flatMap((entry) => entry.idleTimeoutMs ?? []);
          expect(at - machine.idleSinceMs).toBeGreaterThanOrEqual(
            Math.min(state.idleTimeoutMs ?? 0, ...own),
          );
          if (action === "stop") expect(machine.canStop).toBe(true);
        }
        const stops = released.filter(({ action }) => action === "stop").length;
        expect(stops).toBeLessThanOrEqual(
          Math.max(0, target(compiled, at).stopped - state.stopped),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("does not depend on the order of the machines", () => {
    fc.assert(
      fc.property(scene, fc.infiniteStream(fc.nat()), ({ schedule, at, state }, dice) => {
        const compiled = compileSchedule(schedule);
        const keyed = state.machines.map((machine) => ({
          machine,
          key: dice.next().value as number,
        }));
        const machines = keyed.sort((a, b) => a.key - b.key).map(({ machine }) => machine);
        expect(decideIdle(compiled, at, { ...state, machines })).toEqual(
          decideIdle(compiled, at, state),
        );
      }),
    );
  });

  it("leaves nothing to do until the first recheck", () => {
    fc.assert(
      fc.property(scene, ({ schedule, options, at, state }) => {
        const compiled = compileSchedule(schedule, { smoothing: options });
        const first = decideIdle(compiled, at, state);
        const keptIds = new Set(
          first.filter(({ action }) => action === "keep").map(({ id }) => id),
        );
        const stops = first.filter(({ action }) => action === "stop").length;
        const machines = state.machines.filter(({ id }) => keptIds.has(id));
        const rechecks = first.flatMap(({ recheckAtMs }) => recheckAtMs ?? []);
        for (const recheck of rechecks) expect(recheck).toBeGreaterThan(at);
        const quietUntil = Math.min(at + 3 * 60 * MINUTE, ...rechecks);
        const later = decideIdle(compiled, quietUntil - 1, {
          ...state,
          machines,
          stopped: state.stopped + stops,
        });
        expect(later.filter(({ action }) => action !== "keep")).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("looks again when the entry ends whose timeout keeps a machine", () => {
    const compiled = compileSchedule({
      default: { hot: 0, stopped: 0 },
      entries: [
        {
          ...{ kind: "weekly", name: "patient", start: "08:00", end: "09:00" },
          capacity: {},
          idleTimeoutMs: 240 * MINUTE,
        },
      ],
    });
    const at = Date.parse("2026-03-30T08:30:00Z");
    const machines = [{ id: "m", idleSinceMs: at, launchedAtMs: at - 90 * MINUTE, canStop: false }];
    const state = { machines, stopped: 0, idleTimeoutMs: 0 };
    expect(decideIdle(compiled, at, state)[0]).toMatchObject({
      reason: "idle-timeout",
      recheckAtMs: at + 30 * MINUTE,
    });
    expect(decideIdle(compiled, at + 30 * MINUTE, state)[0]?.action).toBe("terminate");
  });

  it("ends its search for a fall that never comes, however far a machine counts as needed", () => {
    const compiled = compileSchedule({
      default: { hot: 1, stopped: 0 },
      entries: [
        { kind: "weekly", name: "day", start: "08:00", end: "18:00", capacity: { stopped: 2 } },
      ],
    });
    const at = Date.parse("2026-03-30T08:30:00Z");
    const machines = [{ id: "m", idleSinceMs: 0, launchedAtMs: 0, canStop: false }];
    const [decision] = decideIdle(compiled, at, { machines, stopped: 2 });
    expect(decision).toMatchObject({ reason: "needed", recheckAtMs: at + 7 * 1_440 * MINUTE });
    const reuseHorizonMs = Infinity;
    expect(decideIdle(compiled, at, { machines, stopped: 2, reuseHorizonMs })[0]).toMatchObject({
      action: "keep",
      reason: "needed",
    });
  });
});
