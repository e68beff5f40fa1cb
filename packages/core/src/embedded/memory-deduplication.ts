import { deduplicationMs } from "./limits.ts";

/** Remembers deduplication ids for 5 minutes. */
export interface Deduplication {
  /** Whether the id was not seen in the last 5 minutes; it is remembered from then on. */
  isNew(id: string, nowMs: number): boolean;
}

/** Nothing remembered. The window starts with the first message of an id; duplicates do not prolong it. */
export function createDeduplication(): Deduplication {
  // In order of expiry, because all entries live equally long.
  const expiries = new Map<string, number>();
  return {
    isNew(id, nowMs) {
      for (const [old, expiresAtMs] of expiries) {
        if (expiresAtMs > nowMs) break;
        expiries.delete(old);
      }
      if (expiries.has(id)) return false;
      expiries.set(id, nowMs + deduplicationMs);
      return true;
    },
  };
}
