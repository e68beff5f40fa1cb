import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zoneClock } from "./zone-clock.ts";

const berlin = zoneClock("Europe/Berlin");
const at = (text: string): number => Date.parse(text);

describe("a pool's wall clock", () => {
  it("agrees with the platform's own, in every zone and season", () => {
    const zones = [
      "UTC",
      "Europe/Berlin",
      "Asia/Kolkata",
      "Australia/Lord_Howe",
      "America/St_Johns",
    ];
    const instants = fc.integer({ min: at("2020-01-01"), max: at("2030-01-01") });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (timeZone, atMs) => {
        const shown = new Intl.DateTimeFormat("sv-SE", {
          timeZone,
          dateStyle: "short",
          timeStyle: "short",
        }).format(atMs);
        expect(zoneClock(timeZone).moment(atMs)).toBe(shown);
      }),
    );
  });

  it("names days as people do", () => {
    const nowMs = at("2026-11-24T23:30:00+01:00");
    expect(berlin.words(at("2026-11-24T23:45:00+01:00"), nowMs)).toBe("at 23:45");
    expect(berlin.words(at("2026-11-25T00:15:00+01:00"), nowMs)).toBe("tomorrow at 00:15");
    expect(berlin.words(at("2026-11-30T08:00:00+01:00"), nowMs)).toBe("on Monday at 08:00");
    expect(berlin.words(at("2026-12-01T08:00:00+01:00"), nowMs)).toBe("on 2026-12-01 at 08:00");
    expect(berlin.dayWords(berlin.day(at("2026-11-23T12:00:00Z")), nowMs)).toBe("on 2026-11-23");
  });

  it("knows how long its days are", () => {
    const end = (text: string): string => new Date(berlin.dayEndMs(at(text))).toISOString();
    expect(end("2026-10-25T00:00:00+02:00")).toBe("2026-10-25T23:00:00.000Z");
    expect(end("2026-03-29T12:00:00+02:00")).toBe("2026-03-29T22:00:00.000Z");
  });

  it("knows when it is put forward and back", () => {
    const year = berlin.changes(at("2026-01-01"), at("2027-01-01"));
    expect(year).toEqual([
      { atMs: at("2026-03-29T01:00:00Z"), byMs: 3_600_000 },
      { atMs: at("2026-10-25T01:00:00Z"), byMs: -3_600_000 },
    ]);
    expect(berlin.changes(at("2026-03-29T01:00:00Z"), at("2026-03-29T01:00:01Z"))).toHaveLength(1);
    expect(zoneClock("UTC").changes(0, at("2027-01-01"))).toEqual([]);
  });

  it("refuses a zone that does not exist", () => {
    expect(() => zoneClock("Mars/Olympus").time(0)).toThrow(RangeError);
  });
});
