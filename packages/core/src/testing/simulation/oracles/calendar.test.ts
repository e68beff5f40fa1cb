import { compileSchedule, evaluate, target } from "@runs-fleet/scheduling";
import { describe, expect, it } from "vitest";
import { poolSmoothing } from "../../../routing/pool-smoothing.ts";
import { planScenario } from "../plan-scenario.ts";
import { readCalendar, smoothnessReachMs, targetBy } from "./calendar.ts";

const hours = 3_600_000;
const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

describe("the plain reading of a calendar", () => {
  it("knows what a clock change does: skipped minutes do not happen, repeated ones happen once", () => {
    const night = {
      timeZone: "Europe/Berlin",
      default: { hot: 0, stopped: 0 },
      entries: [{ kind: "weekly", name: "w", start: "02:30", end: "04:00", capacity: { hot: 1 } }],
    } as const;
    const spans = (fromMs: number): string[] => {
      const calendar = readCalendar(night, fromMs, fromMs + 24 * hours);
      const edges: string[] = [];
      let before = 0;
      for (let atMs = fromMs; atMs < fromMs + 24 * hours; atMs += 60_000) {
        const { hot } = calendar.at(atMs);
        if (hot !== before) edges.push(new Date(atMs).toISOString().slice(11, 16));
        before = hot;
      }
      return edges;
    };
    expect(spans(Date.parse("2027-03-27T23:00:00Z"))).toEqual(["01:00", "02:00"]);
    expect(spans(Date.parse("2026-10-24T22:00:00Z"))).toEqual(["00:30", "03:00"]);
  });

  it("is what the engine says of every pool of 20 scenarios, ramps and leads included", () => {
    let compared = 0;
    const kinds = new Set<string>();
    for (const seed of seeds) {
      const { catalog, startMs } = planScenario(seed, 24);
      for (const pool of catalog.pools) {
        for (const { kind } of pool.schedule.entries) kinds.add(kind);
        const leadMs = pool.leadMs === "auto" ? 75_000 : (pool.leadMs ?? 0);
        const compiled = compileSchedule(pool.schedule, {
          smoothing: poolSmoothing(pool, leadMs),
        });
        const endMs = startMs + 26 * hours;
        const calendar = readCalendar(
          pool.schedule,
          startMs - smoothnessReachMs,
          endMs + smoothnessReachMs,
        );
        const smooth = {
          leadMs,
          holdMs: pool.holdMs ?? 0,
          rampUp: pool.rampUp,
          rampDown: pool.rampDown,
        };
        for (let atMs = startMs; atMs < endMs; atMs += 11 * 60_000) {
          const where = { seed, pool: pool.name, at: new Date(atMs).toISOString() };
          const { hot, stopped } = evaluate(compiled, atMs);
          expect({ ...where, ...calendar.at(atMs) }).toEqual({ ...where, hot, stopped });
          const wanted = target(compiled, atMs);
          expect({ ...where, ...targetBy(calendar, smooth, atMs) }).toEqual({
            ...where,
            hot: wanted.hot,
            stopped: wanted.stopped,
          });
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(5_000);
    expect([...kinds].sort()).toEqual(["cron", "cronMask", "cronPair", "dated", "weekly"]);
  });
});
