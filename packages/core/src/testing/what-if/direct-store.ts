import { assertExpected, leaseLost } from "../../embedded/commit-check.ts";
import { createMemoryDeliveries } from "../../embedded/memory-deliveries.ts";
import { createMemoryLeases } from "../../embedded/memory-leases.ts";
import type { Clock } from "../../ports/clock.ts";
import type { StateStore, StoredRecord } from "../../ports/state-store.ts";

interface Entry {
  readonly record: StoredRecord;
  readonly epoch: number;
}

/**
 * The memory store without what costs most of its time: values are not copied, because core never changes a record that it
 * has written. Every condition is checked. Closed records but those of jobs are dropped: only a later controller would ask.
 */
export function createDirectStore(clock: Clock): StateStore {
  const leases = createMemoryLeases(clock);
  const entries = new Map<string, Entry>();
  return {
    leases,
    deliveries: createMemoryDeliveries(clock),
    async commit(lease, writes, options) {
      if (leases.isOver(lease)) throw leaseLost(lease);
      if (options?.checked && !leases.holds(lease)) throw leaseLost(lease);
      for (const write of writes) {
        assertExpected(lease, write, entries.get(`${write.table}/${write.id}`));
      }
      for (const { table, id, shard, open, value } of writes) {
        const key = `${table}/${id}`;
        if (value === undefined || (!open && table !== "jobs")) {
          entries.delete(key);
          continue;
        }
        const version = (entries.get(key)?.record.version ?? 0) + 1;
        const record = { table, id, shard, open, version, value };
        entries.set(key, { record, epoch: lease.epoch });
      }
    },
    async *load(shard) {
      for (const { record } of entries.values()) {
        if (record.open && record.shard === shard) yield record;
      }
    },
    get: async (table, id) => entries.get(`${table}/${id}`)?.record,
  };
}
