import { describe, expect, it } from "vitest";
import { mutantFacts } from "./mutants/index.ts";
import { runSimulation } from "./run-simulation.ts";

describe("a simulation", { timeout: 300_000 }, () => {
  it("gives the same trace for the same seed, to the byte, and another one for another seed", async () => {
    const first = await runSimulation({ seed: 2, hours: 1.5 });
    const second = await runSimulation({ seed: 2, hours: 1.5 });
    const other = await runSimulation({ seed: 4, hours: 1 });
    expect(first.trace.length).toBeGreaterThan(5_000);
    expect(second).toEqual(first);
    expect(other.trace).not.toBe(first.trace);
  });

  it("keeps its jobs when faults are taken out of its plan", async () => {
    const whole = await runSimulation({ seed: 2, hours: 1.5 });
    const without = await runSimulation({ seed: 2, hours: 1.5, onlyFaults: [] });
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

/** One of each family, caught within minutes of virtual time; `pnpm simulate --mutants` plants them all. */
const quickMutants = [
  "forgets-what-is-booting",
  "believes-any-finish-report",
  "replays-with-a-new-token",
  "never-lists-queued-jobs",
  "acts-before-it-stores",
  "acknowledges-at-once",
  "ignores-the-epoch",
] as const;

describe("the judge", { timeout: 300_000 }, () => {
  it.each(quickMutants)("catches a fleet that %s", async (mutant) => {
    const until = mutantFacts[mutant]?.caughtBy ?? "";
    const { violations, startMs } = await runSimulation({ seed: 2, hours: 2, mutant, until });
    const found = violations.find(({ invariant }) => invariant === until);
    expect(found?.atMs).toBeLessThan(startMs + 2 * 3_600_000);
  });
});
