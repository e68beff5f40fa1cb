import { expect, it } from "vitest";
import { chosenSlice, inSlice, sliceText } from "./slice.ts";

it("runs every cell in exactly one of six parts, and each part has some", () => {
  const cells = Array.from({ length: 200 }, (_, index) => `cell ${index}`);
  const parts = [0, 1, 2, 3, 4, 5].map((part) => cells.filter((cell) => inSlice(cell, part)));
  expect(parts.flat().sort()).toEqual([...cells].sort());
  for (const part of parts) expect(part.length).toBeGreaterThan(15);
});

it("runs everything unless a part is chosen, and when everything is asked for", () => {
  expect(chosenSlice({})).toBeUndefined();
  expect(chosenSlice({ RUNS_FLEET_SLICE: "7", RUNS_FLEET_FULL: "1" })).toBeUndefined();
  expect(chosenSlice({ RUNS_FLEET_SLICE: "7" })).toBe(1);
  expect(sliceText(3)).toBe("part 4 of 6 of the cells");
});
