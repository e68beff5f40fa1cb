import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { civilDay, civilDayOf, formatCivilDay } from "./civil-date.ts";

describe("civil dates", () => {
  it("are read as they are written, and agree with the calendar of the runtime", () => {
    fc.assert(
      fc.property(fc.integer({ min: -25_000, max: 60_000 }), (day) => {
        const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
        expect(formatCivilDay(day)).toBe(text);
        expect(civilDayOf(text)).toBe(day);
        expect(civilDay(Date.parse(text))).toBe(day);
      }),
    );
  });
});
