/** The only source of time below the hosts. Adapters must pass `describeClockContract`. */
export interface Clock {
  /** Epoch milliseconds. May jump when the host's clock is set. */
  now(): number;
  /** Milliseconds since an arbitrary moment; never goes back. For leases and budgets. */
  monotonicMs(): number;
  /** Resolves after `delayMs`; rejects with `signal.reason` as soon as the signal aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The only source of ids and jitter. */
export interface Entropy {
  /** A random UUID, lower-case. */
  uuid(): string;
  /** A number in [0, 1). */
  random(): number;
}
