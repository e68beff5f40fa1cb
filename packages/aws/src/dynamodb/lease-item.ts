import type { Lease } from "@runs-fleet/core";
import { count, type Item, readItem, text } from "./attribute.ts";
import { all, type Condition, compared } from "./condition.ts";

/** The attributes of a lease's item. */
export type LeaseAttribute =
  | "shard"
  | "owner"
  | "epoch"
  | "expiresAtMs"
  /** When its last change was asked for: a renewal that comes late must not shorten the lease. */
  | "askedAtMs";

/** The key of a lease. */
export const leaseKey = (shard: string) => ({ shard: text(shard) });

/** What a lease is set to. */
export function leaseAttributes({ owner, epoch, expiresAtMs }: Lease, askedAtMs: number) {
  return {
    owner: text(owner),
    epoch: count(epoch),
    expiresAtMs: count(expiresAtMs),
    askedAtMs: count(askedAtMs),
  } satisfies Partial<Record<LeaseAttribute, unknown>>;
}

/** @throws A FleetError `unknown` when the item is no lease: who cannot read it must not take it. */
export function readLease(item: Item, shard: string): Lease {
  const read = readItem<LeaseAttribute>(item, `The lease of ${shard}`);
  return {
    shard,
    owner: read.text("owner"),
    epoch: read.count("epoch"),
    expiresAtMs: read.count("expiresAtMs"),
  };
}

/** Nobody has taken the lease since: the item has this owner and epoch, expired or not. */
export function isLatest({ owner, epoch }: Lease): Condition<LeaseAttribute> {
  return all(compared("owner", "=", text(owner)), compared("epoch", "=", count(epoch)));
}

/** The lease is held: nobody has taken it since, and it has not expired. */
export function isHeld(lease: Lease, nowMs: number): Condition<LeaseAttribute> {
  return all(isLatest(lease), compared("expiresAtMs", ">", count(nowMs)));
}
