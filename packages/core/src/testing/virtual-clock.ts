import { nextTick } from "node:process";
import { setImmediate } from "node:timers";
import { createMinHeap } from "../embedded/min-heap.ts";
import type { Clock } from "../ports/clock.ts";

/** A clock that stands still until it is told to move. */
export interface VirtualClock extends Clock {
  /** Moves time by `byMs` as {@link VirtualClock.runUntil} does. */
  advance(byMs: number): Promise<void>;
  /**
   * Moves time to `atMs`, waking sleepers one by one in the order of their instants (of their calls, when equal). What
   * a sleeper does before it waits again happens at its instant, and before the next one wakes.
   *
   * @throws A RangeError when `atMs` lies in the past; a TypeError while the clock is already running.
   */
  runUntil(atMs: number): Promise<void>;
}

interface Sleeper {
  readonly atMs: number;
  readonly sequence: number;
  wake: (() => void) | undefined;
}

/** Options of {@link createVirtualClock}. */
export interface VirtualClockOptions {
  /**
   * Whether those who yield to the event loop get a turn after each sleeper. Without it they get one at the start of
   * each run only; for code that lives on promises alone the order is the same, and a run takes much less time.
   *
   * @defaultValue true
   */
  readonly yields?: boolean;
}

/** Lets everything happen that needs no time: all microtasks, and one turn of those who yield to the event loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Lets all microtasks happen: the callbacks of ticks are called when none is left. */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => {
    nextTick(resolve);
  });
}

/**
 * A clock for tests and simulations; the same calls give the same order of events. Real input and output (disk, network,
 * processes) takes no virtual time and is not waited for.
 *
 * `sleep` resolves at once for a delay of 0 or less, and never for one of `Infinity`.
 *
 * @param startMs - Epoch milliseconds. `monotonicMs` starts at 0.
 * @throws A RangeError when `startMs` is no safe integer.
 */
export function createVirtualClock(
  startMs: number,
  { yields = true }: VirtualClockOptions = {},
): VirtualClock {
  if (!Number.isSafeInteger(startMs)) {
    throw new RangeError(`startMs must be a safe integer, is ${startMs}`);
  }
  const settleWoken = yields ? settle : settlePromises;
  const sleepers = createMinHeap<Sleeper>((left, right) =>
    left.atMs === right.atMs ? left.sequence < right.sequence : left.atMs < right.atMs,
  );
  let nowMs = startMs;
  let lastSequence = 0;
  let isRunning = false;

  function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (Number.isNaN(delayMs)) throw new RangeError("delayMs must be a number, is NaN");
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      if (delayMs <= 0) {
        resolve();
        return;
      }
      lastSequence += 1;
      // Whole milliseconds, rounded up: never early.
      const atMs = nowMs + Math.ceil(delayMs);
      const sleeper: Sleeper = { atMs, sequence: lastSequence, wake: undefined };
      const onAbort = (): void => {
        sleeper.wake = undefined;
        reject(signal?.reason);
      };
      sleeper.wake = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      if (atMs < Number.POSITIVE_INFINITY) sleepers.push(sleeper);
    });
  }

  async function wakeAllUntil(atMs: number): Promise<void> {
    await settle();
    for (;;) {
      const next = sleepers.peek();
      if (next === undefined || next.atMs > atMs) return;
      sleepers.pop();
      if (next.wake === undefined) continue;
      nowMs = Math.max(nowMs, next.atMs);
      next.wake();
      await settleWoken();
    }
  }

  async function runUntil(atMs: number): Promise<void> {
    if (isRunning) throw new TypeError("The clock is already running");
    if (!(Number.isFinite(atMs) && atMs >= nowMs)) {
      throw new RangeError(`atMs must not lie before ${nowMs}, is ${atMs}`);
    }
    isRunning = true;
    try {
      await wakeAllUntil(atMs);
      nowMs = atMs;
    } finally {
      isRunning = false;
    }
  }

  return {
    now: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    sleep,
    advance: (byMs) => runUntil(nowMs + byMs),
    runUntil,
  };
}
