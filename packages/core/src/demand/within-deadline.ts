import type { Clock } from "../ports/clock.ts";
import { FleetError } from "../ports/failure.ts";

/** Why the wait for the deadline is called off. One for all: an error for each call would cost more than the rest of it. */
const finished = new Error("Finished in time");

/**
 * Resolves as `run` does or, when that takes longer than `limitMs`, rejects. The signal that `run` gets aborts when the time
 * is up, and when `run` is over. What was started may still happen.
 *
 * @throws A {@link FleetError} `unavailable` when the time is up.
 */
export async function withinDeadline<T>(
  clock: Clock,
  limitMs: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const expiry = clock.sleep(limitMs, signal).then(
    () => {
      const error = new FleetError({
        kind: "unavailable",
        message: `No answer within ${limitMs} ms`,
      });
      controller.abort(error);
      throw error;
    },
    // Woken because the work is over: this promise has nothing to say any more.
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([run(signal), expiry]);
  } finally {
    controller.abort(finished);
  }
}
