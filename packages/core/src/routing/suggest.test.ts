import { describe, expect, it } from "vitest";
import { nearest } from "./suggest.ts";

const words = ["cpu", "ram", "region", "runner", "x86_64", "os"];

describe("nearest", () => {
  it.each([
    ["cpu", "cpu"],
    ["cpx", "cpu"],
    ["cup", "cpu"],
    ["cp", "cpu"],
    ["cpuu", "cpu"],
    ["regin", "region"],
    ["rgeoin", "region"],
    ["RUNER", "runner"],
    ["x86", "x86_64"],
    ["xy", undefined],
    ["x", undefined],
    ["", undefined],
    ["region-of-mine", undefined],
    ["r".repeat(65), undefined],
  ])("answers %j with %j", (word, wanted) => {
    expect(nearest(word, words)).toBe(wanted);
  });

  it("takes the nearest, and of equals the first", () => {
    expect(nearest("arm65", ["arm6x", "arm64", "arm75"])).toBe("arm6x");
    expect(nearest("runners", ["runnerxx", "runner"])).toBe("runner");
    expect(nearest("x", ["y"])).toBeUndefined();
    expect(nearest("lin", ["linux", "lined"])).toBeUndefined();
  });
});
