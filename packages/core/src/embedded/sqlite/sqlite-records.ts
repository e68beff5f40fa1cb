import { FleetError } from "../../ports/failure.ts";
import type { Json } from "../../ports/json.ts";
import type { Lease, StoredRecord, TableName, Write } from "../../ports/state-store.ts";
import type { Current } from "../commit-check.ts";
import type { Prepare } from "./connection.ts";

interface RecordRow {
  readonly table_name: TableName;
  readonly id: string;
  readonly shard: string;
  readonly open: number;
  readonly version: number;
  readonly expires_at_ms: number | null;
  readonly value: string;
}

const columns = "table_name, id, shard, open, version, expires_at_ms, value";
const isLive = "(expires_at_ms IS NULL OR expires_at_ms > ?)";

/** Most expired records that one commit removes. */
const sweepLimit = 200;

/** @throws A {@link FleetError} `unknown` when the stored text is no JSON: what cannot be read is not absent. */
export function toRecord(row: unknown): StoredRecord {
  const { table_name: table, id, shard, open, version, expires_at_ms, value } = row as RecordRow;
  let parsed: Json;
  try {
    parsed = JSON.parse(value) as Json;
  } catch (cause) {
    const message = `Record ${table}/${id} cannot be read: its value is damaged`;
    throw new FleetError({ kind: "unknown", message, cause });
  }
  return {
    table,
    id,
    shard,
    open: open === 1,
    version,
    value: parsed,
    ...(expires_at_ms === null ? {} : { expiresAtMs: expires_at_ms }),
  };
}

/** The row of one record; `undefined` when it is absent or expired. */
export function findRow(prepare: Prepare, table: TableName, id: string, nowMs: number): unknown {
  const sql = `SELECT ${columns} FROM records WHERE table_name = ? AND id = ? AND ${isLive}`;
  return prepare(sql).get(table, id, nowMs);
}

/** The rows of every open record of the shard, in one consistent view. */
export function openRows(prepare: Prepare, shard: string, nowMs: number): readonly unknown[] {
  const sql = `SELECT ${columns} FROM records WHERE shard = ? AND open = 1 AND ${isLive}`;
  return prepare(sql).all(shard, nowMs);
}

/** What a commit must know of a record. */
export function findCurrent(prepare: Prepare, write: Write, nowMs: number): Current | undefined {
  const row = prepare(
    `SELECT shard, version, epoch FROM records WHERE table_name = ? AND id = ? AND ${isLive}`,
  ).get(write.table, write.id, nowMs);
  if (row === undefined) return undefined;
  const { shard, version, epoch } = row as Current["record"] & { readonly epoch: number };
  return { record: { shard, version }, epoch };
}

/** Writes one record; its condition has been checked in this transaction. */
export function applyWrite(
  prepare: Prepare,
  lease: Lease,
  write: Write,
  value: string | undefined,
  version: number,
): void {
  if (value === undefined) {
    prepare("DELETE FROM records WHERE table_name = ? AND id = ?").run(write.table, write.id);
    return;
  }
  prepare(
    `INSERT OR REPLACE INTO records
     (table_name, id, shard, open, version, epoch, expires_at_ms, value)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    write.table,
    write.id,
    write.shard,
    write.open ? 1 : 0,
    version,
    lease.epoch,
    write.expiresAtMs ?? null,
    value,
  );
}

/** Frees some expired records. */
export function sweepRecords(prepare: Prepare, nowMs: number): void {
  prepare(
    `DELETE FROM records WHERE rowid IN
     (SELECT rowid FROM records WHERE expires_at_ms <= ? LIMIT ${sweepLimit})`,
  ).run(nowMs);
}
