import type { PoolConfig } from "@runs-fleet/core";
import { compileSchedule, evaluate, type Schedule } from "@runs-fleet/scheduling";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyRange, anySchedule, configOf } from "../../test/schedules.ts";
import { upcoming } from "./upcoming.ts";
import { zoneData } from "./zone-data.ts";

const minuteMs = 60_000;

/** Changes of one schedule in an open range, found by asking every minute: windows begin and end at whole ones. */
function changesByMinute(schedule: Schedule, fromMs: number, toMs: number) {
  const compiled = compileSchedule(schedule, { zones: zoneData() });
  const found = [];
  for (let atMs = fromMs + minuteMs; atMs < toMs; atMs += minuteMs) {
    const before = evaluate(compiled, atMs - 1);
    const after = evaluate(compiled, atMs);
    if (before.hot !== after.hot || before.stopped !== after.stopped)
      found.push({ atMs, hot: after.hot, stopped: after.stopped });
  }
  return found;
}

describe("what is upcoming", () => {
  it("is what each pool's schedule says minute by minute, and nothing else", () => {
    fc.assert(
      fc.property(fc.array(anySchedule, { maxLength: 3 }), anyRange, (schedules, { fromMs }) => {
        const toMs = fromMs + 2 * 86_400_000;
        const { config, names } = configOf(schedules);
        const found = upcoming(config, fromMs, toMs, { limit: 100_000 });
        schedules.forEach((schedule, index) => {
          const own = found
            .filter(({ pool }) => pool === names[index])
            .map(({ atMs, after: { hot, stopped } }) => ({ atMs, hot, stopped }));
          expect(own).toEqual(changesByMinute(schedule, fromMs, toMs));
        });
        expect(new Set(found.map(({ pool }) => pool)).size).toBeLessThanOrEqual(names.length);
      }),
      { numRuns: 40 },
    );
  });

  it("is in order, each change from what the one before left, and a limit keeps the earliest", () => {
    fc.assert(
      fc.property(
        fc.array(anySchedule, { maxLength: 5 }),
        anyRange,
        fc.integer({ min: 0, max: 40 }),
        (schedules, { fromMs, toMs }, limit) => {
          const { config, names } = configOf(schedules);
          const all = upcoming(config, fromMs, toMs, { limit: 100_000 });
          const order = (pool: string): number => names.indexOf(pool);
          all.forEach((change, index) => {
            expect(change.atMs).toBeGreaterThan(fromMs);
            expect(change.atMs).toBeLessThan(toMs);
            const previous = all[index - 1];
            if (previous === undefined) return;
            expect(previous.atMs).toBeLessThanOrEqual(change.atMs);
            if (previous.atMs === change.atMs)
              expect(order(previous.pool)).toBeLessThan(order(change.pool));
          });
          for (const name of names) {
            const own = all.filter(({ pool }) => pool === name);
            own.slice(1).forEach((change, index) => {
              expect(change.before).toEqual(own[index]?.after);
            });
          }
          expect(upcoming(config, fromMs, toMs, { limit })).toEqual(all.slice(0, limit));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("holds no change at either end of the range", () => {
    const day: Schedule = {
      default: { hot: 0, stopped: 0 },
      entries: [
        { kind: "weekly", name: "day", start: "08:00", end: "18:00", capacity: { hot: 3 } },
      ],
    };
    const { config } = configOf([day]);
    const eightMs = Date.parse("2026-12-24T08:00:00Z");
    const sixMs = Date.parse("2026-12-24T18:00:00Z");
    expect(upcoming(config, eightMs, sixMs)).toEqual([]);
    expect(upcoming(config, eightMs - 1, sixMs + 1)).toEqual([
      {
        atMs: eightMs,
        pool: "pool-0",
        before: { hot: 0, stopped: 0 },
        after: { hot: 3, stopped: 0 },
        causes: ["day"],
      },
      {
        atMs: sixMs,
        pool: "pool-0",
        before: { hot: 3, stopped: 0 },
        after: { hot: 0, stopped: 0 },
        causes: ["day"],
      },
    ]);
    const none: PoolConfig[] = [];
    expect(
      upcoming({ catalog: { ...config.catalog, pools: none } }, eightMs - 1, sixMs + 1),
    ).toEqual([]);
  });
});
