import fc from "fast-check";
import { expect, it } from "vitest";
import { instantOf, instantText } from "./instants.ts";

const instants = fc.integer({ min: 0, max: 253_402_300_799_999 });

it("writes every instant as the platform does, without the fraction", () => {
  fc.assert(
    fc.property(instants, (atMs) => {
      expect(instantText(atMs)).toBe(`${new Date(atMs).toISOString().slice(0, 19)}Z`);
    }),
  );
});

it("reads what it writes, days, minutes, offsets, and times ago", () => {
  fc.assert(
    fc.property(instants, (atMs) => {
      const text = instantText(atMs);
      expect(instantOf(text, 0)).toBe(Math.floor(atMs / 1_000) * 1_000);
      expect(instantOf(text.slice(0, 10), 0)).toBe(Date.parse(text.slice(0, 10)));
      const minute = text.slice(0, 16);
      expect(instantOf(`${minute}+05:30`, 0)).toBe(Date.parse(`${minute}+05:30`));
      expect(instantOf(`${minute}-11:00`, 0)).toBe(Date.parse(`${minute}-11:00`));
    }),
  );
  expect(instantOf("90h", 1e12)).toBe(1e12 - 90 * 3_600_000);
  expect(instantOf("2d", 1e12)).toBe(1e12 - 2 * 86_400_000);
  expect(instantOf("4w", 1e12)).toBe(1e12 - 28 * 86_400_000);
});

it.each([
  ...[
    "2026-02-30",
    "2026-13-01",
    "2026-00-10",
    "2026-01-01T24:00Z",
    "2026-01-01T10:60Z",
    "2026-1-1",
  ],
  ...["2026-01-01 10:00Z", "yesterday", "7", "7 d", "-7d", "", "2026-01-01T", "12345678"],
])("takes %j for no instant", (text) => {
  expect(instantOf(text, 1e12)).toBeUndefined();
});
