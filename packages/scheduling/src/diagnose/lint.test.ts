import { describe, expect, it } from "vitest";
import { type Entry, lintSchedule, type Schedule, tableZones } from "../index.ts";
import { tzdata } from "../tzdata/index.ts";

const zones = tableZones(tzdata);
const at = Date.parse("2026-01-10T00:00:00Z");
const weekly = (name: string, start: string, end: string, rest: object = {}): Entry =>
  ({ kind: "weekly", name, start, end, capacity: { hot: 5 }, ...rest }) as Entry;
const lint = (entries: Entry[], rest: Partial<Schedule> = {}): string[] =>
  lintSchedule(
    { timeZone: "Europe/Berlin", default: { hot: 0, stopped: 0 }, entries, ...rest },
    at,
    { zones },
  ).map(({ path, code }) => `${path.join(".")} ${code}`);

describe("lintSchedule", () => {
  it("has nothing to say about a plain schedule", () => {
    expect(
      lint([
        weekly("office", "08:00", "18:00"),
        weekly("peak", "10:00", "15:00", { mode: "atLeast", capacity: { hot: 9 } }),
      ]),
    ).toEqual([]);
  });

  it("finds overlaps that only the order decides", () => {
    const a = weekly("a", "08:00", "18:00");
    expect(lint([a, weekly("b", "12:00", "20:00", { capacity: { hot: 7 } })])).toEqual([
      "entries.1 ambiguous-overlap",
    ]);
    expect(lint([a, weekly("b", "12:00", "20:00")])).toEqual([]);
    expect(lint([a, weekly("b", "12:00", "20:00", { capacity: { stopped: 7 } })])).toEqual([]);
    expect(lint([a, weekly("b", "12:00", "20:00", { capacity: { hot: 7 }, priority: 1 })])).toEqual(
      [],
    );
    expect(lint([a, weekly("b", "18:00", "20:00", { capacity: { hot: 7 } })])).toEqual([]);
  });

  it("finds entries that never happen or never matter", () => {
    expect(lint([weekly("old", "08:00", "18:00", { validUntil: "2025-12-31" })])).toEqual([
      "entries.0 never-occurs-this-year",
    ]);
    expect(
      lint([weekly("under", "08:00", "18:00"), weekly("over", "07:00", "19:00", { priority: 1 })]),
    ).toEqual(["entries.0 unreachable"]);
    expect(
      lint([weekly("low", "08:00", "18:00", { mode: "atLeast", capacity: { hot: 0 } })]),
    ).toEqual(["entries.0 unreachable"]);
    expect(
      lint([weekly("off", "08:00", "18:00", { validUntil: "2025-12-31", enabled: false })]),
    ).toEqual([]);
  });

  it("sees every day of an ordinary week, from whichever day on it looks", () => {
    const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
    const entries = days.map((day) => weekly(day, "09:00", "10:00", { days: [day] }));
    for (let day = 0; day < 14; day++) {
      const found = lintSchedule(
        { default: { hot: 0, stopped: 0 }, entries },
        at + day * 86_400_000,
        { zones },
      );
      expect(found).toEqual([]);
    }
  });

  it("waits for a week without exceptions before it says that an entry never matters", () => {
    const entries = [weekly("office", "09:00", "10:00", { days: ["wed"] })];
    const skipped = ["2026-01-14", "2026-01-21", "2026-01-28", "2026-02-04", "2026-02-11"];
    for (const dates of skipped.map((_, index) => skipped.slice(0, index + 1))) {
      expect(lint(entries, { timeZone: "UTC", exceptions: [{ name: "away", dates }] })).toEqual([]);
    }
  });

  it("finds bounds in skipped time, only in zones that skip any", () => {
    expect(lint([weekly("night", "02:30", "05:00")])).toEqual(["entries.0 in-dst-gap"]);
    expect(lint([weekly("night", "22:00", "02:15")])).toEqual(["entries.0 in-dst-gap"]);
    expect(lint([weekly("night", "03:00", "05:00"), weekly("late", "22:00", "02:00")])).toEqual([]);
    expect(lint([weekly("night", "02:30", "05:00")], { timeZone: "Asia/Tokyo" })).toEqual([]);
  });

  it("knows where cron implementations disagree", () => {
    const cron = (text: string): Entry => ({
      kind: "cron",
      name: "c",
      cron: text,
      forMinutes: 60,
      capacity: { hot: 1 },
    });
    expect(lint([cron("0 8 */2 * 1")])).toEqual(["entries.0 cron-day-rule"]);
    expect(lint([cron("0 8 1 * 1")])).toEqual([]);
    expect(lint([cron("0 8 */2 * *")])).toEqual([]);
  });

  it("warns of abbreviations, useless exceptions and old zone data", () => {
    expect(lint([], { timeZone: "EST" })).toEqual([" abbreviated-time-zone"]);
    expect(
      lint([], { exceptions: [{ name: "x", dates: ["2026-05-05"], action: { as: "sun" } }] }),
    ).toEqual([" as-without-effect"]);
    const schedule: Schedule = { default: { hot: 0, stopped: 0 }, entries: [] };
    const old = lintSchedule(schedule, Date.parse("2030-01-01T00:00Z"), { zones });
    expect(old.map(({ code }) => code)).toEqual(["stale-tz"]);
  });
});
