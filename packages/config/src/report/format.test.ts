import { describe, expect, it } from "vitest";
import {
  amount,
  count,
  dollars,
  duration,
  percent,
  plural,
  signedDollars,
  signedDuration,
  signedPoints,
} from "./format.ts";

describe("numbers for people", () => {
  it("writes lengths of time in at most two units", () => {
    expect([0, 40, 800, 9_949, 9_950, 59_499].map(duration)).toEqual([
      "0 s",
      "0.0 s",
      "0.8 s",
      "9.9 s",
      "10 s",
      "59 s",
    ]);
    expect([60_000, 200_000, 3_599_499, 3_600_000, 7_500_000].map(duration)).toEqual([
      "1 min",
      "3 min 20 s",
      "59 min 59 s",
      "1 h 00 min",
      "2 h 05 min",
    ]);
    expect(duration(200_000_000)).toBe("2 d 8 h");
  });

  it("marks both directions of a change, and says when there is none", () => {
    expect([3_000, -90_000, 20].map(signedDuration)).toEqual(["+3.0 s", "−1 min 30 s", "±0 s"]);
    expect([12.5, -212, 0.001].map(signedDollars)).toEqual(["+$12.50", "−$212", "±$0"]);
    expect([0.012, -0.2, 0].map(signedPoints)).toEqual([
      "+1.2 points",
      "−20.0 points",
      "±0 points",
    ]);
  });

  it("never rounds a share to none or all", () => {
    expect([0, 0.0001, 0.004, 0.0994, 0.5, 0.9985, 0.9999, 1].map(percent)).toEqual([
      "0%",
      "<0.1%",
      "0.4%",
      "9.9%",
      "50%",
      "99.9%",
      ">99.9%",
      "100%",
    ]);
  });

  it("groups thousands in the same way in every locale", () => {
    expect([0, 999, 1_000, 1_234_567, -12_345].map(count)).toEqual([
      "0",
      "999",
      "1,000",
      "1,234,567",
      "-12,345",
    ]);
    expect([0, 0.005, 12.3, 99.994, 1_234.5].map(dollars)).toEqual([
      "$0",
      "$0.01",
      "$12.30",
      "$99.99",
      "$1,235",
    ]);
    expect(dollars(0.001)).toBe("<$0.01");
    expect([0, 0.25, 3.44, 120.4].map(amount)).toEqual(["0", "0.25", "3.4", "120"]);
    expect([plural(1, "job"), plural(2_000, "job"), plural(2, "entry", "entries")]).toEqual([
      "1 job",
      "2,000 jobs",
      "2 entries",
    ]);
  });
});
