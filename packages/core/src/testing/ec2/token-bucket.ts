/** How much a bucket holds, and how fast it fills. */
export interface BucketSize {
  /** Tokens that a full bucket holds: what can be taken at once. */
  readonly burst: number;
  /** Tokens that it gains each second until it is full. */
  readonly perSecond: number;
}

/** A bucket that is full at first. */
export interface TokenBucket {
  /** Takes `count` tokens, or answers false and takes none. */
  take(count: number, nowMs: number): boolean;
}

/** Fills steadily; the moments at which it is asked change nothing. */
export function createTokenBucket({ burst, perSecond }: BucketSize): TokenBucket {
  // Counted in thousandths, so that all sums are of whole numbers.
  const most = burst * 1_000;
  let held = most;
  let atMs: number | undefined;
  return {
    take(count, nowMs) {
      if (atMs !== undefined && nowMs > atMs) {
        held = Math.min(most, held + (nowMs - atMs) * perSecond);
      }
      atMs = Math.max(nowMs, atMs ?? nowMs);
      if (held < count * 1_000) return false;
      held -= count * 1_000;
      return true;
    },
  };
}
