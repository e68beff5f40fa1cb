import type { Clock } from "../../ports/clock.ts";
import type { DeliveryLog } from "../../ports/delivery-log.ts";
import { assertName, deliveryMemoryMs } from "../limits.ts";
import type { Connection } from "./connection.ts";

/** Remembers deliveries for 3 days. */
export function createSqliteDeliveries(connection: Connection, clock: Clock): DeliveryLog {
  return {
    async seen(id, options) {
      assertName(id, "The id of a delivery");
      const sql = "SELECT 1 FROM deliveries WHERE id = ? AND expires_at_ms > ?";
      return connection.read(
        (prepare) => prepare(sql).get(id, clock.now()) !== undefined,
        options?.signal,
      );
    },
    async mark(id, options) {
      assertName(id, "The id of a delivery");
      await connection.write((prepare) => {
        const nowMs = clock.now();
        prepare(
          `DELETE FROM deliveries WHERE id IN
           (SELECT id FROM deliveries WHERE expires_at_ms <= ? LIMIT 10)`,
        ).run(nowMs);
        prepare("INSERT OR REPLACE INTO deliveries (id, expires_at_ms) VALUES (?, ?)").run(
          id,
          nowMs + deliveryMemoryMs,
        );
      }, options?.signal);
    },
  };
}
