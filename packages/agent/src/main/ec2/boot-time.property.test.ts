import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootTime } from "./boot-time.ts";

const nowMs = 1_780_000_000_000;

describe("bootTime", () => {
  it("is when EC2 began to launch it, some seconds before the kernel", () => {
    const pendingAtMs = nowMs - 30_000;
    expect(bootTime({ pendingAtMs, kernelAtMs: nowMs - 12_000, nowMs })).toBe(pendingAtMs);
  });

  it("is the kernel's beginning when the document is that of an earlier boot, or says nothing", () => {
    const kernelAtMs = nowMs - 12_000;
    expect(bootTime({ pendingAtMs: nowMs - 86_400_000, kernelAtMs, nowMs })).toBe(kernelAtMs);
    expect(bootTime({ pendingAtMs: undefined, kernelAtMs, nowMs })).toBe(kernelAtMs);
  });

  it("is EC2's word where the kernel is that of a computer which has run for long", () => {
    const pendingAtMs = nowMs - 30_000;
    expect(bootTime({ pendingAtMs, kernelAtMs: nowMs - 8_640_000_000, nowMs })).toBe(pendingAtMs);
  });

  it("never lies in the future", () => {
    const instant = fc.integer({ min: nowMs - 10_000_000, max: nowMs + 10_000_000 });
    fc.assert(
      fc.property(fc.option(instant, { nil: undefined }), instant, (pendingAtMs, kernelAtMs) => {
        expect(bootTime({ pendingAtMs, kernelAtMs, nowMs })).toBeLessThanOrEqual(nowMs);
      }),
    );
  });
});
