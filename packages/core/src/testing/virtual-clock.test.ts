import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVirtualClock } from "./virtual-clock.ts";

const startMs = 1_790_000_000_000;

describe("the virtual clock", () => {
  it("stands still until it is told to move", async () => {
    const clock = createVirtualClock(startMs);
    expect([clock.now(), clock.monotonicMs()]).toEqual([startMs, 0]);
    await clock.advance(1_500);
    expect([clock.now(), clock.monotonicMs()]).toEqual([startMs + 1_500, 1_500]);
    await clock.runUntil(startMs + 2_000);
    expect(clock.now()).toBe(startMs + 2_000);
  });

  it("wakes sleepers at their instants, in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 30 }),
        fc.integer({ min: 0, max: 60 }),
        async (delays, byMs) => {
          const clock = createVirtualClock(0);
          const woken: [index: number, atMs: number][] = [];
          for (const [index, delayMs] of delays.entries()) {
            clock.sleep(delayMs).then(
              () => woken.push([index, clock.now()]),
              () => undefined,
            );
          }
          await clock.advance(byMs);
          const due = [...delays.entries()]
            .filter(([, delayMs]) => delayMs <= byMs)
            .sort(([, left], [, right]) => left - right);
          expect(woken).toEqual(due);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("lets a sleeper sleep again before the next one wakes", async () => {
    const clock = createVirtualClock(0);
    const seen: string[] = [];
    const tick = async (name: string, everyMs: number): Promise<void> => {
      for (let round = 0; round < 3; round += 1) {
        await clock.sleep(everyMs);
        await Promise.resolve();
        seen.push(`${name}@${clock.now()}`);
      }
    };
    const running = Promise.all([tick("a", 10), tick("b", 15)]);
    await clock.advance(100);
    await running;
    // Both are due at 30: b fell asleep first.
    expect(seen).toEqual(["a@10", "b@15", "a@20", "b@30", "a@30", "b@45"]);
  });

  it("keeps that order without turns of the event loop, in which promises settle all the same", async () => {
    const clock = createVirtualClock(0, { yields: false });
    const seen: string[] = [];
    const steps = async (name: string, everyMs: number): Promise<void> => {
      for (let round = 0; round < 2; round += 1) {
        await clock.sleep(everyMs);
        for (let step = 0; step < 50; step += 1) await Promise.resolve();
        seen.push(`${name}@${clock.now()}`);
      }
    };
    const running = Promise.all([steps("a", 10), steps("b", 10), steps("c", 5)]);
    let yielded = false;
    setImmediate(() => {
      yielded = true;
    });
    await clock.advance(100);
    await running;
    expect(seen).toEqual(["c@5", "a@10", "b@10", "c@10", "a@20", "b@20"]);
    expect(yielded).toBe(true);
  });

  it("rounds a fraction of a millisecond up", async () => {
    const clock = createVirtualClock(0);
    let wokenAtMs = 0;
    const sleeping = clock.sleep(0.25).then(() => {
      wokenAtMs = clock.now();
    });
    await clock.advance(5);
    await sleeping;
    expect(wokenAtMs).toBe(1);
  });

  it("forgets a sleeper that was cancelled", async () => {
    const clock = createVirtualClock(0);
    const controller = new AbortController();
    const sleeping = clock.sleep(10, controller.signal).catch((reason: unknown) => reason);
    controller.abort("enough");
    expect(await sleeping).toBe("enough");
    await clock.advance(20);
    expect(clock.now()).toBe(20);
  });

  it("refuses to go back, to run twice at once, and what is no number", async () => {
    const clock = createVirtualClock(startMs);
    await expect(clock.runUntil(startMs - 1)).rejects.toThrow(RangeError);
    await expect(clock.advance(Number.NaN)).rejects.toThrow(RangeError);
    await expect(clock.sleep(Number.NaN)).rejects.toThrow(RangeError);
    const first = clock.advance(10);
    await expect(clock.advance(10)).rejects.toThrow(TypeError);
    await first;
    await clock.advance(1);
    expect(clock.now()).toBe(startMs + 11);
    expect(() => createVirtualClock(0.5)).toThrow(RangeError);
  });
});
