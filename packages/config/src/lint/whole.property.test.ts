import fc from "fast-check";
import { expect, it } from "vitest";
import { isBelow } from "../resolve/repair.ts";
import { createIsWhole } from "./whole.ts";

const path = fc.array(fc.constantFrom("pools", "a", "b", "runners", 0, 1, "1"), { maxLength: 4 });

it("is true exactly where nothing was taken out in or around any of the places", () => {
  let whole = 0;
  fc.assert(
    fc.property(
      fc.array(path, { maxLength: 4 }),
      fc.array(path, { minLength: 1, maxLength: 3 }),
      (gone, paths) => {
        const plain = !gone.some(
          (taken) => isBelow(taken, paths) || paths.some((one) => isBelow(one, [taken])),
        );
        expect(createIsWhole(gone)(...paths)).toBe(plain);
        whole += Number(plain && gone.length > 0);
      },
    ),
    { numRuns: 3_000 },
  );
  expect(whole).toBeGreaterThan(100);
});
