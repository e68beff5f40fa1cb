import { describe, expect, it } from "vitest";
import { eitherSignal } from "./either-signal.ts";

describe("a signal that follows others", () => {
  it("aborts with the first of them, for its reason", () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const { signal } = eitherSignal(first.signal, second.signal);
    expect(signal.aborted).toBe(false);
    second.abort("second");
    first.abort("first");
    expect([signal.aborted, signal.reason]).toEqual([true, "second"]);
  });

  it("is aborted from the start when one of them is", () => {
    const live = new AbortController();
    expect(eitherSignal(live.signal, AbortSignal.abort("before")).signal.reason).toBe("before");
  });

  it("follows them no longer once it was left", () => {
    const source = new AbortController();
    const { signal, leave } = eitherSignal(source.signal);
    leave();
    source.abort("late");
    expect(signal.aborted).toBe(false);
  });
});
