import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lengthsOf, waitsOf } from "./measure-waits.ts";
import { waitBoundsMs } from "./report.ts";

const longest = (waitBoundsMs.at(-1) ?? 0) * 2;
const waits = fc.array(
  fc.oneof(fc.nat(longest), fc.nat(120_000), fc.constantFrom(0, ...waitBoundsMs)),
  { maxLength: 200 },
);

describe("waits by length", () => {
  it("count every wait once, where it belongs, the shortest first", () => {
    fc.assert(
      fc.property(waits, (waitsMs) => {
        const lengths = lengthsOf(waitsMs);
        for (const { fromMs, toMs = Number.POSITIVE_INFINITY, jobs } of lengths) {
          const within = waitsMs.filter(
            (waitMs) => waitMs <= toMs && (waitMs > fromMs || (fromMs === 0 && waitMs === 0)),
          );
          expect(jobs).toBe(within.length);
          expect(jobs).toBeGreaterThan(0);
        }
        expect(lengths.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(waitsMs.length);
        const starts = lengths.map(({ fromMs }) => fromMs);
        expect(starts).toEqual([...starts].sort((left, right) => left - right));
      }),
    );
  });

  it("agree with the quantiles on how many wait over a minute", () => {
    fc.assert(
      fc.property(waits, (waitsMs) => {
        const over = lengthsOf(waitsMs)
          .filter(({ fromMs }) => fromMs >= 60_000)
          .reduce((sum, { jobs }) => sum + jobs, 0);
        const share = waitsMs.length === 0 ? 0 : over / waitsMs.length;
        expect(waitsOf(waitsMs).over60Share).toBeCloseTo(share, 4);
      }),
    );
  });

  it("have bounds that grow, a minute among them", () => {
    expect(waitBoundsMs).toEqual([...waitBoundsMs].sort((left, right) => left - right));
    expect(waitBoundsMs).toContain(60_000);
  });
});
