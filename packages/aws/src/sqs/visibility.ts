import { longestVisibilityMs } from "./limits.ts";

/**
 * A visibility as SQS counts it, in whole seconds: never shorter than asked for.
 *
 * @throws A RangeError for more than 12 hours.
 */
export function visibilitySeconds(visibilityMs: number): number {
  if (visibilityMs > longestVisibilityMs) {
    throw new RangeError(
      `visibilityMs must be at most ${longestVisibilityMs} (12 hours), is ${visibilityMs}`,
    );
  }
  return Math.ceil(visibilityMs / 1_000);
}
