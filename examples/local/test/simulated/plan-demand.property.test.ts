import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DemandPattern, demandPatterns } from "../../src/simulated/demand-patterns.ts";
import { localTime } from "../../src/simulated/local-time.ts";
import { planDemand } from "../../src/simulated/plan-demand.ts";

const minutes = 60_000;
const hours = 60 * minutes;
const days = 24 * hours;

const startMs = fc
  .integer({ min: 0, max: 3 * 365 * 24 * 60 })
  .map((minute) => Date.UTC(2026, 0, 1) + minute * minutes);
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const plan = (fromMs: number, untilMs: number, seedOfPlan: number, patterns = demandPatterns) =>
  planDemand({ patterns, fromMs, untilMs, seed: seedOfPlan });

describe("planned demand", () => {
  it("is the same for the same seed, and another for another", () => {
    fc.assert(
      fc.property(startMs, seed, (fromMs, one) => {
        const jobs = plan(fromMs, fromMs + days, one);
        expect(plan(fromMs, fromMs + days, one)).toEqual(jobs);
        expect(plan(fromMs, fromMs + days, (one + 1) % 2 ** 32)).not.toEqual(jobs);
      }),
      { numRuns: 10 },
    );
  });

  it("does not depend on where a span is cut", () => {
    fc.assert(
      fc.property(startMs, seed, fc.integer({ min: 0, max: 12 * hours }), (fromMs, one, cutMs) => {
        const untilMs = fromMs + 12 * hours;
        const parts = [...plan(fromMs, fromMs + cutMs, one), ...plan(fromMs + cutMs, untilMs, one)];
        expect(parts).toEqual(plan(fromMs, untilMs, one));
      }),
      { numRuns: 15 },
    );
  });

  it("comes in order, within its span, for jobs that can be", () => {
    fc.assert(
      fc.property(startMs, seed, (fromMs, one) => {
        let lastMs = fromMs;
        for (const { atMs, durationMs, repository } of plan(fromMs, fromMs + days, one)) {
          expect(atMs).toBeGreaterThanOrEqual(lastMs);
          expect(atMs).toBeLessThan(fromMs + days);
          expect(durationMs).toBeGreaterThanOrEqual(20_000);
          expect(durationMs).toBeLessThanOrEqual(90 * minutes);
          expect(repository).toMatch(/^acme\//);
          lastMs = atMs;
        }
      }),
      { numRuns: 10 },
    );
  });

  it.each(demandPatterns.map((pattern) => [pattern.name, pattern] as const))(
    "of %s keeps its hours and its holidays",
    (_, pattern) => {
      fc.assert(
        fc.property(startMs, seed, (fromMs, one) => {
          for (const { atMs } of plan(fromMs, fromMs + 2 * days, one, [pattern])) {
            const { day, date, time } = localTime(pattern.timeZone, atMs);
            const open = pattern.week.some(
              ({ days: of, from, to }) => of.includes(day) && from <= time && time < to,
            );
            expect([date, time, open]).toEqual([date, time, true]);
            expect(pattern.holidays).not.toContain(date);
          }
        }),
        { numRuns: 15 },
      );
    },
  );

  it("makes about as many runs as its pattern says", () => {
    const pattern: DemandPattern = {
      name: "even",
      repositories: ["acme/app"],
      labels: ["runs-fleet"],
      timeZone: "UTC",
      week: [{ days: ["mon"], from: "06:00", to: "16:00", runsPerHour: 30 }],
      holidays: [],
      mostJobs: 1,
      medianMs: minutes,
    };
    const mondayMs = Date.UTC(2026, 10, 23);
    fc.assert(
      fc.property(seed, (one) => {
        // 300 on average; six times its deviation to either side.
        const { length } = plan(mondayMs, mondayMs + days, one, [pattern]);
        expect(Math.abs(length - 300)).toBeLessThan(6 * Math.sqrt(300));
      }),
      { numRuns: 50 },
    );
  });

  it("builds once in the night in which an hour is repeated, and in the one in which it is missing", () => {
    const nightly = demandPatterns.filter(({ name }) => name === "nightly");
    const instants = (fromMs: number) =>
      Array.from({ length: 200 }, (_, one) => plan(fromMs, fromMs + 12 * hours, one, nightly))
        .flat()
        .map(({ atMs }) => atMs - fromMs);
    // 02:30 to 03:20 in Berlin. The first 02:30 is at 00:30 UTC, and the second hour of that name brings nothing.
    const autumn = instants(Date.UTC(2026, 9, 25));
    expect(Math.min(...autumn)).toBeGreaterThanOrEqual(0.5 * hours);
    expect(autumn.filter((at) => at >= hours && at < 2 * hours)).toEqual([]);
    expect(Math.max(...autumn)).toBeLessThan(2 * hours + 20 * minutes);
    // The clock goes from 02:00 to 03:00 at 01:00 UTC.
    const spring = instants(Date.UTC(2026, 2, 29));
    expect(Math.min(...spring)).toBeGreaterThanOrEqual(hours);
    expect(Math.max(...spring)).toBeLessThan(hours + 20 * minutes);
  });
});
