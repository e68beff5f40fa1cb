import { describe, expect, it } from "vitest";
import { mutantNames, runSimulation } from "./run-simulation.ts";

const isFull = process.env["RUNS_FLEET_FULL"] === "1";
const fresh = 1_000 + (Number(process.env["RUNS_FLEET_SLICE"] ?? Date.now()) % 1_000_000);
const seeds = isFull ? Array.from({ length: 24 }, (_, index) => index + 1) : [1];

describe("a simulation", { timeout: 300_000 }, () => {
  it("gives the same trace for the same seed, to the byte, and another one for another seed", async () => {
    const first = await runSimulation({ seed: 3, hours: 1.5 });
    const second = await runSimulation({ seed: 3, hours: 1.5 });
    const other = await runSimulation({ seed: 4, hours: 1 });
    expect(first.trace.length).toBeGreaterThan(5_000);
    expect(second).toEqual(first);
    expect(other.trace).not.toBe(first.trace);
  });

  it("keeps its jobs when faults are taken out of its plan", async () => {
    const whole = await runSimulation({ seed: 3, hours: 1.5 });
    const without = await runSimulation({ seed: 3, hours: 1.5, onlyFaults: [] });
    expect(whole.faults.length).toBeGreaterThan(0);
    expect(without.faults).toEqual([]);
    expect(without.stats["jobs"]).toBe(whole.stats["jobs"]);
    expect(without.trace).not.toContain(" fault ");
  });

  it.each([
    { seed: 0.5, hours: 1 },
    { seed: 1, hours: 0 },
    { seed: 1, hours: Number.NaN },
    { seed: 1, hours: 1, mutant: "none-such" },
  ])("refuses %o", async (options) => {
    await expect(runSimulation(options)).rejects.toThrow(RangeError);
  });
});

describe("two and more orchestrators through a day in which everything goes wrong", {
  timeout: 600_000,
}, () => {
  it.each([...seeds, fresh])("violate nothing (seed %i)", async (seed) => {
    const { violations, stats } = await runSimulation({ seed, hours: 24 });
    expect({ seed, violations }).toEqual({ seed, violations: [] });
    expect(stats["jobs"]).toBeGreaterThanOrEqual(100);
    expect(stats["faults"]).toBeGreaterThanOrEqual(20);
    expect(stats["processes"]).toBeGreaterThanOrEqual(2);
    // Nearly all jobs run; what is refused is refused for its labels or for want of machines.
    expect(stats["started"]).toBeGreaterThan((stats["jobs"] ?? 0) * 0.85);
    for (const [name, count] of Object.entries(stats)) {
      if (name.startsWith("checks.")) expect({ name, ok: count > 0 }).toEqual({ name, ok: true });
    }
  });
});

describe("the judge", { timeout: 300_000 }, () => {
  it.each(Object.entries(mutantNames))(
    "catches a fleet that %s by the name %s",
    async (mutant, invariant) => {
      const { violations } = await runSimulation({ seed: 2, hours: 1.5, mutant });
      expect(violations.map((violation) => violation.invariant)).toContain(invariant);
    },
  );
});
