import { describe, expect, it } from "vitest";
import { aLedger, aMachine, nowMs } from "../../test/fleet/builders.ts";
import { createMinuteBudget } from "../capacity/minute-budget.ts";
import { noteClaims } from "./plan-memory.ts";

function claimedAt(id: string, ...agesMs: readonly number[]) {
  const lines = agesMs.map((ageMs) => ({
    atMs: nowMs - ageMs,
    code: "claimed",
    message: `For job ${ageMs}`,
  }));
  return aMachine(id, {
    state: "running",
    history: [{ atMs: nowMs - 90_000, code: "ready", message: "Ready" }, ...lines],
  });
}

describe("a controller that takes over", () => {
  it("counts the registrations that its predecessor asked for in the last minute", () => {
    const { ledger } = aLedger({
      machines: [claimedAt("a", 3_000), claimedAt("b", 40_000, 20_000), claimedAt("c", 75_000)],
    });
    const mints = createMinuteBudget(160);
    noteClaims(mints, ledger, nowMs);
    expect(mints.left(nowMs)).toBe(157);
    // The clocks of the two may be ten seconds apart: none counts as older than it may be.
    expect(mints.left(nowMs + 29_000)).toBe(157);
    expect(mints.left(nowMs + 31_000)).toBe(158);
    expect(mints.left(nowMs + 61_000)).toBe(160);
  });

  it("waits when a predecessor with a fast clock has spent all", () => {
    const machines = Array.from({ length: 4 }, (_, index) => claimedAt(`m${index}`, -5_000));
    const mints = createMinuteBudget(4);
    noteClaims(mints, aLedger({ machines }).ledger, nowMs);
    expect(mints.left(nowMs)).toBe(0);
    expect(mints.nextMs(nowMs)).toBe(nowMs + 60_001);
  });
});
