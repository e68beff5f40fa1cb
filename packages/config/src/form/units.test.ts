import * as v from "valibot";
import { describe, expect, it } from "vitest";
import * as is from "./units.ts";

const read = (schema: v.GenericSchema, input: unknown): unknown => {
  const result = v.safeParse(schema, input);
  return result.success ? result.output : "refused";
};

describe("values with units", () => {
  it.each([
    ["90s", 90_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["25d", 2_160_000_000],
    ["0s", 0],
    ["", "refused"],
    ["5", "refused"],
    [5, "refused"],
    ["5 m", "refused"],
    ["5M", "refused"],
    ["30m1h", "refused"],
    ["-5m", "refused"],
  ])("a duration of %j is %j ms", (input, expected) => {
    expect(read(is.duration, input)).toBe(expected);
  });

  it.each([
    ["10/1m", { step: 10, everyMs: 60_000 }],
    ["0/1m", "refused"],
    ["10/", "refused"],
    ["10", "refused"],
  ])("a ramp of %j", (input, expected) => {
    expect(read(is.ramp, input)).toEqual(expected);
  });

  it.each([
    ["80 GiB", 80],
    ["80GiB", 80],
    ["1.5 TiB", 1_536],
    ["80 GB", "refused"],
    [80, "refused"],
  ])("a size of %j is %j GiB", (input, expected) => {
    expect(read(is.size, input)).toBe(expected);
  });

  it.each([
    [4, { min: 4, max: 4 }],
    ["4", { min: 4, max: 4 }],
    ["4+16", { min: 4, max: 16 }],
    [1.5, "refused"],
    [0, "refused"],
    [896, { min: 896, max: 896 }],
    [897, "refused"],
    ["4-16", "refused"],
  ])("vCPUs of %j", (input, expected) => {
    expect(read(is.cpu, input)).toEqual(expected);
  });

  it.each([
    [16, { min: 16 }],
    ["16 GiB", { min: 16 }],
    ["16", { min: 16 }],
    ["16+16", { min: 16, max: 16 }],
    ["16+32", { min: 16, max: 32 }],
    [0, "refused"],
    [Number.POSITIVE_INFINITY, "refused"],
    ["16GB", "refused"],
  ])("memory of %j", (input, expected) => {
    expect(read(is.ram, input)).toEqual(expected);
  });
});
