import { describe, expect, it, vi } from "vitest";
import { createCommitHold } from "./commit-hold.ts";

const holdMs = 10_000;
const changed = (writes: number, isUrgent = false) => ({
  pendingWrites: () => writes,
  isUrgent: () => isUrgent,
});

describe("a commit hold", () => {
  it("lets changes with messages wait for its time, from the first of them", () => {
    const hold = createCommitHold(holdMs);
    hold.owe(() => undefined);
    expect(hold.untilMs(changed(1), 1_000)).toBe(11_000);
    hold.owe(() => undefined);
    expect(hold.untilMs(changed(2), 5_000)).toBe(11_000);
    expect(hold.isHolding()).toBe(true);
    expect(hold.untilMs(changed(2), 11_000)).toBeUndefined();
  });

  it("lets changes without messages wait longer, until one comes", () => {
    const hold = createCommitHold(holdMs);
    expect(hold.untilMs(changed(1), 0)).toBe(60_000);
    hold.owe(() => undefined);
    expect(hold.untilMs(changed(2), 20_000)).toBe(30_000);
    expect(hold.untilMs(changed(2), 30_000)).toBeUndefined();
  });

  it("never outlives the patience of the first change", () => {
    const hold = createCommitHold(holdMs);
    expect(hold.untilMs(changed(1), 0)).toBe(60_000);
    hold.owe(() => undefined);
    expect(hold.untilMs(changed(2), 55_000)).toBe(60_000);
  });

  it.each([
    ["nothing is to be written", changed(0)],
    ["an effect waits", changed(1, true)],
    ["it is a whole commit", changed(61)],
  ])("holds nothing when %s", (_, ledger) => {
    expect(createCommitHold(holdMs).untilMs(ledger, 0)).toBeUndefined();
  });

  it("holds nothing where commits cost nothing", () => {
    expect(createCommitHold(0).untilMs(changed(1), 0)).toBeUndefined();
  });

  it("hands out what it owes once, and begins anew", () => {
    const hold = createCommitHold(holdMs);
    const settle = vi.fn();
    hold.owe(settle);
    hold.untilMs(changed(1), 0);
    expect(hold.release()).toEqual([settle]);
    expect(hold.release()).toEqual([]);
    expect(hold.isHolding()).toBe(false);
    expect(hold.untilMs(changed(1), 50_000)).toBe(110_000);
  });
});
