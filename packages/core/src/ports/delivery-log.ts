import type { CallOptions } from "./call-options.ts";

/**
 * Which webhook deliveries were already enqueued. Marked after the enqueue: it saves work, it proves nothing.
 * Entries may be forgotten after 3 days, for which GitHub can redeliver.
 */
export interface DeliveryLog {
  /** Whether the delivery was marked and is not forgotten yet. */
  seen(id: string, options?: CallOptions): Promise<boolean>;
  /** Remembers a delivery that was enqueued. Marked again: nothing changes. */
  mark(id: string, options?: CallOptions): Promise<void>;
}
