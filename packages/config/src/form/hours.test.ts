import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as is from "./hours.ts";

const read = (schema: v.GenericSchema, input: unknown): unknown => {
  const result = v.safeParse(schema, input);
  return result.success ? result.output : "refused";
};

describe("days and hours", () => {
  it.each([
    ["mon-fri", "mon tue wed thu fri"],
    ["sat-mon", "mon sat sun"],
    ["mon, wed", "mon wed"],
    ["Monday", "mon"],
    ["MON - Wed ,fRIDAY", "mon tue wed fri"],
    [["saturday", "sun"], "sat sun"],
    [["mon-tue", "tue"], "mon tue"],
  ])("%j are %s", (input, expected) => {
    expect(read(is.days, input)).toEqual(expected.split(" "));
  });

  it.each([
    "funday",
    "mon-",
    "",
    "mon-tue-wed",
    "mon,",
    "mon, ",
    ",mon",
    "mon,,tue",
    "montue",
    "mon tue",
    "mon ",
    " mon",
    "mo",
    "mond",
    [[]],
    [],
    1,
  ])("%j are none", (input) => {
    expect(read(is.days, input)).toBe("refused");
  });

  it.each([
    ["08:00-19:00", { start: "08:00", end: "19:00" }],
    ["00:00-24:00", { start: "00:00", end: "24:00" }],
    [["22:00", "06:00"], { start: "22:00", end: "06:00" }],
    ["25:99-26:00", "refused"],
    ["8:00-9:00", "refused"],
    [["22:00"], "refused"],
    [1_320, "refused"],
  ])("hours of %j", (input, expected) => {
    expect(read(is.time, input)).toEqual(expected);
  });

  it.each([
    ["2026-12-24", "2026-12-24"],
    ["2026-13-01", "refused"],
    ["2026-12-24..2026-12-26", "refused"],
    ["24.12.2026", "refused"],
  ])("a date of %j", (input, expected) => {
    expect(read(is.date, input)).toBe(expected);
  });

  it.each([
    ["2026-12-24", "2026-12-24"],
    ["2026-12-24..2026-12-26", "2026-12-24..2026-12-26"],
    ["2026-12-24..", "refused"],
    ["2026-12-32", "refused"],
  ])("dates of %j", (input, expected) => {
    expect(read(is.dates, input)).toBe(expected);
  });
});
