import { describe, expect, it } from "vitest";
import { createCallBucket } from "./call-bucket.ts";

const rate = { burst: 4, perSecond: 2 };

describe("a bucket of calls", () => {
  it("begins with one call and fills up to its burst", () => {
    const bucket = createCallBucket(rate);
    expect(bucket.left(1_000)).toBe(1);
    bucket.spend(1_000);
    expect(bucket.left(1_000)).toBe(0);
    expect(bucket.nextMs(1_000)).toBe(1_500);
    expect(bucket.left(1_499)).toBe(0);
    expect(bucket.left(1_500)).toBe(1);
    expect(bucket.nextMs(1_500)).toBeUndefined();
    expect(bucket.left(60_000)).toBe(4);
  });

  it("never grants more than its burst and its rate, whenever it is asked", () => {
    const bucket = createCallBucket(rate);
    const spent: number[] = [];
    for (let nowMs = 0; nowMs < 30_000; nowMs += nowMs % 7 === 0 ? 1 : 130) {
      while (bucket.left(nowMs) > 0) {
        bucket.spend(nowMs);
        spent.push(nowMs);
      }
    }
    for (const [index, fromMs] of spent.entries()) {
      const within = spent.slice(index).filter((atMs) => atMs <= fromMs + 5_000).length;
      expect(within).toBeLessThanOrEqual(rate.burst + 5 * rate.perSecond);
    }
    expect(spent.length).toBeGreaterThanOrEqual(59);
  });

  it("owes what was spent without asking", () => {
    const bucket = createCallBucket(rate);
    for (let call = 0; call < 3; call += 1) bucket.spend(0);
    expect(bucket.left(1_000)).toBe(0);
    expect(bucket.nextMs(1_000)).toBe(1_500);
  });

  it("fills nothing while its clock stands still or goes back", () => {
    const bucket = createCallBucket(rate);
    bucket.spend(10_000);
    expect(bucket.left(5_000)).toBe(0);
    expect(bucket.left(5_499)).toBe(0);
    expect(bucket.left(5_500)).toBe(1);
  });

  it.each([
    { burst: 0, perSecond: 1 },
    { burst: 1, perSecond: Number.NaN },
  ])("refuses %o", (bad) => {
    expect(() => createCallBucket(bad)).toThrow(RangeError);
  });
});
