import type { Clock } from "../ports/clock.ts";

/** Wakes those who wait for news inside this process. */
export interface Doorbell {
  /** Wakes everyone who waits now. */
  ring(): void;
  /** Resolves at the next ring or after `delayMs`; rejects with `signal.reason` when the signal aborts. */
  wait(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** A doorbell nobody waits at. */
export function createDoorbell(clock: Clock): Doorbell {
  const waiters = new Set<() => void>();
  return {
    ring() {
      for (const wake of [...waiters]) wake();
    },
    wait(delayMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const timer = new AbortController();
        const leave = (): void => {
          waiters.delete(wake);
          signal?.removeEventListener("abort", onAbort);
          timer.abort();
        };
        const wake = (): void => {
          leave();
          resolve();
        };
        const onAbort = (): void => {
          leave();
          reject(signal?.reason);
        };
        waiters.add(wake);
        signal?.addEventListener("abort", onAbort, { once: true });
        // The rejection is our own abort: the promise is settled by then.
        clock.sleep(delayMs, timer.signal).then(wake, () => undefined);
      });
    },
  };
}
