import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentWords, readMoment } from "./moment.ts";

const utc = (text: string): number => Date.parse(text);

describe("a moment", () => {
  it.each([
    ["2026-12-24T09:00", "2026-12-24T08:00Z"],
    ["2026-12-24 09:00", "2026-12-24T08:00Z"],
    ["2026-12-24T09:00:30", "2026-12-24T08:00:30Z"],
    ["2026-12-24T09:00:30.250", "2026-12-24T08:00:30Z"],
    ["2026-12-24", "2026-12-23T23:00Z"],
    ["2026-12-24T24:00", "2026-12-24T23:00Z"],
    ["2026-12-24T09:00Z", "2026-12-24T09:00Z"],
    ["2026-12-24T09:00+05:30", "2026-12-24T03:30Z"],
    ["2026-12-24T09:00-08:00", "2026-12-24T17:00Z"],
    ["2028-02-29T12:00", "2028-02-29T11:00Z"],
  ])("%s in Berlin is %s", (text, instant) => {
    expect(readMoment(text, "Europe/Berlin")).toEqual({ atMs: utc(instant) });
  });

  it("that the clock skips is the moment of the change, and is told", () => {
    const change = { atMs: utc("2026-03-29T01:00Z"), note: "skipped" };
    expect(readMoment("2026-03-29T02:00", "Europe/Berlin")).toEqual(change);
    expect(readMoment("2026-03-29T02:59", "Europe/Berlin")).toEqual(change);
    expect(readMoment("2026-03-29T03:00", "Europe/Berlin")).toEqual({ atMs: change.atMs });
    expect(readMoment("2026-03-29T02:30Z", "Europe/Berlin")?.note).toBeUndefined();
  });

  it("that the clock shows twice is the first one, and is told", () => {
    const first = { atMs: utc("2026-10-25T00:30Z"), note: "repeated" };
    expect(readMoment("2026-10-25T02:30", "Europe/Berlin")).toEqual(first);
    expect(readMoment("2026-10-25T02:30+01:00", "Europe/Berlin")).toEqual({
      atMs: utc("2026-10-25T01:30Z"),
    });
    const words = momentWords("Europe/Berlin");
    expect(words(first.atMs)).toBe("Sun 2026-10-25 02:30 +02:00");
    expect(words(utc("2026-10-25T01:30Z"))).toBe("Sun 2026-10-25 02:30 +01:00");
    expect(words(utc("2026-10-25T02:30Z"))).toBe("Sun 2026-10-25 03:30");
  });

  it.each([
    "",
    "now",
    "24.12.2026",
    "2026-02-29",
    "2026-13-01",
    "2026-12-24T24:01",
    "2026-12-24T09:60",
    "2026-12-24T9:00",
    "2026-12-24T09:00+15:00",
    "2026-12-24T09:00+01:60",
    "2026-12-24T09:00CET",
    "1999-12-31",
    "2100-01-01",
    "2026-12-24T09:00\n",
  ])("is not %j", (text) => {
    expect(readMoment(text, "Europe/Berlin")).toBeUndefined();
  });

  it("of any text is one of our time, or none; reading never throws", () => {
    const digits = fc.stringMatching(
      /^2[0-9]{3}-[01][0-9]-[0-3][0-9]([T ][0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?)?$/,
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), digits), (text) => {
        const found = readMoment(text, "America/New_York");
        if (found === undefined) return;
        expect(found.atMs).toBeGreaterThanOrEqual(utc("1999-12-31T00:00Z"));
        expect(found.atMs).toBeLessThanOrEqual(utc("2100-01-02T00:00Z"));
      }),
    );
  });
});
