import { describe, expect, it } from "vitest";
import {
  compileSchedule,
  type Entry,
  evaluate,
  intlZones,
  nextTransition,
  type Schedule,
  target,
  transitions,
} from "../index.ts";
import { compileWith } from "./compile.ts";

const schedule: Schedule = {
  timeZone: "Europe/Berlin",
  default: { hot: 0, stopped: 2 },
  entries: [
    {
      kind: "weekly",
      name: "office",
      days: ["mon", "tue", "wed", "thu", "fri"],
      start: "08:00",
      end: "18:00",
      capacity: { hot: 10, stopped: 20 },
    },
    {
      kind: "weekly",
      name: "peak",
      days: ["mon", "tue", "wed", "thu", "fri"],
      start: "10:00",
      end: "15:30",
      mode: "atLeast",
      capacity: { hot: 25 },
    },
  ],
};
const at = (iso: string): number => Date.parse(iso);
const monday = at("2026-03-30T09:00:00Z");

describe("compileSchedule", () => {
  it("gives equal schedules the same object, and other zones another", () => {
    const first = compileSchedule(schedule);
    expect(compileSchedule(structuredClone(schedule))).toBe(first);
    expect(compileSchedule(schedule, { smoothing: { leadMs: 1 } })).not.toBe(first);
    expect(compileSchedule(schedule, { zones: intlZones() })).not.toBe(first);
  });

  it("copies and freezes what it was given", () => {
    const input = structuredClone(schedule) as { default: { hot: number } } & Schedule;
    const compiled = compileSchedule(input);
    input.default.hot = 99;
    expect(compiled.schedule).toEqual(schedule);
    expect(Object.isFrozen(compiled.schedule.entries[0]?.capacity)).toBe(true);
  });

  it("throws when a zone is unknown, or the schedule was never parsed", () => {
    const broken =
      (entry: object): (() => unknown) =>
      () =>
        compileSchedule({ ...schedule, entries: [{ name: "x", capacity: {}, ...entry } as Entry] });
    expect(() => compileSchedule({ ...schedule, timeZone: "Mars/Olympus" })).toThrow(
      "Mars/Olympus",
    );
    expect(broken({ start: "08:00", end: "09:00", timeZone: "Mars/Olympus" })).toThrow(RangeError);
    for (const entry of [
      { start: "25:99", end: "10:00" },
      { start: "10:00", end: "10:00" },
      { cron: "x", forMinutes: 1 },
      { dates: ["soon"] },
      { start: "08:00", end: "09:00", days: ["funday"] },
    ]) {
      expect(broken(entry), JSON.stringify(entry)).toThrow("parseSchedule");
    }
    expect(() => compileSchedule(schedule, { smoothing: { leadMs: -1 } })).toThrow(RangeError);
    expect(() =>
      compileSchedule(schedule, { smoothing: { rampUp: { step: 0, everyMs: 1 } } }),
    ).toThrow(RangeError);
    expect(() =>
      compileSchedule(schedule, { smoothing: { rampUp: { step: 1, everyMs: 1e10 } } }),
    ).toThrow("smoothing of hot");
    const bad = [-1, Number.NaN, Infinity];
    for (const ms of bad) {
      expect(() => compileSchedule(schedule, { smoothing: { cordonBeforeMs: ms } })).toThrow(
        "cordonBeforeMs",
      );
      expect(() => compileSchedule(schedule, { smoothing: { drainDeadlineMs: ms } })).toThrow(
        "drainDeadlineMs",
      );
    }
  });

  it("refuses a ramp of a million steps, and takes one of ten thousand", () => {
    const day: Entry = {
      ...{ kind: "weekly", name: "day", start: "08:00", end: "18:00" },
      capacity: { hot: 10_000 },
    };
    const ramp = { step: 1, everyMs: 100 };
    const steep = (hot: number) =>
      compileSchedule(
        { default: { hot: 0, stopped: 0 }, entries: [{ ...day, capacity: { hot } }] },
        { smoothing: { rampUp: ramp, rampDown: ramp } },
      );
    expect(() => steep(1_000_000)).toThrow("rampUp");
    const compiled = steep(10_000);
    const opens = at("2026-03-30T08:00Z");
    const hotAt = (ms: number): number => target(compiled, ms).hot;
    expect([hotAt(opens), hotAt(opens - 1), hotAt(opens - 999_800)]).toEqual([10_000, 9_999, 2]);
    expect([hotAt(opens - 1_000_000), hotAt(opens + 10 * 3_600_000)]).toEqual([0, 9_999]);
  });
});

