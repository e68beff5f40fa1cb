import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assertCallRate, createPurchasePace } from "./purchase-pace.ts";

const rates = fc.record({
  burst: fc.integer({ min: 1, max: 60 }),
  perSecond: fc.integer({ min: 1, max: 20 }),
});

describe("createPurchasePace", () => {
  it("holds nothing back where the provider states no pace", () => {
    const pace = createPurchasePace(undefined);
    for (let bought = 0; bought < 1_000; bought += 1) pace.spend(0);
    expect(pace.left(0)).toBe(Number.POSITIVE_INFINITY);
    expect(pace.nextMs(0)).toBeUndefined();
  });

  it("spends all but one of a burst, and never less than one", () => {
    fc.assert(
      fc.property(rates, (rate) => {
        const pace = createPurchasePace(rate);
        expect(pace.left(0)).toBe(1);
        expect(pace.left(3_600_000)).toBe(Math.max(1, rate.burst - 1));
      }),
    );
  });

  it("leaves the service's own bucket one launch at any time, once that was full", () => {
    fc.assert(
      fc.property(
        rates.filter(({ burst }) => burst > 1),
        fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 60 }),
        ({ burst, perSecond }, gapsMs) => {
          const pace = createPurchasePace({ burst, perSecond });
          let tokens = burst;
          let nowMs = 0;
          for (const gapMs of gapsMs) {
            nowMs += gapMs;
            tokens = Math.min(burst, tokens + (gapMs * perSecond) / 1_000);
            for (; pace.left(nowMs) > 0; tokens -= 1) pace.spend(nowMs);
            expect(tokens).toBeGreaterThan(1 - 1e-6);
          }
        },
      ),
    );
  });
});

describe("assertCallRate", () => {
  it.each([
    { burst: 0, perSecond: 2 },
    { burst: 2.5, perSecond: 2 },
    { burst: Number.NaN, perSecond: 2 },
    { burst: Number.POSITIVE_INFINITY, perSecond: 2 },
    { burst: 5, perSecond: 0 },
    { burst: 5, perSecond: Number.NaN },
    { burst: 5, perSecond: Number.POSITIVE_INFINITY },
  ])("refuses $burst at once and $perSecond a second", (rate) => {
    expect(() => assertCallRate(rate, "The pace of ec2")).toThrow(RangeError);
  });

  it("takes a rate of less than one a second", () => {
    expect(() => assertCallRate({ burst: 1, perSecond: 0.1 }, "The pace of ec2")).not.toThrow();
  });
});
