import { describe, expect, it } from "vitest";
import {
  civilDate,
  dayNumber,
  formatDate,
  parseDate,
  parseDates,
  parseTime,
  weekdayOf,
} from "./civil.ts";

describe("civil dates", () => {
  it("agree with the host's UTC calendar on every day from 1583 to 2400", () => {
    for (let day = dayNumber(1583, 1, 1); day < dayNumber(2400, 1, 1); day++) {
      const date = new Date(day * 86_400_000);
      const { year, month, day: dom } = civilDate(day);
      if (
        year !== date.getUTCFullYear() ||
        month !== date.getUTCMonth() + 1 ||
        dom !== date.getUTCDate() ||
        weekdayOf(day) !== date.getUTCDay() ||
        dayNumber(year, month, dom) !== day
      ) {
        expect.fail(`day ${day} reads ${formatDate(day)}, expected ${date.toISOString()}`);
      }
    }
  });

  it("are read only when they exist", () => {
    expect(parseDate("2028-02-29")).toBe(21_243);
    for (const text of [
      "2026-02-29",
      "2026-13-01",
      "2026-00-10",
      "2026-1-1",
      "26-01-01",
      "2026-04-31",
      "",
    ]) {
      expect(parseDate(text), text).toBeUndefined();
    }
  });

  it("make ranges that never run backwards", () => {
    expect(parseDates("2026-12-24..2026-12-26")).toEqual([20_811, 20_813]);
    expect(parseDates("2026-12-24")).toEqual([20_811, 20_811]);
    for (const text of [
      "2026-12-26..2026-12-24",
      "2026-12-24..",
      "..2026-12-24",
      "2026-12-24..2026-12-25..2026-12-26",
    ]) {
      expect(parseDates(text), text).toBeUndefined();
    }
  });
});

describe("local times", () => {
  it("run from 00:00 to 24:00", () => {
    expect([
      parseTime("00:00"),
      parseTime("08:30"),
      parseTime("23:59"),
      parseTime("24:00"),
    ]).toEqual([0, 510, 1_439, 1_440]);
    for (const text of ["25:99", "24:01", "12:60", "8:30", "08:30:00", "noon", "-1:00"]) {
      expect(parseTime(text), text).toBeUndefined();
    }
  });
});
