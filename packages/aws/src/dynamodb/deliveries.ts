import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { DeliveryLog } from "@runs-fleet/core";
import { deliveryMemoryMs } from "@runs-fleet/core/embedded/rules";
import { count, readItem, text, ttl } from "./attribute.ts";
import { assertKey } from "./names.ts";
import { tableNameOf } from "./tables.ts";
import type { StoreTools } from "./tools.ts";

/** The attributes of a delivery's item. */
type DeliveryAttribute = "id" | "expiresAtMs" | "ttlSeconds";

/** Remembers deliveries for 3 days. */
export function createDeliveries({ client, calls, clock, tablePrefix }: StoreTools): DeliveryLog {
  const TableName = tableNameOf(tablePrefix, "deliveries");
  return {
    async seen(id, options) {
      const signal = options?.signal;
      signal?.throwIfAborted();
      assertKey(id, "The id of a delivery");
      const input = { TableName, Key: { id: text(id) }, ConsistentRead: true };
      const { Item } = await calls.call({
        purpose: `look up delivery ${id}`,
        signal,
        send: (http) => client.send(new GetItemCommand(input), http),
      });
      if (Item === undefined) return false;
      const read = readItem<DeliveryAttribute>(Item, `Delivery ${id}`);
      return read.count("expiresAtMs") > clock.now();
    },
    async mark(id, options) {
      const signal = options?.signal;
      signal?.throwIfAborted();
      assertKey(id, "The id of a delivery");
      const expiresAtMs = clock.now() + deliveryMemoryMs;
      const Item = {
        id: text(id),
        expiresAtMs: count(expiresAtMs),
        ttlSeconds: ttl(expiresAtMs),
      } satisfies Record<DeliveryAttribute, unknown>;
      await calls.call({
        purpose: `note delivery ${id}`,
        signal,
        send: (http) => client.send(new PutItemCommand({ TableName, Item }), http),
      });
    },
  };
}
