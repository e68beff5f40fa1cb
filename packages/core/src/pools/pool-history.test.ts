import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPoolRecorder, type PoolPoint } from "./pool-history.ts";

const minutes = 60_000;
const days = 86_400_000;

const counts = (ready: number): Omit<PoolPoint, "atMs"> => ({
  target: 5,
  ready,
  booting: 0,
  busy: 1,
  stoppedTarget: 0,
  stopped: 0,
});
const one = (ready: number) => new Map([["p", counts(ready)]]);

describe("the curves of a pool", () => {
  it("have at most one point a minute", () => {
    const recorder = createPoolRecorder();
    for (let atMs = 0; atMs < 3 * minutes; atMs += 1_000) recorder.note(atMs, one(atMs));
    expect(recorder.of("p")?.points.map(({ atMs }) => atMs)).toEqual([0, minutes, 2 * minutes]);
    expect([recorder.due(3 * minutes - 1), recorder.due(3 * minutes)]).toEqual([false, true]);
  });

  it("have points only where something changes", () => {
    const recorder = createPoolRecorder();
    for (let minute = 0; minute < 100; minute++)
      recorder.note(minute * minutes, one(minute < 50 ? 1 : 2));
    expect(recorder.of("p")).toEqual({
      sinceMs: 0,
      points: [
        { atMs: 0, ...counts(1) },
        { atMs: 50 * minutes, ...counts(2) },
      ],
    });
  });

  it("reach back a week, and still say what held at its beginning", () => {
    const recorder = createPoolRecorder();
    recorder.note(0, one(1));
    recorder.note(days, one(2));
    recorder.note(9 * days, one(3));
    expect(recorder.of("p")).toEqual({
      sinceMs: 2 * days,
      points: [
        { atMs: days, ...counts(2) },
        { atMs: 9 * days, ...counts(3) },
      ],
    });
  });

  it("are forgotten with their pool, and begin anew when it comes back", () => {
    const recorder = createPoolRecorder();
    recorder.note(0, one(1));
    recorder.note(minutes, new Map([["other", counts(1)]]));
    expect([recorder.of("p"), recorder.of("other")?.sinceMs]).toEqual([undefined, minutes]);
    recorder.note(2 * minutes, one(1));
    expect(recorder.of("p")?.sinceMs).toBe(2 * minutes);
  });

  it("do not change in the hands of who was given them", () => {
    const recorder = createPoolRecorder();
    recorder.note(0, one(1));
    const before = recorder.of("p");
    recorder.note(minutes, one(2));
    expect(before?.points).toHaveLength(1);
  });

  it("stay bounded, in order, and right at the recent end, however often they change", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 30 }),
        (values, repeat) => {
          const recorder = createPoolRecorder();
          let atMs = 0;
          for (let round = 0; round < repeat; round++) {
            for (const value of values) {
              atMs += minutes;
              recorder.note(atMs, one(value));
            }
          }
          const points = recorder.of("p")?.points ?? [];
          expect(points.length).toBeLessThanOrEqual(2_000);
          expect(points.at(-1)?.ready).toBe(values.at(-1));
          points.forEach((point, index) => {
            const before = points[index - 1];
            if (before) expect(point.atMs - before.atMs).toBeGreaterThanOrEqual(minutes);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("share one bound among many pools", () => {
    const recorder = createPoolRecorder();
    const names = Array.from({ length: 1_000 }, (_, index) => `pool-${index}`);
    for (let minute = 0; minute < 300; minute++) {
      recorder.note(minute * minutes, new Map(names.map((name) => [name, counts(minute)])));
    }
    const total = names.reduce((sum, name) => sum + (recorder.of(name)?.points.length ?? 0), 0);
    expect(total).toBeLessThanOrEqual(200_000);
    expect(recorder.of("pool-7")?.points.at(-1)?.ready).toBe(299);
  });
});
