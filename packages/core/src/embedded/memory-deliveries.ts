import type { Clock } from "../ports/clock.ts";
import type { DeliveryLog } from "../ports/delivery-log.ts";
import { systemClock } from "../ports/system-clock.ts";
import { assertName, deliveryMemoryMs } from "./limits.ts";

/** Most deliveries that are remembered: those of 3 busy days, in some 20 MB. The oldest are forgotten. */
const mostDeliveries = 200_000;

/**
 * Remembers deliveries for 3 days, in this process alone.
 *
 * @param clock - @defaultValue `systemClock`
 */
export function createMemoryDeliveries(clock: Clock = systemClock): DeliveryLog {
  // In order of expiry, because all entries live equally long.
  const expiries = new Map<string, number>();

  function forgetExpired(nowMs: number): void {
    for (const [id, expiresAtMs] of expiries) {
      if (expiresAtMs > nowMs && expiries.size < mostDeliveries) return;
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
