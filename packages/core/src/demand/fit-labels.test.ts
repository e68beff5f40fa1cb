import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLabels } from "../routing/parse-labels.ts";
import { fitLabels } from "./fit-labels.ts";

const sizeOf = (labels: readonly string[]) => Buffer.byteLength(JSON.stringify(labels));

describe("fitLabels", () => {
  it("leaves every set of usual labels as it is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 256 }), { maxLength: 100 }),
        (labels) => {
          expect(fitLabels(labels)).toEqual(labels);
        },
      ),
    );
  });

  it("never exceeds its share of a message", () => {
    const heavy = fc.string({ unit: "binary", minLength: 0, maxLength: 400 });
    fc.assert(
      fc.property(fc.array(heavy, { maxLength: 150 }), (labels) => {
        expect(sizeOf(fitLabels(labels))).toBeLessThanOrEqual(50 * 1024);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ["a label too long", ["runs-fleet", "x".repeat(10_000)]],
    ["too many labels", ["runs-fleet", ...Array.from({ length: 5_000 }, (_, n) => `l${n}`)]],
    [
      "labels too large together",
      ["runs-fleet", ...Array.from({ length: 99 }, () => "\u0001".repeat(256))],
    ],
  ])("cuts %s so that the router still refuses the job by name", (_, labels) => {
    const fitted = fitLabels(labels);
    expect(sizeOf(fitted)).toBeLessThanOrEqual(50 * 1024);
    const parsed = parseLabels(fitted);
    expect(parsed?.ok === false && parsed.issues.some((issue) => issue.code === "too-long")).toBe(
      true,
    );
  });

  it("drops what is no text", () => {
    expect(fitLabels(["a", 1, null, "b"])).toEqual(["a", "b"]);
  });
});
