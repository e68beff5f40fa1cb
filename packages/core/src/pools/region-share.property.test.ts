import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { regionShare } from "./region-share.ts";

const weights = fc
  .array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 8 })
  .filter((list) => list.some((weight) => weight > 0));
const totals = fc.integer({ min: 0, max: 500 });

describe("the share of a region", () => {
  it("adds up to the total over all regions", () => {
    fc.assert(
      fc.property(totals, weights, (total, list) => {
        const shares = list.map((_, index) => regionShare(total, list, index));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
      }),
    );
  });

  it("differs by less than one machine from the exact share, so a region of weight 0 gets nothing", () => {
    fc.assert(
      fc.property(totals, weights, (total, list) => {
        const sum = list.reduce((all, weight) => all + weight, 0);
        list.forEach((weight, index) => {
          const exact = (total * weight) / sum;
          expect(Math.abs(regionShare(total, list, index) - exact)).toBeLessThan(1);
        });
      }),
    );
  });

  it("gives what is left over to the region that is named first when remainders are equal", () => {
    expect([0, 1, 2].map((index) => regionShare(4, [1, 1, 1], index))).toEqual([2, 1, 1]);
    expect([0, 1].map((index) => regionShare(5, [3, 2], index))).toEqual([3, 2]);
  });
});
