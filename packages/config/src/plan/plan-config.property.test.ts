import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileOf } from "../../test/watched-file.ts";
import { parseConfig } from "../parse-config.ts";
import { diffValues, sameValue } from "./diff-values.ts";
import { planConfig } from "./plan-config.ts";

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(1, 2, "a", true),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "name"), tie("value"), { maxKeys: 3 }),
  ),
})).value;

describe("differences", () => {
  it("are none exactly when two values say the same", () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(diffValues(one, structuredClone(one))).toEqual([]);
        expect(diffValues(one, other).length === 0).toBe(sameValue(one, other));
      }),
    );
  });

  it("turn round when the values are exchanged", () => {
    const turned = { added: "removed", removed: "added", changed: "changed" } as const;
    fc.assert(
      fc.property(json, json, (one, other) => {
        const there = diffValues(one, other).map(({ kind, path }) => `${kind} ${path}`);
        const back = diffValues(other, one).map(({ kind, path }) => `${turned[kind]} ${path}`);
        expect(new Set(back)).toEqual(new Set(there));
      }),
    );
  });
});

const atMs = Date.UTC(2026, 10, 30);
const pools = fc.dictionary(fc.constantFrom("web", "data", "gpu"), fc.nat(50));
const configOf = (hot: Readonly<Record<string, number>>) => {
  const parsed = parseConfig(fileOf(hot));
  if (!parsed.ok) throw new Error("The file is sound");
  return parsed.value;
};

describe("a plan", () => {
  it("names exactly the pools that differ, and adds up all of them", () => {
    fc.assert(
      fc.property(pools, pools, (before, after) => {
        const rates = { "*": { hotUsdPerHour: 0.5, stoppedUsdPerHour: 0.1 } };
        const plan = planConfig(configOf(before), configOf(after), { atMs, rates });
        const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
        const differing = names.filter((name) => before[name] !== after[name]);
        expect(new Set(plan.pools.map(({ name }) => name))).toEqual(new Set(differing));
        const sum = (hot: Readonly<Record<string, number>>): number =>
          Object.values(hot).reduce((total, one) => total + one, 0);
        expect(plan.totals?.before.floorHot).toBe(sum(before));
        expect(plan.totals?.after.hotHours).toBeCloseTo(sum(after) * 720, 5);
        expect(plan.totals?.after.monthUsd).toBeCloseTo(sum(after) * 360, 5);
        expect(plan.changes.length === 0).toBe(differing.length === 0);
      }),
      { numRuns: 50 },
    );
  });
});
