import { type Clock, systemClock } from "@runs-fleet/core";

/** How many times faster time passes. */
export interface Impatience {
  /** For who sleeps. */
  readonly sleeps: number;
  /** For who waits for something until a deadline: less where the machine may be slow to bring it. */
  readonly deadlines: number;
}

/** Waits pass faster; the date stays what it is, for others go by it too. */
export function createImpatientClock({ sleeps, deadlines }: Impatience): Clock {
  return {
    now: () => systemClock.now(),
    monotonicMs: () => systemClock.monotonicMs() * deadlines,
    sleep: (delayMs, signal) => systemClock.sleep(delayMs / sleeps, signal),
  };
}
