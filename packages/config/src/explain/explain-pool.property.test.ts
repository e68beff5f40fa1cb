import {
  compileSchedule,
  evaluate,
  type Schedule,
  target,
  transitions,
} from "@runs-fleet/scheduling";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyRange, anySchedule, poolOf } from "../../test/schedules.ts";
import { zoneData } from "../preview/zone-data.ts";
import { explainPool } from "./explain-pool.ts";

const yearMs = 366 * 86_400_000;

describe("what explains a pool", () => {
  it("is what the engine says: its numbers, its entries that are open, its next changes", () => {
    fc.assert(
      fc.property(anySchedule, anyRange, (schedule, { toMs: atMs }) => {
        const compiled = compileSchedule(schedule, { zones: zoneData() });
        const told = explainPool(poolOf("linux", schedule), atMs);
        const { hot, stopped, active, entry } = evaluate(compiled, atMs);
        expect(told.nominal).toEqual({ hot, stopped });
        expect(told.entry).toBe(entry);
        const open = told.entries.filter((one) => one.active).map(({ name }) => name);
        expect([...open].sort()).toEqual([...active].sort());
        const next = [];
        for (const transition of transitions(compiled, atMs, atMs + yearMs)) {
          if (next.push(transition) === 5) break;
        }
        expect(told.next).toEqual(next);
        expect(told.target).toMatchObject({ hot, stopped, reason: "nominal" });
      }),
      { numRuns: 60 },
    );
  });

  it("names an exception as what closed an entry if and only if it would be open without any", () => {
    fc.assert(
      fc.property(anySchedule, anyRange, (schedule, { toMs: atMs }) => {
        const without = compileSchedule({ ...schedule, exceptions: [] }, { zones: zoneData() });
        const free = evaluate(without, atMs).active;
        for (const entry of explainPool(poolOf("linux", schedule), atMs).entries) {
          const isClosed = free.includes(entry.name) && !entry.active;
          expect(entry.closedBy).toBe(isClosed ? "holidays" : undefined);
        }
      }),
      { numRuns: 60 },
    );
  });

  const nights: Schedule = {
    timeZone: "Europe/Berlin",
    default: { hot: 1, stopped: 0 },
    entries: [
      { kind: "weekly", name: "night", start: "22:00", end: "06:00", capacity: { hot: 5 } },
      { kind: "weekly", name: "all", start: "00:00", end: "24:00", capacity: { hot: 3 } },
    ],
    exceptions: [
      { name: "first", dates: ["2026-12-24"], entries: ["night"] },
      { name: "second", dates: ["2026-12-24..2026-12-26"] },
    ],
  };

  it("tells which exception closed a window after midnight: the last one of the day on which it would have begun", () => {
    const at = (text: string) => explainPool(poolOf("linux", nights), Date.parse(text));
    const [night] = at("2026-12-25T02:00+01:00").entries;
    expect(night).toMatchObject({ active: false, closedBy: "second" });
    expect(night?.exceptions.map(({ name, date }) => `${name} ${date}`)).toEqual([
      "first 2026-12-24",
      "second 2026-12-24",
    ]);
    // It began before the holidays did.
    expect(at("2026-12-24T02:00+01:00").entries[0]).toMatchObject({ active: true, exceptions: [] });
  });

  it("tells to which entry another one lost", () => {
    const { entries } = explainPool(poolOf("linux", nights), Date.parse("2026-12-01T23:00+01:00"));
    expect(entries.map(({ name, active, lostTo }) => [name, active, lostTo])).toEqual([
      ["night", true, "all"],
      ["all", true, undefined],
    ]);
  });

  it("applies a lead that is known, and leaves out one that has to be learnt", () => {
    const day: Schedule = {
      default: { hot: 0, stopped: 0 },
      entries: [
        { kind: "weekly", name: "day", start: "08:00", end: "18:00", capacity: { hot: 4 } },
      ],
    };
    const atMs = Date.parse("2026-12-24T07:57Z");
    const pool = poolOf("linux", day);
    const fixed = explainPool({ ...pool, leadMs: 300_000 }, atMs);
    expect(fixed.target).toMatchObject({ hot: 4, reason: "lead" });
    expect(fixed.smoothing).toEqual({ leadMs: 300_000 });
    const learnt = explainPool({ ...pool, leadMs: "auto" }, atMs);
    expect(learnt.target).toMatchObject({ hot: 0, reason: "nominal" });
    expect(learnt.smoothing).toEqual({ leadMs: "auto" });
    const compiled = compileSchedule(day, { zones: zoneData(), smoothing: { leadMs: 300_000 } });
    expect(fixed.target).toEqual(target(compiled, atMs));
  });
});
