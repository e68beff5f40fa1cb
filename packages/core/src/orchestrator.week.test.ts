import { describe, expect, it } from "vitest";
import { drawWeek, judgeWeek, liveWeek, reportWeek, weeks } from "../test/week/index.ts";

const isFull = process.env["RUNS_FLEET_FULL"] === "1";
// Half the size keeps it a whole week with all of its windows; `scripts/simulated-week.mjs` lives it at full size.
const lives = isFull
  ? [1, 2, 3, 4].flatMap((seed) => [
      { name: "spring" as const, seed, scale: 1 },
      { name: "autumn" as const, seed, scale: 1 },
    ])
  : [{ name: "spring" as const, seed: 1, scale: 0.5 }];

/** Rises in the night of the change and the nights around it: half past two is skipped, or comes twice. */
const nights = {
  spring: ["03-28T01:30", "03-29T01:00", "03-30T00:30"],
  autumn: ["10-24T00:30", "10-25T00:30", "10-26T01:30"],
};

describe("a week of the real controller with a change of the clocks, a holiday, bursts and launches that fail", {
  timeout: 180_000,
}, () => {
  it.each(lives)("keeps what it promises ($name, seed $seed)", async ({ name, seed, scale }) => {
    const lived = await liveWeek({ week: weeks[name], seed, scale });
    const judgement = judgeWeek(lived);
    const { pools, waits, usd, verdicts } = judgement;
    const wrong = verdicts.filter(({ holds }) => !holds);
    expect(wrong.map((verdict) => `${verdict.name}: ${verdict.told}`)).toEqual([]);

    // Every window was there to be judged: four working days, seven nights, two afternoons of two tiers.
    const opened = new Map(pools.map(({ pool, windows }) => [pool.name, windows]));
    expect([...opened].map(([pool, windows]) => [pool, windows.length])).toEqual([
      ["office", 12],
      ["nightly", 7],
      ["small", 0],
      ["release", 4],
    ]);
    const risesAt = opened.get("nightly")?.map(({ atMs }) => new Date(atMs).toISOString());
    expect(risesAt?.map((iso) => iso.slice(5, 16))).toEqual(expect.arrayContaining(nights[name]));

    // And the world was one in which things go wrong, and jobs had to wait.
    const { machines, calls, answers } = lived.failures;
    expect(Math.min(machines / 2, calls, answers)).toBeGreaterThan(10);
    expect(Math.min(waits.hot.jobs, waits.stopped.jobs, waits.cold.jobs)).toBeGreaterThan(20);
    expect(waits.hot.p95Ms).toBeLessThan(waits.stopped.p95Ms);
    expect(waits.stopped.p95Ms).toBeLessThan(waits.cold.p95Ms);
    expect(usd.spare).toBeLessThan(usd.alwaysOn / 2);

    const told = reportWeek(lived, judgement).join("\n");
    const drawn = drawWeek(lived, judgement);
    for (const { pool } of pools) {
      expect(told).toContain(pool.name);
      expect(drawn).toContain(`>${pool.name}</text>`);
    }
  });
});
