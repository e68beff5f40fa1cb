import { parseLabels } from "@runs-fleet/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { coversPattern, signsOf, signsOfLabel } from "./alias-cover.ts";

const pattern = fc
  .array(fc.constantFrom("a", "-", "7", "\\.", "(\\d+)", "([a-z]+)", "([a-z0-9-]+)"), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join(""));
const label = fc
  .array(fc.constantFrom("a", "B", "-", "7", "0", "."), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(""));

const matches = (match: string, text: string): boolean =>
  parseLabels([text], { aliases: [{ match, use: "" }] }) !== undefined;
const numRuns = 3_000;

it("agrees with core about single labels", () => {
  let yes = 0;
  fc.assert(
    fc.property(pattern, label, (wide, text) => {
      const expected = matches(wide, text);
      yes += Number(expected);
      expect(coversPattern(signsOf(wide), signsOfLabel(text))).toBe(expected);
    }),
    { numRuns },
  );
  expect(yes).toBeGreaterThan(30);
});

it("never says that a pattern covers one that matches more, as core matches them", () => {
  let yes = 0;
  fc.assert(
    fc.property(pattern, pattern, fc.array(label, { maxLength: 20 }), (wide, narrow, labels) => {
      if (!coversPattern(signsOf(wide), signsOf(narrow))) return;
      yes += 1;
      for (const text of labels) if (matches(narrow, text)) expect(matches(wide, text)).toBe(true);
    }),
    { numRuns },
  );
  expect(yes).toBeGreaterThan(30);
});

it("covers itself", () => {
  fc.assert(
    fc.property(pattern, (one) => {
      expect(coversPattern(signsOf(one), signsOf(one))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
