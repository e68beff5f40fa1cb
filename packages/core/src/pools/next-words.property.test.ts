import { compileSchedule, evaluate, type Schedule, target } from "@runs-fleet/scheduling";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { poolWords } from "./next-words.ts";
import { noCounts } from "./pool-counts.ts";

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/Los_Angeles",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
];
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const time = fc
  .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.constantFrom(0, 1, 30, 59) })
  .map(({ hour, minute }) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
const count = fc.integer({ min: 0, max: 40 });
const capacity = fc.record({ hot: count, stopped: count });

const schedules: fc.Arbitrary<Schedule> = fc.record({
  timeZone: fc.constantFrom(...zones),
  default: capacity,
  entries: fc
    .array(
      fc.record({
        kind: fc.constant("weekly" as const),
        days: fc.uniqueArray(fc.constantFrom(...days), { minLength: 1 }),
        start: time,
        end: time,
        capacity,
        mode: fc.constantFrom("set" as const, "atLeast" as const, "atMost" as const),
      }),
      { maxLength: 4 },
    )
    .map((entries) =>
      entries
        .filter(({ start, end }) => start !== end)
        .map((entry, index) => ({ ...entry, name: `entry-${index}` })),
    ),
  exceptions: fc.array(
    fc.record({
      name: fc.constantFrom("one", "two"),
      dates: fc.constantFrom(
        ["2026-10-24..2026-10-26"],
        ["2026-03-29"],
        ["2026-11-24", "2026-11-26"],
      ),
      action: fc.constantFrom("skip" as const, { as: "sun" as const }, { capacity: { hot: 3 } }),
    }),
    { maxLength: 2 },
  ),
});
const step = {
  step: fc.integer({ min: 1, max: 9 }),
  everyMs: fc.constantFrom(60_000, 90_000, 300_000),
};
const smoothings = fc.record(
  {
    leadMs: fc.constantFrom(0, 90_000, 1_800_000),
    holdMs: fc.constantFrom(0, 600_000),
    rampUp: fc.record(step),
    rampDown: fc.record(step),
  },
  { requiredKeys: [] },
);
const moments = fc.oneof(
  // Around changes of clocks, where mistakes are.
  fc
    .constantFrom("2026-10-25T01:00:00Z", "2026-03-29T01:00:00Z", "2026-11-01T09:00:00Z")
    .chain((at) =>
      fc.integer({ min: -86_400_000, max: 86_400_000 }).map((by) => Date.parse(at) + by),
    ),
  fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2027-01-01") }),
);

describe("the words of any pool", () => {
  it("are whole sentences that agree with the schedule", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(schedules, smoothings, moments, count, (schedule, smoothing, nowMs, ready) => {
        const compiled = compileSchedule(schedule, { smoothing });
        const counts = { ...noCounts, ready: { hot: ready, stopped: 1 } };
        const { now, next } = poolWords({ schedule: compiled, nowMs, counts });
        for (const words of [now, next]) {
          expect(words).toMatch(/^[A-Z0-9].*\.$/);
          expect(words).not.toMatch(/undefined|NaN|Infinity|\.\.| {2}/);
        }
        const wanted = target(compiled, nowMs);
        if (ready < wanted.hot) expect(now).toContain(`${ready} ready of ${wanted.hot} wanted`);
        if (ready === wanted.hot) expect(now).toContain(`${ready} ready as wanted`);
        const { untilMs } = evaluate(compiled, nowMs);
        if (untilMs === undefined) expect(next).toContain("o change in sight");
        else if (wanted.reason === "nominal") expect(next).toMatch(/ (rises|falls) to \d/);
      }),
      { numRuns: 300 },
    );
  });

  it("depend on the moment alone, not on what was asked before", () => {
    fc.assert(
      fc.property(
        schedules,
        fc.array(moments, { minLength: 2, maxLength: 5 }),
        (schedule, asked) => {
          const shared = compileSchedule(schedule);
          for (const nowMs of asked) {
            const alone = compileSchedule({ ...schedule, min: { hot: 0 } });
            expect(poolWords({ schedule: shared, nowMs })).toEqual(
              poolWords({ schedule: alone, nowMs }),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
