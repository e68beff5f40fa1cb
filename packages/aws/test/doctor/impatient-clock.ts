import { type Clock, systemClock } from "@runs-fleet/core";

/** Waits pass so many times faster; the date stays what it is, for others go by it too. */
export function createImpatientClock(times: number): Clock {
  return {
    now: () => systemClock.now(),
    monotonicMs: () => systemClock.monotonicMs() * times,
    sleep: (delayMs, signal) => systemClock.sleep(delayMs / times, signal),
  };
}
