import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { localTime, offsetWords } from "./local-time.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Minutes around changes of clocks: half an hour, an hour, over midnight, a whole day. */
const around = fc
  .constantFrom(
    ["Europe/Berlin", "2026-03-29T01:00Z"],
    ["Europe/Berlin", "2026-10-25T01:00Z"],
    ["Australia/Lord_Howe", "2026-04-04T15:00Z"],
    ["Australia/Lord_Howe", "2026-10-03T15:30Z"],
    ["America/New_York", "2026-11-01T06:00Z"],
    ["America/Sao_Paulo", "2018-11-04T03:00Z"],
    ["America/Sao_Paulo", "2019-02-17T02:00Z"],
    ["Pacific/Apia", "2011-12-30T10:00Z"],
    ["Asia/Kolkata", "2026-06-01T00:00Z"],
  )
  .chain(([timeZone = "", change = ""]) =>
    // The very ends of what is skipped or comes twice would be hit too rarely.
    fc
      .oneof(fc.integer({ min: -600, max: 600 }), fc.constantFrom(-60, -30, 0, 30, 60))
      .map((minutes) => {
        const atMs = Date.parse(change) + minutes * minuteMs;
        return { timeZone, atMs };
      }),
  );

describe("local time", () => {
  it("finds the instants at which a clock shows a time, all of them and no others", () => {
    fc.assert(
      fc.property(around, ({ timeZone, atMs }) => {
        const local = localTime(timeZone);
        const localMs = atMs + local.offsetMs(atMs);
        const found = local.instantsOf(localMs);
        expect(found).toContain(atMs);
        for (const instant of found) expect(instant + local.offsetMs(instant)).toBe(localMs);
        expect([...found].sort((one, other) => one - other)).toEqual(found);
      }),
    );
  });

  it("finds the first minute at which a clock shows a time or a later one, as minute after minute does", () => {
    fc.assert(
      fc.property(around, fc.integer({ min: -180, max: 180 }), ({ timeZone, atMs }, minutes) => {
        const local = localTime(timeZone);
        const wantedMs = atMs + local.offsetMs(atMs) + minutes * minuteMs;
        let first = wantedMs - 2 * dayMs;
        while (first + local.offsetMs(first) < wantedMs) first += minuteMs;
        expect(local.firstAt(wantedMs)).toBe(first);
      }),
      { numRuns: 60 },
    );
  });

  it("knows the changes of a clock", () => {
    const berlin = localTime("Europe/Berlin");
    const [from, to] = [Date.parse("2026-01-01T00:00Z"), Date.parse("2027-01-01T00:00Z")];
    expect(berlin.changes(from, to)).toEqual([
      { atMs: Date.parse("2026-03-29T01:00Z"), byMs: 3_600_000 },
      { atMs: Date.parse("2026-10-25T01:00Z"), byMs: -3_600_000 },
    ]);
    expect(localTime("Asia/Kolkata").changes(from, to)).toEqual([]);
    expect(() => localTime("Europe/Nowhere").offsetMs(from)).toThrow(RangeError);
  });

  it("writes offsets as people do", () => {
    expect([0, 3_600_000, 20_700_000, -9_000_000].map(offsetWords)).toEqual([
      "+00:00",
      "+01:00",
      "+05:45",
      "-02:30",
    ]);
  });
});
