import fc from "fast-check";
import { expect, it } from "vitest";
import { createLineIndex } from "./line-index.ts";

it("counts lines and columns from 1, and stays inside", () => {
  const at = createLineIndex("ab\r\nc\n\nd");
  expect(
    [0, 2, 4, 5, 6, 7, 8, 99, -1]
      .map((offset) => at(offset))
      .map(({ line, column }) => [line, column]),
  ).toEqual([
    [1, 1],
    [1, 3],
    [2, 1],
    [2, 2],
    [3, 1],
    [4, 1],
    [4, 2],
    [4, 2],
    [1, 1],
  ]);
});

it("agrees with counting line breaks", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "\n", "\r\n", "😀")),
      fc.nat(100),
      (parts, offset) => {
        const text = parts.join("");
        const before = text.slice(0, offset).split("\n");
        const found = createLineIndex(text)(offset);
        expect(found.line).toBe(before.length);
        expect(found.column).toBe((before.at(-1)?.length ?? 0) + 1);
      },
    ),
  );
});
