import { tagKeyProblem } from "@runs-fleet/core";
import fc from "fast-check";
import * as v from "valibot";
import { expect, it } from "vitest";
import * as text from "./texts.ts";

const key = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 140 }),
  fc.string({ unit: fc.constantFrom(..."aZ0-_+=,.@:/ é"), minLength: 1, maxLength: 130 }),
  fc.constantFrom(
    "aws:x",
    "AWS:x",
    "aws",
    "runs-fleet:pool",
    "runs-fleet",
    ".",
    "..",
    "...",
    "_index",
  ),
);

it("keys of tags are the same for the file and for the catalog", () => {
  fc.assert(
    fc.property(key, (name) => {
      // What valibot leaves out of a record is refused as such, before its form.
      fc.pre(!["__proto__", "constructor", "prototype"].includes(name));
      const isTaken = v.safeParse(text.tags, { [name]: "x" }).success;
      expect(isTaken).toBe(tagKeyProblem(name) === undefined);
    }),
    { numRuns: 2_000 },
  );
});
