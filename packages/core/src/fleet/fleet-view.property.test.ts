import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aView } from "../../test/fleet/arbitraries.ts";
import { countStock } from "./fleet-view.ts";

describe("the count of machines", () => {
  it("has every machine and every purchase that is open once, in one place", () => {
    fc.assert(
      fc.property(aView, (view) => {
        const stock = countStock(view);
        const machines = [...view.machines.values()];
        const attempts = [...view.attempts.values()];
        const fits = new Set([...machines, ...attempts].map(({ fit }) => fit));
        let total = 0;
        for (const fit of fits) {
          const mine = machines.filter((machine) => machine.fit === fit);
          const open = attempts
            .filter((attempt) => attempt.fit === fit)
            .reduce((sum, { request }) => {
              const there = machines.filter(({ attemptId }) => attemptId === request.id).length;
              return sum + Math.max(0, request.count - there);
            }, 0);
          const of = stock.of(fit);
          expect(of.total).toBe(mine.length + open);
          expect(of.buying).toBe(open);
          expect(of.coming).toBe(of.booting + of.buying);
          const leaving = mine.filter(({ state }) => state === "ending" || state === "retiring");
          const parts = of.ready + of.stopped + of.stopping + of.booting + of.buying + of.busy;
          expect(parts + leaving.length).toBe(of.total);
          total += of.total;
        }
        expect(stock.total).toBe(total);
      }),
    );
  });
});
