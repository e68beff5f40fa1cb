import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseInstant } from "./parse-instant.ts";

describe("parseInstant", () => {
  it.each([
    ["1970-01-01T00:00:00Z", 0],
    ["2021-09-13T02:21:13Z", 1_631_499_673_000],
    ["2024-02-29T23:59:59.5Z", 1_709_251_199_500],
    ["2023-06-26T05:31:29+02:00", 1_687_750_289_000],
    ["2023-06-25T20:31:29-0700", 1_687_750_289_000],
    [1_557_933_565, 1_557_933_565_000],
  ])("reads %j", (value, expected) => {
    expect(parseInstant(value)).toBe(expected);
  });

  it.each([
    null,
    undefined,
    "",
    "yesterday",
    "2023-06-26",
    "2023-06-26T05:31:29",
    "2023-02-29T00:00:00Z",
    "2023-13-01T00:00:00Z",
    "2023-06-26T24:00:00Z",
    "2023-06-26T05:31:29Z\n",
    -1,
    1.5,
    Number.NaN,
    1e300,
    {},
  ])("has no answer for %j", (value) => {
    expect(parseInstant(value)).toBeUndefined();
  });

  it("agrees with the platform on every moment of four-digit years", () => {
    const earliest = new Date("0001-01-01T00:00:00Z");
    const latest = new Date("9999-12-31T23:59:59Z");
    fc.assert(
      fc.property(fc.date({ min: earliest, max: latest, noInvalidDate: true }), (moment) => {
        expect(parseInstant(moment.toISOString())).toBe(moment.getTime());
      }),
    );
  });
});
