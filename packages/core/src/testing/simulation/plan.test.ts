import { describe, expect, it } from "vitest";
import { parseCatalog } from "../../routing/index.ts";
import { faultSpanMs } from "./faults.ts";
import { planFaults } from "./plan-faults.ts";
import { planScenario } from "./plan-scenario.ts";

const seeds = Array.from({ length: 200 }, (_, index) => index);

describe("the plans of 200 seeds", () => {
  it("have at least 100 jobs and 20 faults a day, and two processes", () => {
    for (const seed of seeds) {
      const { arrivals, processes } = planScenario(seed, 24);
      const faults = planFaults({ seed, hours: 24, processes });
      expect(arrivals.length).toBeGreaterThanOrEqual(100);
      expect(faults.length).toBeGreaterThanOrEqual(20);
      expect(processes).toBeGreaterThanOrEqual(2);
    }
  });

  it("hold every kind of fault, under names of their own and in order of time", () => {
    const kinds = new Set<string>();
    for (const seed of seeds) {
      const faults = planFaults({ seed, hours: 24, processes: 2 });
      for (const { kind } of faults) kinds.add(kind);
      expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
      const times = faults.map(({ atMs }) => atMs);
      expect(times).toEqual([...times].sort((left, right) => left - right));
      expect(faults.every((fault) => faultSpanMs(fault) >= 0)).toBe(true);
    }
    expect(kinds.size).toBe(17);
  });

  it("have catalogs that a host could load", () => {
    for (const seed of seeds) {
      const { catalog } = planScenario(seed, 1);
      expect(parseCatalog(catalog)).toMatchObject({ ok: true });
    }
  });
});
