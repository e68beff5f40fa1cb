import type { CallOptions } from "./call-options.ts";
import type { JobEvent } from "./demand-event.ts";

/** One event of a source, to be acknowledged when it is durable. */
export interface SourcedDemand {
  /** What happened to which job. */
  readonly event: JobEvent;
  /** The event is durable: the source need not yield it again. */
  acknowledge(): Promise<void>;
}

/** Where jobs come from besides webhooks. Adapters must pass `describeDemandSourceContract`. */
export interface DemandSource {
  /** Names the source in decisions and logs. */
  readonly name: string;
  /**
   * Yields demand until the signal aborts, then rejects with its reason; what was not acknowledged is yielded again
   * later.
   */
  receive(options?: CallOptions): AsyncIterable<SourcedDemand>;
}
