import { type Defect, describeDefects } from "../../../test/defects.ts";
import type { Clock } from "../../ports/clock.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { describeClockContract } from "./clock.ts";

/** A clock with one defect. */
interface ClockDefect extends Defect {
  breakClock(clock: Clock): Partial<Clock>;
}

const defects: readonly ClockDefect[] = [
  {
    name: "tells seconds",
    caught: "tells epoch milliseconds",
    breakClock: ({ now }) => ({ now: () => now() / 1_000 }),
  },
  {
    name: "stands still",
    caught: "tells epoch milliseconds",
    breakClock: () => ({ now: () => 1_790_000_000_000 }),
  },
  {
    name: "goes back",
    caught: "never goes back on its monotonic side",
    breakClock: ({ monotonicMs }) => ({ monotonicMs: () => -monotonicMs() }),
  },
  {
    name: "wakes early",
    caught: "sleeps for as long as asked, and no less",
    breakClock: ({ sleep }) => ({ sleep: (delayMs, signal) => sleep(delayMs / 2, signal) }),
  },
  {
    name: "does not sleep",
    caught: "sleeps for as long as asked, and no less",
    breakClock: () => ({
      sleep: async (_delayMs, signal) => signal?.throwIfAborted(),
    }),
  },
  {
    name: "wakes the last sleeper first",
    caught: "wakes the one that is due first first",
    breakClock: ({ sleep }) => ({ sleep: (delayMs, signal) => sleep(80 - delayMs, signal) }),
  },
  {
    name: "sleeps for ever when there is nothing to wait for",
    caught: "does not sleep at all for a delay of 0 or less",
    breakClock: ({ sleep }) => ({
      sleep: (delayMs, signal) => sleep(delayMs <= 0 ? Number.POSITIVE_INFINITY : delayMs, signal),
    }),
  },
  {
    name: "cannot be woken",
    caught: "rejects with the reason as soon as the signal aborts",
    breakClock: ({ sleep }) => ({
      async sleep(delayMs, signal) {
        signal?.throwIfAborted();
        return sleep(delayMs);
      },
    }),
  },
  {
    name: "wakes without a word when it is cancelled",
    caught: "rejects with the reason as soon as the signal aborts",
    breakClock: ({ sleep }) => ({
      sleep: (delayMs, signal) => sleep(delayMs, signal).catch(() => undefined),
    }),
  },
  {
    name: "wraps the reason",
    caught: "rejects with the reason as soon as the signal aborts",
    breakClock: ({ sleep }) => ({
      sleep: (delayMs, signal) =>
        sleep(delayMs, signal).catch((cause) => {
          throw new Error("cancelled", { cause });
        }),
    }),
  },
  {
    name: "does not look at a signal that was aborted before",
    caught: "rejects with the reason of a signal that was aborted before",
    breakClock: ({ sleep }) => ({
      sleep: (delayMs, signal) => (signal?.aborted ? Promise.resolve() : sleep(delayMs, signal)),
    }),
  },
];

describeDefects({
  noun: "a clock",
  defects,
  declare(api, broken) {
    const advances = new WeakMap<Clock, (byMs: number) => Promise<void>>();
    describeClockContract({
      api,
      async create() {
        const sound = createVirtualClock(1_790_000_000_000);
        const clock = { ...sound, ...broken?.breakClock(sound) };
        advances.set(clock, sound.advance);
        return clock;
      },
      traits: { advance: async (clock, byMs) => advances.get(clock)?.(byMs) },
    });
  },
});
