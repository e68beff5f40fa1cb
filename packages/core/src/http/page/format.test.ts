import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, formatIso, formatRelative, plural } from "./format.ts";

describe("formatDuration", () => {
  it.each([
    [0, "0 ms"],
    [-5, "0 ms"],
    [994, "994 ms"],
    [999, "1.0 s"],
    [9_949, "9.9 s"],
    [9_960, "10 s"],
    [59_400, "59 s"],
    [59_600, "1 min"],
    [200_000, "3 min 20 s"],
    [3_599_400, "59 min 59 s"],
    [3_599_600, "1 h 00 min"],
    [7_500_000, "2 h 05 min"],
    [86_400_000, "1 d 0 h"],
    [Number.POSITIVE_INFINITY, "–"],
    [Number.NaN, "–"],
  ])("writes %d as %s", (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });
});

describe("formatRelative", () => {
  it.each([
    [0, "just now"],
    [-4_900, "4 s ago"],
    [-119_000, "1 min ago"],
    [3_398_000, "in 56 min"],
    [17_798_000, "in 4 h 57 min"],
  ])("writes a distance of %d ms as %s", (distanceMs, text) => {
    expect(formatRelative(1_000_000 + distanceMs, 1_000_000)).toBe(text);
  });
});

describe("formatIso", () => {
  it("agrees with the platform on every moment of four-digit years", () => {
    const earliest = new Date("0001-01-01T00:00:00Z");
    const latest = new Date("9999-12-31T23:59:59Z");
    fc.assert(
      fc.property(fc.date({ min: earliest, max: latest, noInvalidDate: true }), (moment) => {
        expect(formatIso(moment.getTime())).toBe(`${moment.toISOString().slice(0, 19)}Z`);
      }),
    );
  });
});

describe("plural", () => {
  it("counts", () => {
    expect([plural(1, "job"), plural(2, "job"), plural(0, "match", "matches")]).toEqual([
      "1 job",
      "2 jobs",
      "0 matches",
    ]);
  });
});
