import type { Instant } from "../types/schedule.ts";

/** Latest instant of the calendar that JavaScript knows, either way from the epoch. */
export const MAX_INSTANT_MS = 8.64e15;

/** Says what an instant is. */
export const NO_INSTANT = "Not an instant";

/** Epoch milliseconds of an instant. */
export const epochMs = (instant: Instant): number =>
  typeof instant === "number" ? instant : instant.epochMilliseconds;

/**
 * Epoch milliseconds of what has to be an instant.
 *
 * @throws A `RangeError` when it is none.
 */
export function requireInstant(instant: Instant): number {
  const atMs = epochMs(instant);
  if (Math.abs(atMs) <= MAX_INSTANT_MS) return atMs;
  throw new RangeError(NO_INSTANT);
}
