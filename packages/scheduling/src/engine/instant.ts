import type { Instant } from "../types/schedule.ts";

/** Epoch milliseconds of an instant. */
export const epochMs = (instant: Instant): number =>
  typeof instant === "number" ? instant : instant.epochMilliseconds;
