import { createVirtualClock } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { createSharedRead } from "./shared-read.ts";

/** A value that counts how often it was read, and a reading that fails when told to. */
function stage(maxAgeMs = 1_000_000) {
  const clock = createVirtualClock(0);
  const state = { reads: 0, fails: false };
  let release: (() => void) | undefined;
  const shared = createSharedRead({
    clock,
    maxAgeMs,
    async load() {
      state.reads += 1;
      const own = state.reads;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      if (state.fails) throw new Error(`reading ${own} fails`);
      return own;
    },
  });
  const finish = async <T>(reading: Promise<T>) => {
    release?.();
    return reading;
  };
  return { clock, state, shared, finish };
}

describe("createSharedRead", () => {
  it("reads once for all who ask at the same time, and for those who ask later", async () => {
    const { shared, state, finish } = stage();
    const both = Promise.all([shared.read(), shared.read()]);
    expect(await finish(both)).toEqual([1, 1]);
    expect(await shared.read()).toBe(1);
    expect(state.reads).toBe(1);
  });

  it("reads again what is too old", async () => {
    const { clock, shared, finish } = stage(1_000);
    expect(await finish(shared.read())).toBe(1);
    await clock.advance(999);
    expect(await shared.read()).toBe(1);
    await clock.advance(1);
    expect(await finish(shared.read())).toBe(2);
  });

  it("goes on with the old value when reading fails, and tries again a minute later", async () => {
    const { clock, shared, state, finish } = stage(1_000);
    await finish(shared.read());
    await clock.advance(1_000);
    state.fails = true;
    expect(await finish(shared.read())).toBe(1);
    await clock.advance(59_999);
    expect(await shared.read()).toBe(1);
    expect(state.reads).toBe(2);
    await clock.advance(1);
    state.fails = false;
    expect(await finish(shared.read())).toBe(3);
  });

  it("rejects without a value, and reads anew for the next who asks", async () => {
    const { shared, state, finish } = stage();
    state.fails = true;
    await expect(finish(shared.read())).rejects.toThrow("reading 1 fails");
    state.fails = false;
    expect(await finish(shared.read())).toBe(2);
  });

  it("lets one caller give up without the others", async () => {
    const { shared, state, finish } = stage();
    const leaving = new AbortController();
    const first = shared.read({ signal: leaving.signal });
    const second = shared.read();
    leaving.abort("no longer wanted");
    await expect(first).rejects.toBe("no longer wanted");
    expect(await finish(second)).toBe(1);
    expect(state.reads).toBe(1);
  });

  it("reads nothing for a caller who has given up", async () => {
    const { shared, state } = stage();
    await expect(shared.read({ signal: AbortSignal.abort("gone") })).rejects.toBe("gone");
    expect(state.reads).toBe(0);
  });
});