describe("evaluate", () => {
  const compiled = compileSchedule(schedule);

  it("answers with one frozen object for all instants between two changes", () => {
    const answer = evaluate(compiled, monday);
    expect(answer).toEqual({
      hot: 25,
      stopped: 20,
      entry: "peak",
      active: ["office", "peak"],
      sinceMs: at("2026-03-30T08:00Z"),
      untilMs: at("2026-03-30T13:30Z"),
    });
    expect(evaluate(compiled, monday + 60_000)).toBe(answer);
    expect(Object.isFrozen(answer) && Object.isFrozen(answer.active)).toBe(true);
  });

  it("takes anything that carries epoch milliseconds, and refuses what is no instant", () => {
    expect(evaluate(compiled, { epochMilliseconds: monday })).toBe(evaluate(compiled, monday));
    for (const bad of [Number.NaN, Infinity, -Infinity, 9e15]) {
      expect(() => evaluate(compiled, bad)).toThrow(RangeError);
      expect(() => nextTransition(compiled, bad)).toThrow(RangeError);
      expect(() => target(compiled, bad)).toThrow(RangeError);
      expect(() => [...transitions(compiled, monday, bad)]).toThrow(RangeError);
    }
  });

  it("names the entry that changed a field last, and no entry when none did", () => {
    expect(evaluate(compiled, at("2026-03-30T06:30Z")).entry).toBe("office");
    expect(evaluate(compiled, at("2026-03-29T12:00Z"))).not.toHaveProperty("entry");
    const same: Entry = {
      kind: "weekly",
      name: "same",
      start: "00:00",
      end: "24:00",
      capacity: { hot: 10 },
    };
    const shadow = compileSchedule({
      ...schedule,
      entries: [...schedule.entries.slice(0, 1), same],
    });
    expect(evaluate(shadow, at("2026-03-30T06:30Z"))).toMatchObject({
      entry: "office",
      active: ["office", "same"],
    });
  });

  it("clamps the fold to the bounds", () => {
    const bounded = compileSchedule({ ...schedule, min: { hot: 3 }, max: { hot: 12, stopped: 4 } });
    expect(evaluate(bounded, monday)).toMatchObject({ hot: 12, stopped: 4 });
    expect(evaluate(bounded, at("2026-03-29T12:00Z"))).toMatchObject({ hot: 3, stopped: 2 });
  });

  it("lets higher priority win, and the later entry at equal priority", () => {
    const entry = (name: string, hot: number, priority: number): Entry => ({
      kind: "weekly",
      name,
      start: "00:00",
      end: "24:00",
      capacity: { hot },
      priority,
    });
    const of = (...entries: Entry[]): number =>
      evaluate(compileSchedule({ default: { hot: 0, stopped: 0 }, entries }), monday).hot;
    expect(of(entry("a", 1, 5), entry("b", 2, 0))).toBe(1);
    expect(of(entry("a", 1, 0), entry("b", 2, 0))).toBe(2);
  });
});

describe("the horizon", () => {
  const once = (date: string, horizonDays?: number) =>
    compileSchedule(
      {
        default: { hot: 0, stopped: 0 },
        entries: [{ kind: "dated", name: "it", dates: [date], capacity: { hot: 1 } }],
      },
      horizonDays === undefined ? {} : { horizonDays },
    );
  const start = at("2026-01-01T00:00Z");

  it("is 400 days to the millisecond, for every question alike", () => {
    const compiled = once("2027-06-01");
    const change = at("2027-06-01T00:00Z");
    const edge = change - 400 * 86_400_000;
    expect(nextTransition(compiled, edge)?.atMs).toBe(change);
    expect(nextTransition(compiled, edge - 1)).toBeNull();
    expect(evaluate(compiled, edge).untilMs).toBe(change);
    expect(evaluate(compiled, edge - 1)).not.toHaveProperty("untilMs");
    expect(target(compiled, edge).untilMs).toBe(change);
    expect(target(compiled, edge - 1)).not.toHaveProperty("untilMs");
    const end = at("2027-06-02T00:00Z");
    expect(evaluate(compiled, end + 400 * 86_400_000).sinceMs).toBe(end);
    expect(evaluate(compiled, end + 400 * 86_400_000 + 1)).not.toHaveProperty("sinceMs");
  });

  it("can be set", () => {
    expect(nextTransition(once("2030-01-01"), start)).toBeNull();
    expect(nextTransition(once("2030-01-01", 2_000), start)?.atMs).toBe(at("2030-01-01T00:00Z"));
    expect(nextTransition(once("2026-01-20", 10), start)).toBeNull();
  });
});

