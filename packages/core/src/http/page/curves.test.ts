import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zoneClock } from "../../pools/zone-clock.ts";
import { niceTop, timeAxis } from "./axis.ts";
import { highest, type Steps, stepPath, valueAt } from "./curves.ts";

const minutes = 60_000;
const hours = 60 * minutes;
const at = (text: string): number => Date.parse(text);

describe("the axis of time", () => {
  const axis = (sinceMs: number, nowMs: number, zone = "UTC") =>
    timeAxis(sinceMs, nowMs, zoneClock(zone));

  it("holds what was recorded, now and a little more, with marks on round hours", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at("2026-01-01"), max: at("2027-01-01") }),
        fc.integer({ min: 0, max: 72 * hours }),
        (nowMs, ageMs) => {
          const { fromMs, toMs, marksMs } = axis(nowMs - ageMs, nowMs);
          expect(fromMs).toBeLessThanOrEqual(nowMs - Math.min(ageMs, 24 * hours));
          expect(toMs).toBeGreaterThan(nowMs);
          expect([marksMs[0], marksMs.at(-1)]).toEqual([fromMs, toMs]);
          expect(marksMs.length).toBeGreaterThanOrEqual(4);
          expect(marksMs.length).toBeLessThanOrEqual(10);
          const stepMs = (marksMs[1] ?? 0) - fromMs;
          for (const mark of marksMs) expect(mark % stepMs).toBe(0);
        },
      ),
    );
  });

  it("has its marks on the wall clock of the pool", () => {
    const nowMs = at("2026-11-24T14:03:00Z");
    const clock = zoneClock("Asia/Kolkata");
    const { marksMs } = timeAxis(0, nowMs, clock);
    expect(marksMs.map(clock.time).slice(0, 3)).toEqual(["16:00", "20:00", "00:00"]);
  });
});

describe("the axis of machines", () => {
  it("ends at or above the most, at a number whose half is whole, and not far above", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (most) => {
        const top = niceTop(most);
        expect(top).toBeGreaterThanOrEqual(most);
        expect(top % 2).toBe(0);
        expect(top).toBeLessThanOrEqual(Math.max(2, most * 2));
      }),
    );
  });
});

describe("a curve of steps", () => {
  const steps: Steps = [
    { atMs: 0, value: 1 },
    { atMs: 100, value: 4 },
    { atMs: 200, value: 2 },
  ];

  it("holds each value until the next", () => {
    expect([-1, 0, 99, 100, 500].map((atMs) => valueAt(steps, atMs))).toEqual([
      undefined,
      1,
      1,
      4,
      2,
    ]);
  });

  it("is drawn as steps between the edges of the plot, whatever lies outside", () => {
    const scale = { fromMs: 50, toMs: 250, top: 4 };
    expect(stepPath(steps, scale, 250)).toBe("M0 74H250V2H750V50H1000");
    expect(stepPath(steps, scale, 250, true)).toBe("M0 98V74H250V2H750V50H1000V98Z");
    expect(stepPath([], scale, 250)).toBe("");
    expect(highest([steps], { fromMs: 120, toMs: 190 })).toBe(4);
    expect(highest([steps], { fromMs: 210, toMs: 290 })).toBe(2);
    expect(highest([], { fromMs: 0, toMs: 1 })).toBe(0);
  });
});
