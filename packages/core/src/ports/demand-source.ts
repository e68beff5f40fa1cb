import type { CallOptions } from "./call-options.ts";
import type { JobEvent } from "./demand-event.ts";

/** One event of a source, to be acknowledged when it is durable. */
export interface SourcedDemand {
  readonly event: JobEvent;
  acknowledge(): Promise<void>;
}

/** Where jobs come from besides webhooks. Adapters must pass `describeDemandSourceContract`. */
export interface DemandSource {
  readonly name: string;
  /**
   * Yields demand until the signal aborts, then rejects with its reason; what was not acknowledged is yielded again
   * later.
   */
  receive(options?: CallOptions): AsyncIterable<SourcedDemand>;
}
