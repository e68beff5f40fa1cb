import type { Clock } from "../ports/clock.ts";
import type { Json } from "../ports/json.ts";
import type { Lease, StateStore, StoredRecord, TableName, Write } from "../ports/state-store.ts";
import { systemClock } from "../ports/system-clock.ts";
import { assertExpected, leaseLost } from "./commit-check.ts";
import { copyJson } from "./copy-json.ts";
import { assertCommit, assertName, assertTable, maxValueBytes } from "./limits.ts";
import { createMemoryDeliveries } from "./memory-deliveries.ts";
import { createMemoryLeases } from "./memory-leases.ts";

/** Options of {@link createMemoryStore}. */
export interface MemoryStoreOptions {
  /** Decides about expiry. @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/** A record and the epoch under which it was last written. */
interface Entry {
  record: StoredRecord;
  epoch: number;
}

/** Records by table and id, with the open ones of each shard at hand. */
function createRecords(clock: Clock) {
  const tables = new Map<TableName, Map<string, Entry>>();
  const openByShard = new Map<string, Set<Entry>>();
  let writesSinceSweep = 0;

  function isLive(entry: Entry | undefined, nowMs: number): entry is Entry {
    return entry !== undefined && (entry.record.expiresAtMs ?? Number.POSITIVE_INFINITY) > nowMs;
  }

  function tableOf(name: TableName): Map<string, Entry> {
    let table = tables.get(name);
    if (table === undefined) {
      table = new Map();
      tables.set(name, table);
    }
    return table;
  }

  function openOf(shard: string): Set<Entry> {
    let open = openByShard.get(shard);
    if (open === undefined) {
      open = new Set();
      openByShard.set(shard, open);
    }
    return open;
  }

  function remove(table: TableName, id: string): void {
    const entry = tableOf(table).get(id);
    if (entry === undefined) return;
    tableOf(table).delete(id);
    openOf(entry.record.shard).delete(entry);
  }

  /** Frees expired records; its cost is spread over as many writes as there are records. */
  function sweep(nowMs: number): void {
    writesSinceSweep += 1;
    let size = 1_000;
    for (const table of tables.values()) size += table.size;
    if (writesSinceSweep < size) return;
    writesSinceSweep = 0;
    for (const [name, table] of tables) {
      for (const [id, entry] of table) if (!isLive(entry, nowMs)) remove(name, id);
    }
  }

  function put(lease: Lease, write: Write, value: Json, nowMs: number): void {
    const table = tableOf(write.table);
    const found = table.get(write.id);
    const record: StoredRecord = Object.freeze({
      table: write.table,
      id: write.id,
      shard: write.shard,
      open: write.open,
      version: isLive(found, nowMs) ? found.record.version + 1 : 1,
      value,
      ...(write.expiresAtMs === undefined ? {} : { expiresAtMs: write.expiresAtMs }),
    });
    const entry: Entry = found ?? { record, epoch: lease.epoch };
    // An expired record may have been another shard's.
    if (entry.record.shard !== write.shard) openOf(entry.record.shard).delete(entry);
    entry.record = record;
    entry.epoch = lease.epoch;
    table.set(write.id, entry);
    if (write.open) openOf(write.shard).add(entry);
    else openOf(write.shard).delete(entry);
  }

  return {
    find(table: TableName, id: string, nowMs: number): Entry | undefined {
      const entry = tableOf(table).get(id);
      return isLive(entry, nowMs) ? entry : undefined;
    },
    apply(lease: Lease, write: Write, value: Json | undefined, nowMs: number): void {
      if (value === undefined) remove(write.table, write.id);
      else put(lease, write, value, nowMs);
      sweep(nowMs);
    },
    openRecords(shard: string): readonly StoredRecord[] {
      const nowMs = clock.now();
      const records: StoredRecord[] = [];
      for (const entry of openOf(shard)) if (isLive(entry, nowMs)) records.push(entry.record);
      return records;
    },
  };
}

/**
 * A store that lives in this process: the reference of the contract, and a fake for tests.
 *
 * Values are copied and frozen on the way in. A record that was deleted or has expired counts as never written: it is
 * created again at version 1, under any epoch that is not over. Records and leases end at the instant of their expiry, not after it.
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): StateStore {
  const clock = options.clock ?? systemClock;
  const leases = createMemoryLeases(clock);
  const records = createRecords(clock);
  return {
    leases,
    deliveries: createMemoryDeliveries(clock),
    async commit(lease, writes, commitOptions) {
      commitOptions?.signal?.throwIfAborted();
      assertCommit(lease, writes);
      const values = writes.map(({ value }) =>
        value === undefined ? undefined : copyJson(value, maxValueBytes),
      );
      // What is created carries no epoch yet that could stop it: the lease itself does.
      if (leases.isOver(lease)) throw leaseLost(lease);
      if (commitOptions?.checked && !leases.holds(lease)) throw leaseLost(lease);
      const nowMs = clock.now();
      for (const write of writes) {
        const entry = records.find(write.table, write.id, nowMs);
        assertExpected(lease, write, entry);
      }
      for (const [index, write] of writes.entries()) {
        records.apply(lease, write, values[index], nowMs);
      }
    },
    async *load(shard, loadOptions) {
      assertName(shard, "A shard");
      for (const record of records.openRecords(shard)) {
        loadOptions?.signal?.throwIfAborted();
        yield record;
      }
    },
    async get(table, id, getOptions) {
      getOptions?.signal?.throwIfAborted();
      assertTable(table);
      assertName(id, "The id of a record");
      return records.find(table, id, clock.now())?.record;
    },
  };
}
