import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMinuteBudget } from "./minute-budget.ts";

describe("a budget by the minute", () => {
  it("never grants more than its number in any minute, and says when the next is left", () => {
    const waits = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), waits, (perMinute, list) => {
        const budget = createMinuteBudget(perMinute);
        const spent: number[] = [];
        let nowMs = 0;
        for (const wait of list) {
          nowMs += wait;
          const left = budget.left(nowMs);
          const inWindow = spent.filter((atMs) => atMs > nowMs - 60_000).length;
          expect(left).toBe(perMinute - inWindow);
          const nextMs = budget.nextMs(nowMs);
          if (left > 0) {
            expect(nextMs).toBeUndefined();
            budget.spend(nowMs);
            spent.push(nowMs);
          } else {
            expect(nextMs).toBeGreaterThan(nowMs);
            expect(budget.left(nextMs ?? 0)).toBeGreaterThan(0);
            nowMs = nextMs ?? nowMs;
          }
        }
        for (const fromMs of spent) {
          const window = spent.filter((atMs) => atMs >= fromMs && atMs < fromMs + 60_000);
          expect(window.length).toBeLessThanOrEqual(perMinute);
        }
      }),
    );
  });

  it("without a limit remembers nothing", () => {
    const budget = createMinuteBudget(Number.POSITIVE_INFINITY);
    budget.spend(0);
    expect([budget.left(0), budget.nextMs(0)]).toEqual([Number.POSITIVE_INFINITY, undefined]);
  });

  it.each([0, -1, Number.NaN])("refuses %s", (perMinute) => {
    expect(() => createMinuteBudget(perMinute)).toThrow(RangeError);
  });
});
