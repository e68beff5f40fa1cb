import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHttpDate } from "./instants.ts";

describe("the instant of a Date header", () => {
  it("is read to the second, as the platform writes it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (atMs) => {
        expect(parseHttpDate(new Date(atMs).toUTCString())).toBe(Math.floor(atMs / 1_000) * 1_000);
      }),
    );
  });

  it("is in nothing else", () => {
    for (const text of [
      "",
      "2026-01-01T00:00:00Z",
      "Mon, 01 Foo 2026 00:00:00 GMT",
      "Mon, 01 anF 2026 00:00:00 GMT",
      "Mon, 31 Feb 2026 00:00:00 GMT",
      "Mon, 01 Jan 2026 00:00:00 CET",
    ]) {
      expect(parseHttpDate(text)).toBeUndefined();
    }
  });
});
