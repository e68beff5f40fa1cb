import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileSchedule, evaluate, transitions } from "../src/index.ts";
import { aimed, CHANGES } from "./arbitraries.ts";
import { judge, type Tick, watch } from "./oracle.ts";

const HOURS = 36 * 3_600_000;
const clocks = new Map<string, readonly Tick[]>();

/** The minutes around a change, read once per zone. */
function clocksAround(atMs: number, zones: readonly string[]): Map<string, readonly Tick[]> {
  const found = new Map<string, readonly Tick[]>();
  for (const zone of zones) {
    const key = `${zone} ${atMs}`;
    const ticks = clocks.get(key) ?? watch(zone, atMs - HOURS, atMs + HOURS);
    clocks.set(key, ticks);
    found.set(zone, ticks);
  }
  return found;
}

const full = process.env["RUNS_FLEET_FULL"] === "1";
const runs = full ? 3_000 : 60;
const timeout = full ? 3_600_000 : 60_000;

describe("the engine and a minute-by-minute oracle", () => {
  it("agree around every kind of clock change", { timeout }, () => {
    fc.assert(
      fc.property(aimed(), ({ zone, atMs, schedule }) => {
        const around = clocksAround(atMs, [zone, "UTC", "Asia/Kolkata"]);
        const opinions = judge(schedule, around);
        const compiled = compileSchedule(schedule);
        const ticks = around.get(zone) as readonly Tick[];
        const changes: { atMs: number; hot: number; stopped: number }[] = [];
        for (const [index, { at }] of ticks.entries()) {
          const { hot, stopped, active } = evaluate(compiled, at);
          const opinion = opinions[index] as (typeof opinions)[number];
          if (
            hot !== opinion.hot ||
            stopped !== opinion.stopped ||
            active.join() !== opinion.active.join()
          ) {
            expect.fail(
              `${new Date(at).toISOString()} engine ${hot}/${stopped} [${active}], oracle ${opinion.hot}/${opinion.stopped} [${opinion.active}]`,
            );
          }
          // The last millisecond of the minute belongs to it.
          const last = evaluate(compiled, at + 59_999);
          if (last.hot !== hot || last.stopped !== stopped) expect.fail(`split minute ${at}`);
          const before = opinions[index - 1];
          if (before && (before.hot !== hot || before.stopped !== stopped))
            changes.push({ atMs: at, hot, stopped });
        }
        const first = ticks[0]?.at ?? 0;
        const found = [...transitions(compiled, first, first + 2 * HOURS)];
        expect(found.map(({ atMs: at, after }) => ({ atMs: at, ...after }))).toEqual(changes);
      }),
      { numRuns: runs, seed: 20_261_124 },
    );
  });

  it("agree that each listed change is one", () => {
    for (const { zone, atMs } of CHANGES) {
      const [before, after] = watch(zone, atMs - 60_000, atMs + 60_000);
      expect((after?.clock ?? 0) - (before?.clock ?? 0), zone).not.toBe(1);
    }
  });
});
