import { describe, expect, it } from "vitest";
import { dayStart, instantOn, reportClock, weekHourName } from "./clock.ts";

describe("the clock of a report", () => {
  it("reads the wall clock of its zone, in winter and in summer", () => {
    const berlin = reportClock("Europe/Berlin");
    expect(berlin.moment(Date.UTC(2026, 10, 24, 21, 5, 9))).toBe("Tue 24 Nov 22:05");
    expect(berlin.moment(Date.UTC(2026, 6, 31, 23, 30))).toBe("Sat 1 Aug 01:30");
    expect(berlin.second(Date.UTC(2026, 10, 24, 21, 5, 9))).toBe("22:05:09");
    expect(berlin.iso(Date.UTC(2027, 0, 1, 0, 0) - 3_600_000)).toBe("2027-01-01");
  });

  it("agrees with the runtime's calendar over leap years and centuries", () => {
    const utc = reportClock("UTC");
    for (let atMs = Date.UTC(1999, 11, 30); atMs < Date.UTC(2101, 0, 1); atMs += 86_400_000 * 17) {
      expect(utc.iso(atMs)).toBe(new Date(atMs).toISOString().slice(0, 10));
    }
  });

  it("knows zones that are not whole hours off", () => {
    expect(reportClock("Asia/Kolkata").time(Date.UTC(2026, 10, 24, 18, 45))).toBe("00:15");
  });

  it("refuses a zone that nobody knows", () => {
    expect(() => reportClock("Mars/Olympus").day(0)).toThrow(RangeError);
  });

  it("finds a moment of a date in every zone, and none of a date that is none", () => {
    for (const zone of ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Anchorage"]) {
      const clock = reportClock(zone);
      for (const date of ["2026-03-02", "2028-02-29", "1999-12-31"]) {
        expect(clock.iso(instantOn(date, clock) ?? 0)).toBe(date);
      }
      expect(instantOn("2026-02-30", clock)).toBeUndefined();
    }
  });

  it("finds where a day begins, on the days of a change of the clock too", () => {
    const berlin = reportClock("Europe/Berlin");
    for (const day of [28, 29, 30]) {
      const startMs = dayStart(Date.UTC(2026, 2, day, 12), berlin);
      expect(berlin.time(startMs)).toBe("00:00");
      expect(berlin.iso(startMs)).toBe(`2026-03-${day}`);
    }
  });

  it("names hours of the week from Monday on", () => {
    expect([weekHourName(0), weekHourName(32), weekHourName(167)]).toEqual([
      "Mon 00:00",
      "Tue 08:00",
      "Sun 23:00",
    ]);
  });
});
