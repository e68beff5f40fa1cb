import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FleetError } from "../ports/failure.ts";
import type { MachineNotice } from "../ports/machine-notice.ts";
import { parseMachineNotice } from "./parse-machine-notice.ts";

const base = fc.record({
  machineId: fc.string({ minLength: 1, maxLength: 256 }),
  atMs: fc.maxSafeNat(),
});

const notices: fc.Arbitrary<MachineNotice> = fc.oneof(
  base.chain((of) =>
    fc.maxSafeNat().map((endsAtMs) => ({ ...of, kind: "interruption" as const, endsAtMs })),
  ),
  base.chain((of) =>
    fc
      .constantFrom("rebalance" as const, "ended" as const, "stopped" as const, "other" as const)
      .map((kind) => ({ ...of, kind })),
  ),
);

function codeOf(value: unknown): string {
  try {
    parseMachineNotice(value);
  } catch (error) {
    return FleetError.isInstance(error) ? `${error.kind}: ${error.message}` : "another error";
  }
  return "read";
}

describe("a notice of a machine", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(notices, (notice) => {
        expect(parseMachineNotice(JSON.parse(JSON.stringify(notice)))).toEqual(notice);
      }),
    );
  });

  const sound = { machineId: "m", atMs: 1, kind: "interruption", endsAtMs: 2 };
  it.each([
    ["machineId", { ...sound, machineId: "" }],
    ["machineId", { ...sound, machineId: "m".repeat(257) }],
    ["atMs", { ...sound, atMs: "now" }],
    ["endsAtMs", { ...sound, endsAtMs: 1.5 }],
    ["endsAtMs", { ...sound, endsAtMs: undefined }],
    ["kind", { ...sound, kind: "hibernated" }],
    ["message", "interruption"],
    ["message", null],
  ])("whose %s is wrong is refused with the place", (where, value) => {
    expect(codeOf(value)).toBe(`config: Not a notice of a machine: ${where} is wrong`);
  });

  it("of any other form is refused, and nothing else happens", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(codeOf(value)).toMatch(/^(read|config: )/);
      }),
    );
  });
});
