import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSeededEntropy } from "./seeded-entropy.ts";

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u;

function draw(seed: number, count: number): number[] {
  const entropy = createSeededEntropy(seed);
  return Array.from({ length: count }, () => entropy.random());
}

describe("seeded entropy", () => {
  it("draws the same from the same seed, and something else from another", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(draw(seed, 5)).toEqual(draw(seed, 5));
        expect(draw(seed, 5)).not.toEqual(draw(seed ^ 1, 5));
      }),
    );
  });

  it("draws numbers that are at least 0 and less than 1, evenly", () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const number of draw(42, 20_000)) {
      expect(number >= 0 && number < 1).toBe(true);
      const bucket = Math.floor(number * 10);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  });

  it("draws well-formed UUIDs that differ", () => {
    const entropy = createSeededEntropy(1);
    const ids = Array.from({ length: 1_000 }, () => entropy.uuid());
    expect(ids.filter((id) => !uuidForm.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(1_000);
  });

  it("draws the same on every platform and in every version", () => {
    const entropy = createSeededEntropy(2_026);
    expect([entropy.random(), entropy.random()]).toEqual([
      0.20171011027401087, 0.48861616242419914,
    ]);
    expect(entropy.uuid()).toBe("b1b2d987-159a-4904-a9fe-b86a16ea0b79");
  });

  it("refuses a seed that is no integer", () => {
    expect(() => createSeededEntropy(0.5)).toThrow(RangeError);
  });
});
