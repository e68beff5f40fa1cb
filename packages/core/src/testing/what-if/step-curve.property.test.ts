import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStepCurve, integral, meansOf, peakOf, sumOf, valueAt } from "./step-curve.ts";

const changes = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: -3, max: 3 })), { maxLength: 40 });
const range = fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 200 }));

/** The same curve, one value per millisecond. */
function drawn(list: readonly (readonly [number, number])[]) {
  const curve = createStepCurve();
  const values: number[] = Array.from({ length: 1_200 }, () => 0);
  let atMs = 0;
  for (const [gap, delta] of list) {
    atMs += gap;
    curve.add(atMs, delta);
    for (let at = atMs; at < values.length; at += 1) values[at] = (values[at] ?? 0) + delta;
  }
  return { curve, values };
}

describe("a step curve", () => {
  it("has the integral, peak, means and values of the same curve written out", () => {
    fc.assert(
      fc.property(changes, range, fc.integer({ min: 1, max: 30 }), (list, [from, length], bin) => {
        const { curve, values } = drawn(list);
        const to = from + length;
        const cut = values.slice(from, to);
        expect(integral(curve, from, to)).toBe(cut.reduce((sum, value) => sum + value, 0));
        const peak = Math.max(0, ...cut);
        expect(peakOf(curve, from, to).peak).toBe(peak);
        if (peak > 0) expect(peakOf(curve, from, to).atMs).toBe(from + cut.indexOf(peak));
        const means: number[] = [];
        for (let at = 0; at < cut.length; at += bin) {
          const part = cut.slice(at, at + bin);
          const sum = part.reduce((total, value) => total + value, 0);
          means.push(Math.round((sum * 100) / part.length) / 100);
        }
        expect(meansOf(curve, from, to, bin)).toEqual(means);
        for (const at of [from, to]) expect(valueAt(curve, at)).toBe(values[at]);
      }),
    );
  });

  it("adds up", () => {
    fc.assert(
      fc.property(changes, changes, fc.nat(300), (one, other, at) => {
        const [left, right] = [drawn(one), drawn(other)];
        const sum = sumOf([left.curve, right.curve]);
        expect(valueAt(sum, at)).toBe((left.values[at] ?? 0) + (right.values[at] ?? 0));
      }),
    );
  });
});
