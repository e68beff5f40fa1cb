import type { Clock } from "../ports/clock.ts";
import type { Lease, Leases } from "../ports/state-store.ts";
import { assertInteger, assertName } from "./limits.ts";

/** Leases in memory, with the check that a commit needs. */
export interface MemoryLeases extends Leases {
  /** Whether the lease item carries this owner and epoch and has not expired. */
  holds(lease: Lease): boolean;
  /** Whether a later epoch of the shard has begun. */
  isOver(lease: Lease): boolean;
}

/** Epochs outlive their holders: a lease that was given up stays, expired, so that the next epoch is larger. */
export function createMemoryLeases(clock: Clock): MemoryLeases {
  const items = new Map<string, Lease>();

  function holds(lease: Lease): boolean {
    const item = items.get(lease.shard);
    return (
      item !== undefined &&
      item.owner === lease.owner &&
      item.epoch === lease.epoch &&
      item.expiresAtMs > clock.now()
    );
  }

  function put(shard: string, owner: string, epoch: number, expiresAtMs: number): Lease {
    const item = Object.freeze({ shard, owner, epoch, expiresAtMs });
    items.set(shard, item);
    return item;
  }

  return {
    holds,
    isOver: ({ shard, epoch }) => (items.get(shard)?.epoch ?? 0) > epoch,
    async acquire(shard, owner, ttlMs, options) {
      options?.signal?.throwIfAborted();
      assertName(shard, "A shard");
      assertName(owner, "The owner of a lease");
      assertInteger(ttlMs, "ttlMs", 1);
      const item = items.get(shard);
      const nowMs = clock.now();
      if (item !== undefined && item.expiresAtMs > nowMs) {
        return item.owner === owner ? put(shard, owner, item.epoch, nowMs + ttlMs) : undefined;
      }
      return put(shard, owner, (item?.epoch ?? 0) + 1, nowMs + ttlMs);
    },
    async renew(lease, ttlMs, options) {
      options?.signal?.throwIfAborted();
      assertInteger(ttlMs, "ttlMs", 1);
      if (!holds(lease)) return undefined;
      return put(lease.shard, lease.owner, lease.epoch, clock.now() + ttlMs);
    },
    async release(lease, options) {
      options?.signal?.throwIfAborted();
      if (holds(lease)) put(lease.shard, lease.owner, lease.epoch, 0);
    },
  };
}
