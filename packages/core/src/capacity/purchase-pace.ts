import type { CallRate } from "../ports/machine-provider.ts";
import { type CallBucket, createCallBucket } from "./call-bucket.ts";

/** Launches of a burst that a controller leaves alone: a predecessor, or a neighbour in the account, has just bought. */
const leftToOthers = 1;

/** Holds nothing back. */
const unpaced: CallBucket = Object.freeze({
  left: () => Number.POSITIVE_INFINITY,
  spend: () => undefined,
  nextMs: () => undefined,
});

/**
 * Checks the pace that a provider states.
 *
 * @throws A `RangeError` unless `burst` is a whole number of at least 1 and `perSecond` a finite one above 0.
 */
export function assertCallRate({ burst, perSecond }: CallRate, what: string): void {
  if (Number.isSafeInteger(burst) && burst >= 1 && perSecond > 0 && perSecond < Infinity) return;
  throw new RangeError(
    `${what} must have a burst of at least 1 and a rate above 0: ${burst}, ${perSecond} a second`,
  );
}

/** The purchases that one controller makes at a provider of this pace; `undefined`: as many as there are. */
export function createPurchasePace(rate: CallRate | undefined): CallBucket {
  if (rate === undefined) return unpaced;
  const { burst, perSecond } = rate;
  return createCallBucket({ burst: Math.max(1, burst - leftToOthers), perSecond });
}
