import { parseLabels } from "@runs-fleet/core";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { families } from "./texts.ts";

/** Parts of names, right and wrong ones. */
const part = fc.constantFrom(
  ..."c7g C7 m7i-flex u-6tb1 7 - -- * . + .large .2xlarge .X .metal- a _".split(" "),
  " ",
  "",
  "c".repeat(15),
  "c".repeat(16),
  "c".repeat(31),
  "c".repeat(32),
);
const text = fc.oneof(
  fc.array(part, { maxLength: 6 }).map((parts) => parts.join("")),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,3}\*?(?:\.[a-z0-9-]{1,4})?(?:\+[a-z]\d\*?)?$/),
);

describe("families of the file", () => {
  it("are written as in labels, but that no name need be there once only", () => {
    const seen = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(text, (written) => {
        const { success } = v.safeParse(families, written);
        seen[success ? "right" : "wrong"] += 1;
        const label = parseLabels([`runs-fleet/family=${written}`]);
        // Bare metal has the form of a type; labels that name it are refused with their reason.
        const faults = label?.ok === false ? label.issues : [];
        const others = faults.filter(
          ({ code, message }) =>
            code !== "duplicate-key" && code !== "too-long" && !message.includes("bare metal"),
        );
        expect(others.length === 0, written).toBe(success);
      }),
      { numRuns: 5_000 },
    );
    expect(seen.right).toBeGreaterThan(500);
    expect(seen.wrong).toBeGreaterThan(500);
  });
});
