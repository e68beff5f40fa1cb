import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Lease, Leases } from "@runs-fleet/core";
import { assertInteger } from "@runs-fleet/core/embedded/rules";
import { count } from "./attribute.ts";
import type { Conditional } from "./calls.ts";
import { all, type Condition, compared, missing } from "./condition.ts";
import { writeExpressions } from "./expression.ts";
import {
  isHeld,
  isLatest,
  type LeaseAttribute,
  leaseAttributes,
  leaseKey,
  readLease,
} from "./lease-item.ts";
import { assertKey } from "./names.ts";
import { tableNameOf } from "./tables.ts";
import type { StoreTools } from "./tools.ts";

/** Leases in a table of their own. Epochs outlive their holders: a lease that was given up stays, expired. */
export function createLeases({ client, calls, clock, tablePrefix }: StoreTools): Leases {
  const TableName = tableNameOf(tablePrefix, "leases");

  const find = async (shard: string, signal: AbortSignal | undefined) => {
    const input = { TableName, Key: leaseKey(shard), ConsistentRead: true };
    const { Item } = await calls.call({
      purpose: `read the lease of ${shard}`,
      signal,
      send: (options) => client.send(new GetItemCommand(input), options),
    });
    return Item && readLease(Item, shard);
  };

  const set = (
    lease: Lease,
    askedAtMs: number,
    condition: Condition<LeaseAttribute>,
    purpose: string,
    signal: AbortSignal | undefined,
  ): Promise<Conditional> => {
    const writer = writeExpressions<LeaseAttribute>();
    const input = {
      TableName,
      Key: leaseKey(lease.shard),
      UpdateExpression: writer.set(leaseAttributes(lease, askedAtMs)),
      ConditionExpression: writer.condition(condition),
      ...writer.aliases(),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
    };
    return calls.conditionally({
      purpose: `${purpose} the lease of ${lease.shard}`,
      signal,
      send: (options) => client.send(new UpdateItemCommand(input), options),
    });
  };

  return {
    async acquire(shard, owner, ttlMs, options) {
      const signal = options?.signal;
      signal?.throwIfAborted();
      assertKey(shard, "A shard");
      assertKey(owner, "The owner of a lease");
      assertInteger(ttlMs, "ttlMs", 1);
      // Those who stand by ask often: a read disturbs no transaction of the one who works.
      let found = await find(shard, signal);
      for (let tries = 1; ; tries += 1) {
        const nowMs = clock.now();
        const isLive = found !== undefined && found.expiresAtMs > nowMs;
        if (isLive && found?.owner !== owner) return undefined;
        const epoch = (found?.epoch ?? 0) + (isLive ? 0 : 1);
        const lease = { shard, owner, epoch, expiresAtMs: nowMs + ttlMs };
        const outcome = await set(lease, nowMs, isAsFound(found), "take", signal);
        if (outcome.ok) return lease;
        // Someone was faster, or we were: then our first answer was lost, and this is our lease.
        found = outcome.item && readLease(outcome.item, shard);
        if (tries > 2) await calls.pause(tries, { purpose: `take the lease of ${shard}`, signal });
      }
    },
    async renew(lease, ttlMs, options) {
      const signal = options?.signal;
      signal?.throwIfAborted();
      assertInteger(ttlMs, "ttlMs", 1);
      const { shard, owner, epoch } = lease;
      const nowMs = clock.now();
      const renewed = { shard, owner, epoch, expiresAtMs: nowMs + ttlMs };
      const isLater = compared<LeaseAttribute>("askedAtMs", "<=", count(nowMs));
      const condition = all(isHeld(lease, nowMs), isLater);
      const outcome = await set(renewed, nowMs, condition, "renew", signal);
      if (outcome.ok) return renewed;
      const found = outcome.item && readLease(outcome.item, shard);
      const isOurs = found?.owner === owner && found.epoch === epoch && found.expiresAtMs > nowMs;
      // A renewal that was asked for later has arrived before this one.
      return isOurs ? found : undefined;
    },
    async release(lease, options) {
      const signal = options?.signal;
      signal?.throwIfAborted();
      const nowMs = clock.now();
      await set({ ...lease, expiresAtMs: 0 }, nowMs, isHeld(lease, nowMs), "give up", signal);
    },
  };
}

/** Nothing has happened to the lease since it was read. */
function isAsFound(found: Lease | undefined): Condition<LeaseAttribute> {
  if (found === undefined) return missing("shard");
  return all(isLatest(found), compared("expiresAtMs", "=", count(found.expiresAtMs)));
}
