import type { Clock } from "../../ports/clock.ts";
import type { Lease, Leases } from "../../ports/state-store.ts";
import { assertInteger, assertName } from "../limits.ts";
import type { Connection, Prepare } from "./connection.ts";

interface LeaseRow {
  readonly owner: string;
  readonly epoch: number;
  readonly expires_at_ms: number;
}

function find(prepare: Prepare, shard: string): LeaseRow | undefined {
  const sql = "SELECT owner, epoch, expires_at_ms FROM leases WHERE shard = ?";
  return prepare(sql).get(shard) as LeaseRow | undefined;
}

function put(prepare: Prepare, lease: Lease): Lease {
  prepare(
    `INSERT INTO leases (shard, owner, epoch, expires_at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (shard) DO UPDATE
     SET owner = excluded.owner, epoch = excluded.epoch, expires_at_ms = excluded.expires_at_ms`,
  ).run(lease.shard, lease.owner, lease.epoch, lease.expiresAtMs);
  return lease;
}

/** Whether the lease item carries this owner and epoch and has not expired. */
export function holdsLease(prepare: Prepare, lease: Lease, nowMs: number): boolean {
  const row = find(prepare, lease.shard);
  return (
    row !== undefined &&
    row.owner === lease.owner &&
    row.epoch === lease.epoch &&
    row.expires_at_ms > nowMs
  );
}

/** Whether a later epoch of the shard has begun. */
export function isLeaseOver(prepare: Prepare, { shard, epoch }: Lease): boolean {
  return (find(prepare, shard)?.epoch ?? 0) > epoch;
}

/** Epochs outlive their holders: a lease that was given up stays, expired, so that the next epoch is larger. */
export function createSqliteLeases(connection: Connection, clock: Clock): Leases {
  function isHeldByOther(prepare: Prepare, shard: string, owner: string): boolean {
    const row = find(prepare, shard);
    return row !== undefined && row.owner !== owner && row.expires_at_ms > clock.now();
  }

  return {
    async acquire(shard, owner, ttlMs, options) {
      assertName(shard, "A shard");
      assertName(owner, "The owner of a lease");
      assertInteger(ttlMs, "ttlMs", 1);
      // Those who stand by ask often: they must not take the lock from the one who works.
      const isHeld = await connection.read(
        (prepare) => isHeldByOther(prepare, shard, owner),
        options?.signal,
      );
      if (isHeld) return undefined;
      return connection.write((prepare) => {
        if (isHeldByOther(prepare, shard, owner)) return undefined;
        const row = find(prepare, shard);
        const nowMs = clock.now();
        const isOurs = row !== undefined && row.owner === owner && row.expires_at_ms > nowMs;
        const epoch = isOurs ? row.epoch : (row?.epoch ?? 0) + 1;
        return put(prepare, { shard, owner, epoch, expiresAtMs: nowMs + ttlMs });
      }, options?.signal);
    },
    async renew(lease, ttlMs, options) {
      assertInteger(ttlMs, "ttlMs", 1);
      return connection.write((prepare) => {
        const nowMs = clock.now();
        if (!holdsLease(prepare, lease, nowMs)) return undefined;
        const { shard, owner, epoch } = lease;
        return put(prepare, { shard, owner, epoch, expiresAtMs: nowMs + ttlMs });
      }, options?.signal);
    },
    async release(lease, options) {
      await connection.write((prepare) => {
        if (holdsLease(prepare, lease, clock.now())) put(prepare, { ...lease, expiresAtMs: 0 });
      }, options?.signal);
    },
  };
}
