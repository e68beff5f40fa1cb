import type { DoctorContext } from "../context.ts";

/**
 * Asks until there is an answer.
 *
 * @param pace - Pause between two questions, and when to give up, milliseconds.
 * @returns The answer, or `undefined` when there was none in time. Rejects with the reason of the run's signal.
 */
export async function pollFor<T>(
  { clock, signal }: Pick<DoctorContext, "clock" | "signal">,
  pace: { readonly everyMs: number; readonly forMs: number },
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const endMs = clock.monotonicMs() + pace.forMs;
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (clock.monotonicMs() + pace.everyMs > endMs) return undefined;
    await clock.sleep(pace.everyMs, signal);
  }
}
