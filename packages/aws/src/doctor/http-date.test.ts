import fc from "fast-check";
import { expect, it } from "vitest";
import { parseHttpDate, utcText } from "./http-date.ts";

it("reads what JavaScript writes", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
      const atMs = seconds * 1_000;
      expect(parseHttpDate(new Date(atMs).toUTCString())).toBe(atMs);
    }),
  );
});

it.each([
  undefined,
  1,
  "",
  "yesterday",
  "2026-11-28T07:38:06Z",
  "Sat, 31 Feb 2026 07:38:06 GMT",
  "Sat, 28 Nov 2026 07:38:06 CET",
])("does not read %j", (value) => {
  expect(parseHttpDate(value)).toBeUndefined();
});

it("writes an instant for people", () => {
  expect(utcText(Date.UTC(2026, 10, 28, 7, 38, 6, 999))).toBe("2026-11-28 07:38:06 UTC");
});
