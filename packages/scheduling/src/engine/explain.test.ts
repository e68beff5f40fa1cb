import { describe, expect, it } from "vitest";
import { compileSchedule, type Entry, explain, type Schedule } from "../index.ts";

const at = (iso: string): number => Date.parse(iso);
const entry = (name: string, start: string, end: string, rest: object = {}): Entry =>
  ({ kind: "weekly", name, start, end, capacity: { hot: 5 }, ...rest }) as Entry;
const of = (iso: string, entries: Entry[], rest: Partial<Schedule> = {}) =>
  explain(
    compileSchedule({
      timeZone: "Europe/Berlin",
      default: { hot: 0, stopped: 2 },
      entries,
      ...rest,
    }),
    at(iso),
  );

describe("explain", () => {
  it("tells the two passes of a repeated hour apart", () => {
    const night = [entry("night", "02:30", "04:00")];
    const first = of("2026-10-25T00:30:00Z", night);
    const second = of("2026-10-25T01:30:00Z", night);
    expect([first.local, second.local]).toEqual([
      "2026-10-25T02:30:00+02:00",
      "2026-10-25T02:30:00+01:00",
    ]);
    expect(first.text).not.toContain("second time");
    expect(first.text.split("\n").slice(0, 2)).toEqual([
      "sun 2026-10-25 02:30 +02:00 Europe/Berlin: 5 hot by night, 2 stopped by the default since sun 2026-10-25 02:30 +02:00 until sun 2026-10-25 04:00.",
      "The clock will be set back and show 02:30 again. Schedules go by this first time.",
    ]);
    expect(second.text.split("\n").slice(0, 2)).toEqual([
      "sun 2026-10-25 02:30 +01:00 Europe/Berlin: 5 hot by night, 2 stopped by the default since sun 2026-10-25 02:30 +02:00 until sun 2026-10-25 04:00.",
      "The clock was set back and shows 02:30 for the second time. Schedules went by the first time: for them it is 03:00 until the clock gets there again.",
    ]);
    expect(first.entries[0]).toEqual(second.entries[0]);
    expect(second.entries[0]).toEqual({
      name: "night",
      active: true,
      startMs: at("2026-10-25T00:30Z"),
      endMs: at("2026-10-25T03:00Z"),
      note: "in-overlap",
    });
  });

  it("says who overrode an entry", () => {
    const { entries, evaluation } = of("2026-03-30T10:00:00Z", [
      entry("office", "08:00", "18:00"),
      entry("freeze", "00:00", "24:00", { priority: 9, capacity: { hot: 0 } }),
      entry("spare", "08:00", "18:00", { capacity: { stopped: 7 } }),
    ]);
    expect(evaluation).toMatchObject({ hot: 0, stopped: 7 });
    expect(entries.map(({ name, lostTo }) => [name, lostTo])).toEqual([
      ["office", "freeze"],
      ["freeze", undefined],
      ["spare", undefined],
    ]);
  });

  it("notes windows that a clock change or an exception removed", () => {
    const gap = of("2026-03-29T10:00:00Z", [
      entry("gone", "02:00", "02:45"),
      entry("cut", "02:30", "18:00"),
    ]);
    expect(gap.entries).toEqual([
      {
        name: "gone",
        active: false,
        startMs: at("2026-03-30T00:00Z"),
        endMs: at("2026-03-30T00:45Z"),
        note: "in-gap",
      },
      {
        name: "cut",
        active: true,
        startMs: at("2026-03-29T01:00Z"),
        endMs: at("2026-03-29T16:00Z"),
        note: "in-gap",
      },
    ]);
    const holiday = of("2026-12-25T10:00:00Z", [entry("office", "08:00", "18:00")], {
      exceptions: [{ name: "xmas", dates: ["2026-12-25"] }],
    });
    expect(holiday.entries[0]).toMatchObject({
      active: false,
      note: "skipped",
      startMs: at("2026-12-26T07:00Z"),
    });
    expect(holiday.text).toContain("an exception drops today's window");
  });

  it("says what each entry asks for, and what the bounds of the schedule made of it", () => {
    const { text } = of(
      "2026-06-02T10:00:00Z",
      [
        entry("office", "08:00", "18:00", { capacity: { hot: 40 } }),
        entry("spare", "08:00", "18:00", { mode: "atLeast", capacity: { hot: 1, stopped: 1 } }),
        entry("quiet", "08:00", "18:00", { capacity: {} }),
      ],
      {
        min: { stopped: 3 },
        max: { hot: 12 },
        exceptions: [
          {
            name: "x",
            dates: ["2026-06-02"],
            entries: ["office", "spare"],
            action: { capacity: { hot: 50 } },
          },
        ],
      },
    );
    expect(text).toContain(
      ": 12 hot by office (50, cut to the maximum), 3 stopped by the default (2, raised to the minimum) since",
    );
    expect(text).toContain("- office (50 hot, by an exception) is open");
    expect(text).toContain("- spare (at least 50 hot, 1 stopped, by an exception) is open");
    const ordinary = of("2026-06-03T20:00:00Z", [
      entry("quiet", "08:00", "18:00", { capacity: {} }),
    ]);
    expect(ordinary.text).toContain("- quiet opens");
  });

  it("gives the capacity an exception gave", () => {
    const release = of(
      "2026-06-02T10:00:00Z",
      [entry("office", "08:00", "18:00", { capacity: { hot: 5, stopped: 3 } })],
      {
        exceptions: [
          {
            name: "release",
            dates: ["2026-06-01..2026-06-05"],
            entries: ["office"],
            action: { capacity: { hot: 40 } },
          },
        ],
      },
    );
    expect(release.evaluation).toMatchObject({ hot: 40, stopped: 3, active: ["office"] });
    expect(release.entries).toEqual([
      {
        name: "office",
        active: true,
        startMs: at("2026-06-02T06:00Z"),
        endMs: at("2026-06-02T16:00Z"),
      },
    ]);
  });

  it("joins the minutes of a mask to windows", () => {
    const mask: Entry = {
      kind: "cronMask",
      name: "mask",
      during: "* 8-9 * * *",
      capacity: { hot: 1 },
    };
    expect(of("2026-06-02T06:30:00Z", [mask]).entries[0]).toMatchObject({
      startMs: at("2026-06-02T06:00Z"),
      endMs: at("2026-06-02T08:00Z"),
    });
  });

  it("speaks of entries without windows, in zones east and west", () => {
    const { text, local } = of(
      "2026-06-01T12:00:00Z",
      [entry("old", "08:00", "18:00", { validUntil: "2020-01-01" })],
      { timeZone: "America/St_Johns" },
    );
    expect(local).toBe("2026-06-01T09:30:00-02:30");
    expect(text).toContain("old (5 hot) has no window within a year");
    expect(text).toContain("0 hot, 2 stopped by the default, with no change in sight");
  });
});
