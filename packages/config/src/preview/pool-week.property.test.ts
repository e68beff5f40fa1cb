import {
  compileSchedule,
  evaluate,
  forecast,
  type Schedule,
  transitions,
} from "@runs-fleet/scheduling";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anySchedule, firstDays, poolOf } from "../../test/schedules.ts";
import { dayOfDate } from "../report/clock.ts";
import { poolWeek } from "./pool-week.ts";
import { zoneData } from "./zone-data.ts";

const hourMs = 3_600_000;

const anyWeek = fc.record({
  schedule: anySchedule,
  date: fc.constantFrom(...firstDays),
  days: fc.integer({ min: 1, max: 9 }),
});

const weekOf = ({ schedule, date, days }: { schedule: Schedule; date: string; days: number }) =>
  poolWeek(poolOf("linux", schedule), dayOfDate(date) ?? 0, days);

describe("the week of a pool", () => {
  it("has the machine-hours that its transitions make, and that a forecast would bill", () => {
    fc.assert(
      fc.property(anyWeek, (asked) => {
        const week = weekOf(asked);
        const [fromMs, toMs] = [week.days[0]?.fromMs ?? 0, week.days.at(-1)?.toMs ?? 0];
        const compiled = compileSchedule(asked.schedule, { zones: zoneData() });
        let [atMs, hot, stopped] = [fromMs, 0, 0];
        let now: { readonly hot: number; readonly stopped: number } = evaluate(compiled, fromMs);
        const until = (endMs: number): void => {
          hot += now.hot * (endMs - atMs);
          stopped += now.stopped * (endMs - atMs);
          atMs = endMs;
        };
        for (const transition of transitions(compiled, fromMs, toMs)) {
          until(transition.atMs);
          now = transition.after;
        }
        until(toMs);
        expect(week.hours).toEqual({ hot: hot / hourMs, stopped: stopped / hourMs });
        const billed = forecast(compiled, fromMs, toMs, {
          hotUsdPerHour: 1,
          stoppedUsdPerHour: 0,
        });
        expect(week.hours.hot).toBeCloseTo(billed.totalUsd, 6);
      }),
    );
  });

  it("is whole days without gaps, each named by its date, and every stretch is what the schedule says", () => {
    fc.assert(
      fc.property(anyWeek, (asked) => {
        const { days, stretches, peak } = weekOf(asked);
        expect(days).toHaveLength(asked.days);
        expect(days[0]?.date).toBe(asked.date);
        days.slice(1).forEach((day, index) => {
          expect(day.fromMs).toBe(days[index]?.toMs);
          expect(day.date > (days[index]?.date ?? "")).toBe(true);
        });
        expect(stretches[0]?.fromMs).toBe(days[0]?.fromMs);
        expect(stretches.at(-1)?.toMs).toBe(days.at(-1)?.toMs);
        const compiled = compileSchedule(asked.schedule, { zones: zoneData() });
        stretches.forEach(({ fromMs, toMs, hot, stopped }, index) => {
          expect(toMs).toBeGreaterThan(fromMs);
          expect(fromMs).toBe(stretches[index - 1]?.toMs ?? fromMs);
          for (const atMs of [fromMs, toMs - 1])
            expect(evaluate(compiled, atMs)).toMatchObject({ hot, stopped });
        });
        expect(peak.hot).toBe(Math.max(...stretches.map(({ hot }) => hot)));
        expect(peak.total).toBe(Math.max(...stretches.map(({ hot, stopped }) => hot + stopped)));
      }),
    );
  });

  it("has days of 23 and 25 hours where the clock changes, and says so", () => {
    const schedule: Schedule = {
      timeZone: "Europe/Berlin",
      default: { hot: 1, stopped: 0 },
      entries: [],
    };
    const lengths = (date: string) =>
      weekOf({ schedule, date, days: 3 }).days.map(({ fromMs, toMs, clockChanges }) => [
        (toMs - fromMs) / hourMs,
        clockChanges.map(({ byMs }) => byMs),
      ]);
    expect(lengths("2026-03-28")).toEqual([
      [24, []],
      [23, [hourMs]],
      [24, []],
    ]);
    expect(lengths("2026-10-24")).toEqual([
      [24, []],
      [25, [-hourMs]],
      [24, []],
    ]);
    expect(weekOf({ schedule, date: "2026-10-25", days: 1 }).hours).toEqual({
      hot: 25,
      stopped: 0,
    });
  });

  it("leaves out a day that a zone left out", () => {
    const schedule: Schedule = {
      timeZone: "Pacific/Apia",
      default: { hot: 1, stopped: 0 },
      entries: [],
    };
    const { days } = weekOf({ schedule, date: "2011-12-29", days: 2 });
    expect(days.map(({ date }) => date)).toEqual(["2011-12-29", "2011-12-31"]);
  });

  it("marks the days on which exceptions say something, and those of entries for dates", () => {
    const schedule: Schedule = {
      default: { hot: 1, stopped: 0 },
      entries: [
        { kind: "weekly", name: "day", start: "08:00", end: "18:00", capacity: { hot: 5 } },
        { kind: "dated", name: "rush", dates: ["2026-12-23"], capacity: { hot: 9, stopped: 3 } },
        { kind: "dated", name: "off", dates: ["2026-12-23"], capacity: {}, enabled: false },
      ],
      exceptions: [
        { name: "de 1", dates: ["2026-12-24..2026-12-25"], entries: ["day"] },
        { name: "sales", dates: ["2026-12-25"], action: { as: "sun" } },
        { name: "end", dates: ["2026-12-26"], action: { capacity: { stopped: 1_200 } } },
      ],
    };
    const { days } = weekOf({ schedule, date: "2026-12-22", days: 5 });
    expect(days.map(({ marks }) => marks.map(({ name, words }) => `${name} ${words}`))).toEqual([
      [],
      ["rush wants 9 hot and 3 stopped"],
      ["de 1 skips day"],
      ["de 1 skips day", "sales has all windows as on Sunday"],
      ["end has all windows with 1,200 stopped"],
    ]);
  });
});
