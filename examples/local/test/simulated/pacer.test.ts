import { createSeededEntropy } from "@runs-fleet/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Speed } from "../../src/arguments.ts";
import { createPacer } from "../../src/simulated/pacer.ts";

const seconds = 1_000;
const hours = 3_600_000;
const beginMs = Date.UTC(2026, 10, 24);
const forever = new AbortController().signal;

/** A computer on which simulated time costs `cost` real milliseconds each, and whose sleeps take as long as they like. */
function stage(speed: Speed, options: { cost?: number; late?: (nth: number) => number } = {}) {
  const { late = () => 0 } = options;
  const computer = { realMs: 0, cost: options.cost ?? 0, sleeps: 0, onStep: () => undefined };
  const steps: { readonly fromMs: number; readonly toMs: number }[] = [];
  let nowMs = beginMs;
  const pacer = createPacer({
    speed,
    clock: {
      now: () => nowMs,
      runUntil: async (atMs) => {
        steps.push({ fromMs: nowMs, toMs: atMs });
        computer.realMs += (atMs - nowMs) * computer.cost;
        nowMs = atMs;
      },
    },
    real: {
      monotonicMs: () => computer.realMs,
      sleep: async (delayMs) => {
        computer.sleeps += 1;
        computer.realMs += delayMs + late(computer.sleeps);
      },
    },
    onStep: () => computer.onStep(),
  });
  return { pacer, computer, steps, now: () => nowMs };
}

describe("a pacer", () => {
  it.each([1, 60, 600, 3_600])(
    "lets time run %i times as fast, and stops where it is told",
    async (speed) => {
      const { pacer, computer, now } = stage(speed);
      await pacer.run(beginMs + speed * 100 * seconds, forever);
      expect(now()).toBe(beginMs + speed * 100 * seconds);
      expect(Math.abs(computer.realMs - 100 * seconds)).toBeLessThan(100);
      expect(pacer.pace()).toMatchObject({ asked: speed, tooSlow: false, paused: false });
      expect(Math.abs((pacer.pace().actual ?? 0) / speed - 1)).toBeLessThan(0.02);
    },
  );

  it("passes over nothing, in steps after each of which it can be stopped", async () => {
    const { pacer, steps } = stage(3_600);
    await pacer.run(beginMs + 24 * hours, forever);
    expect(steps[0]?.fromMs).toBe(beginMs);
    for (const [index, { fromMs, toMs }] of steps.entries()) {
      expect(fromMs).toBe(steps[index - 1]?.toMs ?? beginMs);
      expect(toMs - fromMs).toBeLessThanOrEqual(60 * seconds);
    }
  });

  it("catches up after the computer was busy for some seconds", async () => {
    const { pacer, computer } = stage(600, { late: (nth) => (nth === 40 ? 3 * seconds : 0) });
    await pacer.run(beginMs + 2 * hours, forever);
    expect(computer.realMs).toBeLessThan(12.1 * seconds);
  });

  it("does not race through the hours in which the computer slept", async () => {
    const { pacer, computer } = stage(600, { late: (nth) => (nth === 40 ? 8 * hours : 0) });
    computer.onStep = () => {
      expect(pacer.pace().tooSlow).toBe(false);
      return undefined;
    };
    await pacer.run(beginMs + 2 * hours, forever);
    // 12 s, less the 5 s that it catches up with.
    expect(computer.realMs - 8 * hours).toBeGreaterThan(6.9 * seconds);
    expect(computer.realMs - 8 * hours).toBeLessThan(12.1 * seconds);
  });

  it("runs as fast as a slow computer can, says so, and is on time again when the computer is", async () => {
    const { pacer, computer, steps } = stage(600, { cost: 1 / 200 });
    await pacer.run(beginMs + 3 * hours, forever);
    expect(pacer.pace()).toMatchObject({ asked: 600, tooSlow: true });
    expect(pacer.pace().actual).toBeCloseTo(200, -1);
    expect(computer.realMs).toBeGreaterThan(53 * seconds);
    expect(steps.every(({ toMs }, index) => toMs > (steps[index - 1]?.toMs ?? 0))).toBe(true);
    computer.cost = 0;
    const fastMs = computer.realMs;
    await pacer.run(beginMs + 6 * hours, forever);
    expect(pacer.pace().tooSlow).toBe(false);
    expect(computer.realMs - fastMs).toBeGreaterThan(12 * seconds);
  });

  it("does not hide that a computer is a little too slow", async () => {
    const { pacer } = stage(600, { cost: 1 / 585 });
    await pacer.run(beginMs + 72 * hours, forever);
    expect(pacer.pace().tooSlow).toBe(true);
    expect(Math.round(pacer.pace().actual ?? 0)).toBe(585);
  });

  it.each([
    ["stumbles again and again", (nth: number) => (nth % 10 === 0 ? 200 : 0)],
    ["is busy with something else for a while", (nth: number) => (nth === 100 ? 2_400 : 0)],
  ])("does not call a computer slow that %s", async (_, late) => {
    const { pacer, computer } = stage(600, { late });
    let slow = 0;
    computer.onStep = () => {
      if (pacer.pace().tooSlow) slow += 1;
      return undefined;
    };
    await pacer.run(beginMs + 6 * hours, forever);
    expect(slow).toBe(0);
  });

  it("never goes back, whatever the real clock does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 3_600 }), async (seed, speed) => {
        const { random } = createSeededEntropy(seed);
        const late = () => (random() - 0.45) * 500;
        const { pacer, steps, now } = stage(speed, { late, cost: random() / speed / 2 });
        await pacer.run(beginMs + speed * 20 * seconds, forever);
        expect(now()).toBe(beginMs + speed * 20 * seconds);
        for (const { fromMs, toMs } of steps) expect(toMs).toBeGreaterThan(fromMs);
      }),
      { numRuns: 50 },
    );
  });

  it("needs no rest when it is to be as fast as it can", async () => {
    const { pacer, computer } = stage("max", { cost: 1 / 5_000 });
    await pacer.run(beginMs + 24 * hours, forever);
    expect(computer.sleeps).toBe(0);
    expect(pacer.pace()).toMatchObject({ asked: "max", tooSlow: false });
    expect(pacer.pace().actual).toBeCloseTo(5_000, -2);
  });

  it("stands still while it is paused, and goes on as if nothing had been", async () => {
    const { pacer, computer, now } = stage(600);
    let pausedAtMs = 0;
    computer.onStep = () => {
      if (pausedAtMs === 0 && computer.realMs > 2 * seconds) {
        pausedAtMs = now();
        pacer.pause(true);
      }
      if (pacer.pace().paused) expect(now()).toBe(pausedAtMs);
      if (computer.realMs > 30 * seconds) pacer.pause(false);
      return undefined;
    };
    await pacer.run(beginMs + hours, forever);
    expect(pausedAtMs).toBeGreaterThan(beginMs);
    // 6 s of running, and 28 of rest.
    expect(Math.abs(computer.realMs - 34 * seconds)).toBeLessThan(300);
  });

  it("stops soon when it is told to, and can be run again", async () => {
    const { pacer, computer, now } = stage("max", { cost: 1 / 5_000 });
    const end = new AbortController();
    computer.onStep = () => {
      if (now() >= beginMs + hours) end.abort();
      return undefined;
    };
    await pacer.run(beginMs + 24 * hours, end.signal);
    expect(now()).toBe(beginMs + hours);
    await pacer.run(beginMs + 2 * hours, forever);
    expect(now()).toBe(beginMs + 2 * hours);
  });
});
