import type { Clock, Entropy } from "./clock.ts";

/** Longest delay that the platform's timer takes, milliseconds; longer ones fire at once. */
const longestTimerMs = 2_147_483_647;

function sleepOnce(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

async function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  let restMs = Math.max(0, delayMs);
  while (restMs > longestTimerMs) {
    await sleepOnce(longestTimerMs, signal);
    restMs -= longestTimerMs;
  }
  await sleepOnce(restMs, signal);
}

/** The clock of the machine. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep,
});

/** The randomness of the machine. */
export const systemEntropy: Entropy = Object.freeze({
  uuid: () => globalThis.crypto.randomUUID(),
  random: () => Math.random(),
});
