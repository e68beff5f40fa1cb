/** Last parameter of every effect. */
export interface CallOptions {
  /** Cancels the call: it rejects with `signal.reason`. What was sent may still happen. */
  readonly signal?: AbortSignal;
}
