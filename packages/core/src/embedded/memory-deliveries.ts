import type { Clock } from "../ports/clock.ts";
import type { DeliveryLog } from "../ports/delivery-log.ts";
import { assertName, deliveryMemoryMs } from "./limits.ts";

/** Remembers deliveries for 3 days. */
export function createMemoryDeliveries(clock: Clock): DeliveryLog {
  // In order of expiry, because all entries live equally long.
  const expiries = new Map<string, number>();

  function forgetExpired(nowMs: number): void {
    for (const [id, expiresAtMs] of expiries) {
      if (expiresAtMs > nowMs) return;
      expiries.delete(id);
    }
  }

  return {
    async seen(id, options) {
      options?.signal?.throwIfAborted();
      assertName(id, "The id of a delivery");
      return (expiries.get(id) ?? 0) > clock.now();
    },
    async mark(id, options) {
      options?.signal?.throwIfAborted();
      assertName(id, "The id of a delivery");
      const nowMs = clock.now();
      forgetExpired(nowMs);
      expiries.delete(id);
      expiries.set(id, nowMs + deliveryMemoryMs);
    },
  };
}
