import fc from "fast-check";
import { expect, it } from "vitest";
import { parseInstant } from "../../demand/parse-instant.ts";
import { isoInstant } from "./iso-instant.ts";

const years0To9999 = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });

it("writes every instant as the platform does, without the fraction", () => {
  fc.assert(
    fc.property(years0To9999, (atMs) => {
      expect(isoInstant(atMs)).toBe(`${new Date(atMs).toISOString().slice(0, 19)}Z`);
    }),
  );
});

it("is read back to the same second", () => {
  fc.assert(
    fc.property(years0To9999, (atMs) => {
      expect(parseInstant(isoInstant(atMs))).toBe(Math.floor(atMs / 1_000) * 1_000);
    }),
  );
});
