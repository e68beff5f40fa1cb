import type { Lease, TableName, Write } from "../ports/state-store.ts";

/** Every kind of record, typed so that none can be forgotten. */
const tables: Readonly<Record<TableName, true>> = {
  jobs: true,
  attempts: true,
  machines: true,
  pools: true,
  configurations: true,
  assignments: true,
  decisions: true,
};

/** Every kind of record. */
export const tableNames = Object.keys(tables) as readonly TableName[];

/** Longest id, shard and owner, characters. */
const longestName = 512;

/** Most records of one commit: a transaction of 100 items, less one for the lease. */
const mostWrites = 99;

/** Largest value of a record, bytes of JSON: an item of 400 KiB, less its keys. */
export const maxValueBytes = 400_000;

/** Largest body of a message, bytes of JSON. */
export const maxBodyBytes = 262_144;

/** How long a delivery is remembered, milliseconds: GitHub can redeliver for 3 days. */
export const deliveryMemoryMs = 3 * 86_400_000;

/** How long a deduplication id is remembered, milliseconds. */
export const deduplicationMs = 300_000;

/** Receives without an acknowledgement after which a message is a dead letter. */
export const defaultMaxReceives = 50;

/**
 * Ids, shards and owners have 1 to 512 characters without NUL, where texts of C end.
 *
 * @param what - Names it in the error: `A shard`.
 * @throws A RangeError when `value` is no such name.
 */
export function assertName(value: string, what: string): void {
  if (value.includes("\0")) throw new RangeError(`${what} must not hold a NUL character`);
  if (value.length === 0 || value.length > longestName) {
    throw new RangeError(`${what} must have 1 to ${longestName} characters, has ${value.length}`);
  }
}

/**
 * Callers without types may name any table.
 *
 * @throws A RangeError when there is no such table.
 */
export function assertTable(name: TableName): void {
  if (!Object.hasOwn(tables, name)) throw new RangeError(`There is no table ${String(name)}`);
}

/**
 * Numbers of the ports are safe integers.
 *
 * @param what - Names it in the error: `ttlMs`.
 * @throws A RangeError when `value` is no integer of at least `least`.
 */
export function assertInteger(value: number, what: string, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${what} must be an integer of at least ${least}, is ${value}`);
  }
}

/**
 * What every commit must look like, whatever is stored.
 *
 * @throws A RangeError for 0 or more than 99 writes, two writes of one record, an unknown table, a bad id or number, or
 * another shard.
 */
export function assertCommit(lease: Lease, writes: readonly Write[]): void {
  if (writes.length === 0 || writes.length > mostWrites) {
    throw new RangeError(`A commit takes 1 to ${mostWrites} writes, not ${writes.length}`);
  }
  const keys = new Set<string>();
  for (const write of writes) {
    assertTable(write.table);
    assertName(write.id, "The id of a record");
    if (write.shard !== lease.shard) {
      throw new RangeError(`A write for shard ${write.shard} under the lease of ${lease.shard}`);
    }
    if (typeof write.expected === "number") assertInteger(write.expected, "A version", 1);
    if (write.expiresAtMs !== undefined) assertInteger(write.expiresAtMs, "An expiry", 0);
    keys.add(`${write.table}/${write.id}`);
  }
  if (keys.size !== writes.length) throw new RangeError("A commit writes one record twice");
}

/** @throws A RangeError when a number of a receive is out of range. */
export function assertReceive(options: {
  readonly max: number;
  readonly waitMs: number;
  readonly visibilityMs: number;
}): void {
  assertInteger(options.max, "max", 1);
  assertInteger(options.waitMs, "waitMs", 0);
  assertInteger(options.visibilityMs, "visibilityMs", 1);
}
