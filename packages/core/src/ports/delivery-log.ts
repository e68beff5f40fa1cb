import type { CallOptions } from "./call-options.ts";

/**
 * Which webhook deliveries were already enqueued. Marked after the enqueue: it saves work, it proves nothing.
 * Entries may be forgotten after 3 days, for which GitHub can redeliver.
 */
export interface DeliveryLog {
  seen(id: string, options?: CallOptions): Promise<boolean>;
  mark(id: string, options?: CallOptions): Promise<void>;
}
