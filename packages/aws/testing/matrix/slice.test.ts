import { expect, it } from "vitest";
import { chosenSlice, inSlice, sliceText } from "./slice.ts";

it("runs every cell in exactly one of four parts, and each part has some", () => {
  const cells = Array.from({ length: 200 }, (_, index) => `cell ${index}`);
  const parts = [0, 1, 2, 3].map((part) => cells.filter((cell) => inSlice(cell, part)));
  expect(parts.flat().sort()).toEqual([...cells].sort());
  for (const part of parts) expect(part.length).toBeGreaterThan(20);
});

it("runs everything unless a part is chosen, and when everything is asked for", () => {
  expect(chosenSlice({})).toBeUndefined();
  expect(chosenSlice({ RUNS_FLEET_SLICE: "7", RUNS_FLEET_FULL: "1" })).toBeUndefined();
  expect(chosenSlice({ RUNS_FLEET_SLICE: "7" })).toBe(3);
  expect(sliceText(3)).toBe("part 4 of 4 of the cells");
});