describe("a change at the very start of a page", () => {
  // Pages of 2^26 ms begin on a whole minute once in four years.
  const pageMs = 67_108_864;
  const start = 14 * 1_875 * pageMs;
  const entry: Entry = {
    ...{ kind: "dated", name: "it", dates: ["2025-10-27"], start: "23:28", end: "23:40" },
    capacity: { hot: 1 },
  } as Entry;
  const schedule: Schedule = { default: { hot: 0, stopped: 0 }, entries: [entry] };
  const compiled = compileWith(schedule, { smoothing: { holdMs: 60_000 } }, pageMs);

  it("is seen from both sides", () => {
    expect(new Date(start).toISOString()).toBe("2025-10-27T23:28:00.000Z");
    expect([evaluate(compiled, start - 1).hot, evaluate(compiled, start).hot]).toEqual([0, 1]);
    expect(evaluate(compiled, start + 5).sinceMs).toBe(start);
    expect(evaluate(compiled, start - 5).untilMs).toBe(start);
    expect(evaluate(compiled, start - 5)).not.toHaveProperty("sinceMs");
    expect(nextTransition(compiled, start - 1)?.atMs).toBe(start);
    expect(nextTransition(compiled, start)?.atMs).toBe(start + 12 * 60_000);
    expect([...transitions(compiled, start - 1, start + 1)]).toHaveLength(1);
    expect([target(compiled, start - 1).hot, target(compiled, start).hot]).toEqual([0, 1]);
    expect(target(compiled, start - 1).untilMs).toBe(start);
  });

  it("is seen when the last value of the page before is its only one", () => {
    const ends = compileWith(
      { ...schedule, entries: [{ ...entry, start: "00:00", end: "23:28" } as Entry] },
      {},
      pageMs,
    );
    expect(evaluate(ends, start + 5).sinceMs).toBe(start);
    expect(evaluate(ends, start + pageMs + 5).sinceMs).toBe(start);
  });
});

describe("many entries", () => {
  it("stay exact beyond the width of an integer", () => {
    const entries = Array.from({ length: 1_000 }, (_, index): Entry => {
      const minute = index % 1_440;
      const start = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
      return {
        kind: "weekly",
        name: `e${index}`,
        start,
        end: "24:00",
        mode: "atLeast",
        capacity: { hot: index + 1 },
      };
    });
    const compiled = compileSchedule({ timeZone: "UTC", default: { hot: 0, stopped: 0 }, entries });
    const midnight = at("2026-05-05T00:00Z");
    for (const minute of [0, 1, 499, 998, 999, 1_439]) {
      const { hot, active } = evaluate(compiled, midnight + minute * 60_000);
      expect([hot, active.length]).toEqual([
        Math.min(1_000, minute + 1),
        Math.min(1_000, minute + 1),
      ]);
    }
    expect([...transitions(compiled, midnight - 1, midnight + 86_400_000)]).toHaveLength(1_000);
  });
});

describe("an entry that an exception splits", () => {
  it("is the cause of no transition while it stays active", () => {
    const compiled = compileSchedule({
      timeZone: "UTC",
      default: { hot: 0, stopped: 0 },
      exceptions: [
        { name: "same", dates: ["2026-03-29"], entries: "*", action: { capacity: { stopped: 0 } } },
      ],
      entries: [
        {
          kind: "weekly",
          name: "always",
          validFrom: "2026-03-29",
          start: "00:00",
          end: "24:00",
          capacity: { hot: 1 },
        },
        {
          kind: "dated",
          name: "window",
          dates: ["2026-03-30"],
          start: "05:20",
          end: "06:04",
          capacity: { hot: 2 },
        },
      ],
    });
    expect(nextTransition(compiled, at("2026-03-29T01:00Z"))?.causes).toEqual(["window"]);
  });
});
