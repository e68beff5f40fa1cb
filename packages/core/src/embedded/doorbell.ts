import type { Clock } from "../ports/clock.ts";

/** Wakes those who wait for news inside this process. */
export interface Doorbell {
  /** Wakes everyone who waits now. */
  ring(): void;
  /** Resolves at the next ring or after `delayMs`; rejects with `signal.reason` when the signal aborts. */
  wait(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** Why the timer of a wait ends early; a reason of its own for each would cost more than the wait. */
const left = new Error("Nobody waits here any more");

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
        };
        const wake = (): void => {
          leave();
          resolve();
          timer.abort(left);
        };
        const onAbort = (): void => {
          leave();
          reject(signal?.reason);
          timer.abort(left);
        };
        waiters.add(wake);
        signal?.addEventListener("abort", onAbort, { once: true });
        clock.sleep(delayMs, timer.signal).then(
          () => {
            leave();
            resolve();
          },
          // The rejection is our own abort: the promise is settled by then.
          () => undefined,
        );
      });
    },
  };
}
