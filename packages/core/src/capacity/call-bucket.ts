import type { CallRate } from "../ports/machine-provider.ts";

/** Calls that a service grants at once, and so many a second after that. */
export interface CallBucket {
  /** Calls left now. */
  left(nowMs: number): number;
  /** Notes one call, granted or not. */
  spend(nowMs: number): void;
  /** When one more is left again; `undefined`: now. */
  nextMs(nowMs: number): number | undefined;
}

/**
 * Makes a bucket with one call in it: what a predecessor has spent is not known.
 *
 * @throws A `RangeError` unless both numbers are positive.
 */
export function createCallBucket({ burst, perSecond }: CallRate): CallBucket {
  if (!(burst > 0 && perSecond > 0)) {
    throw new RangeError(`burst and perSecond must be positive: ${burst}, ${perSecond}`);
  }
  let tokens = Math.min(1, burst);
  let filledMs = Number.NaN;
  const fill = (nowMs: number): void => {
    // A clock that was set back fills nothing, and does not fill twice what it filled before.
    const passedMs = Number.isNaN(filledMs) ? 0 : Math.max(0, nowMs - filledMs);
    tokens = Math.min(burst, tokens + (passedMs * perSecond) / 1_000);
    filledMs = nowMs;
  };
  return {
    left: (nowMs) => {
      fill(nowMs);
      return Math.max(0, Math.floor(tokens));
    },
    spend: (nowMs) => {
      fill(nowMs);
      tokens -= 1;
    },
    nextMs: (nowMs) => {
      fill(nowMs);
      return tokens >= 1 ? undefined : nowMs + Math.ceil(((1 - tokens) * 1_000) / perSecond);
    },
  };
}
