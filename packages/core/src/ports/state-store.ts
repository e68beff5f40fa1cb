import type { CallOptions } from "./call-options.ts";
import type { DeliveryLog } from "./delivery-log.ts";
import type { Json } from "./json.ts";

/** The kinds of record. Each is a table of its own in adapters that have tables. */
export type TableName =
  | "jobs"
  | "attempts"
  | "machines"
  | "pools"
  | "configurations"
  | "assignments"
  | "decisions";

/** A record as it is stored. The value is core's business: adapters store it, core parses it. */
export interface StoredRecord {
  /** Kind of the record. */
  readonly table: TableName;
  /** Unique within the table over all shards. Never empty, at most 512 characters. */
  readonly id: string;
  /** Shard that the record belongs to, for life. */
  readonly shard: string;
  /** Whether the record still needs its controller. Only open records are loaded. */
  readonly open: boolean;
  /** 1 when first written, one more with each write. */
  readonly version: number;
  /** The record's content. */
  readonly value: Json;
  /** Epoch milliseconds after which the record counts as absent. */
  readonly expiresAtMs?: number;
}

/** One change of one record. */
export interface Write {
  /** Kind of the record. */
  readonly table: TableName;
  /** Id of the record within its table. */
  readonly id: string;
  /** Shard of the record: the lease's. */
  readonly shard: string;
  /** Whether it still needs its controller after this write. */
  readonly open: boolean;
  /** The version the record must have; `absent`: there must be none; `any`: whatever is there. */
  readonly expected: number | "absent" | "any";
  /** The new value; `undefined` deletes the record. */
  readonly value: Json | undefined;
  /** Epoch milliseconds after which the record counts as absent. */
  readonly expiresAtMs?: number;
}

/** The right to be the controller of a shard, for a while. */
export interface Lease {
  /** What it is the right to control. */
  readonly shard: string;
  /** Who holds it, as `acquire` was told. */
  readonly owner: string;
  /** Grows by one with each acquisition of the shard by a new holder. */
  readonly epoch: number;
  /** Epoch milliseconds by the store's clock. */
  readonly expiresAtMs: number;
}

/** Leases on shards. Exactly one live lease per shard. */
export interface Leases {
  /**
   * Takes the lease when it is free, released or expired. `undefined`: someone else holds it.
   * The same owner asking again (after a lost reply, say) gets its own live lease back with the same epoch.
   */
  acquire(
    shard: string,
    owner: string,
    ttlMs: number,
    options?: CallOptions,
  ): Promise<Lease | undefined>;
  /** Extends it. `undefined`: it is no longer ours. */
  renew(lease: Lease, ttlMs: number, options?: CallOptions): Promise<Lease | undefined>;
  /** Gives it up, so that the next owner need not wait. Not ours any more: does nothing. */
  release(lease: Lease, options?: CallOptions): Promise<void>;
}

/**
 * Durable state of the orchestrator. Adapters must pass `describeStateStoreContract`.
 *
 * Every record remembers the epoch under which it was last written; a lease with an older epoch can
 * change it no more. From the moment at which a lease is acquired, nothing of an older epoch of its shard is written any
 * more, new records included: what is to be loaded stands still.
 */
export interface StateStore {
  /** Who may write what. */
  readonly leases: Leases;
  /** Which webhook deliveries were enqueued. */
  readonly deliveries: DeliveryLog;
  /**
   * How long changes may wait for later ones to share a commit with, milliseconds, where commits are paid for one by one. Nothing
   * waits that has to be on record before something is done. At most 15,000: messages wait as well, and are hidden for 30 s.
   *
   * @defaultValue 0
   */
  readonly holdMs?: number;
  /**
   * Writes all or nothing, 1 to 99 records of the lease's shard, one commit at a time per shard.
   *
   * @param options - `checked`: refuse unless the lease item still carries this owner and epoch, in the same
   *   transaction (for what spends money or hands out a credential). Unchecked commits are refused only when a later
   *   epoch of the shard has begun; besides, the epoch and version of each record count.
   * @throws A {@link FleetError} `conflict` when a record's version or epoch, or the lease, is not as expected;
   *   a `RangeError` for 0 or more than 99 writes, two writes of one record, an unknown table, an empty id, another
   *   shard, or a value of more than 400,000 bytes; a `TypeError` for a value that is no JSON.
   */
  commit(
    lease: Lease,
    writes: readonly Write[],
    options?: CallOptions & { readonly checked?: boolean },
  ): Promise<void>;
  /** Every open, unexpired record of the shard, in no particular order; all of them, or it throws. */
  load(shard: string, options?: CallOptions): AsyncIterable<StoredRecord>;
  /**
   * One record, open or closed; `undefined` when absent or expired.
   *
   * @throws A `RangeError` for an unknown table or an empty id.
   */
  get(table: TableName, id: string, options?: CallOptions): Promise<StoredRecord | undefined>;
}
