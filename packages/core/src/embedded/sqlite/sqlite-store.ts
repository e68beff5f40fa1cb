import type { StateStore, StoredRecord } from "../../ports/state-store.ts";
import { assertExpected, leaseLost } from "../commit-check.ts";
import { copyJson } from "../copy-json.ts";
import { assertCommit, assertName, assertTable, maxValueBytes } from "../limits.ts";
import { createConnection } from "./connection.ts";
import { resolveOptions, type SqliteOptions } from "./options.ts";
import { createSqliteDeliveries } from "./sqlite-deliveries.ts";
import { createSqliteLeases, holdsLease, isLeaseOver } from "./sqlite-leases.ts";
import {
  applyWrite,
  findCurrent,
  findRow,
  openRows,
  sweepRecords,
  toRecord,
} from "./sqlite-records.ts";

/** Commits between two sweeps of expired records. */
const commitsPerSweep = 64;

/**
 * A store in a SQLite file on local disk; several hosts on one machine may share it.
 *
 * Behaves as the memory store does. Calls block the process while SQLite works, for the time of a disk flush at most
 * when nobody else holds the lock. Disposing waits for what is being written.
 *
 * @throws A TypeError for bad options. Every call rejects with a `FleetError` `config` when the file cannot be used
 *   or libsql is not installed, and `unavailable` when the disk is full or the lock is held too long.
 */
export function createSqliteStore(options: SqliteOptions): StateStore & AsyncDisposable {
  const resolved = resolveOptions(options);
  const { clock } = resolved;
  const connection = createConnection(resolved);
  let commits = 0;

  return {
    leases: createSqliteLeases(connection, clock),
    deliveries: createSqliteDeliveries(connection, clock),
    async commit(lease, writes, commitOptions) {
      assertCommit(lease, writes);
      const isChecked = commitOptions?.checked === true;
      // Texts at once: the caller may change its objects while the commit waits for its turn.
      const changes = writes.map((write) => {
        const { value } = write;
        const text =
          value === undefined ? undefined : JSON.stringify(copyJson(value, maxValueBytes));
        return { write: { ...write, value: null }, text };
      });
      await connection.write((prepare) => {
        const nowMs = clock.now();
        // What is created carries no epoch yet that could stop it: the lease itself does.
        if (isLeaseOver(prepare, lease)) throw leaseLost(lease);
        if (isChecked && !holdsLease(prepare, lease, nowMs)) throw leaseLost(lease);
        const versions = changes.map(({ write }) => {
          const current = findCurrent(prepare, write, nowMs);
          assertExpected(lease, write, current);
          return (current?.record.version ?? 0) + 1;
        });
        for (const [index, { write, text }] of changes.entries()) {
          applyWrite(prepare, lease, write, text, versions[index] ?? 1);
        }
        commits += 1;
        if (commits % commitsPerSweep === 0) sweepRecords(prepare, nowMs);
      }, commitOptions?.signal);
    },
    async *load(shard, loadOptions): AsyncGenerator<StoredRecord> {
      assertName(shard, "A shard");
      const signal = loadOptions?.signal;
      const rows = await connection.read(
        (prepare) => openRows(prepare, shard, clock.now()),
        signal,
      );
      for (const row of rows) {
        signal?.throwIfAborted();
        yield toRecord(row);
      }
    },
    async get(table, id, getOptions) {
      assertTable(table);
      assertName(id, "The id of a record");
      const row = await connection.read(
        (prepare) => findRow(prepare, table, id, clock.now()),
        getOptions?.signal,
      );
      return row === undefined ? undefined : toRecord(row);
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
