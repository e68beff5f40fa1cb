import { FleetError, type Json, type StoredRecord, type TableName } from "@runs-fleet/core";
import { count, damaged, type Item, readItem, text, ttl } from "./attribute.ts";
import type { RecordKeys } from "./record-keys.ts";

/** The attributes of a record's item. */
export type RecordAttribute =
  | "id"
  | "shard"
  /** The shard again, while the record is open: the index has the items that have it. */
  | "openShard"
  | "version"
  /** Of the lease under which it was written. */
  | "epoch"
  /** JSON: what DynamoDB calls a map has other limits for depth and numbers. */
  | "value"
  | "expiresAtMs"
  | "ttlSeconds"
  /** The process that wrote it, for people. */
  | "writer"
  /** The commit that wrote it: how a commit whose answer was lost is known again. */
  | "commit"
  | "format";

/**
 * The layout of items. A new layout gets a new number, and must be one that the version before can read: attributes are
 * added, and what they replace stays until the next release.
 */
const format = 1;

/** The newest layout that this version can read. */
const newestFormat = format + 1;

/** Which commit writes an item. */
export interface Stamp {
  /** Unique; the same when a commit is repeated whose outcome is not known. */
  readonly commit: string;
  /** The process. */
  readonly writer: string;
}

/** A record as it is to be stored, its value as JSON. */
export interface RecordDraft extends Omit<StoredRecord, "value"> {
  /** The value as JSON text. */
  readonly json: string;
}

/** What a commit must know of the record that is there, expired or not. */
export interface RecordHead extends Stamp {
  readonly shard: string;
  readonly open: boolean;
  readonly version: number;
  readonly epoch: number;
  readonly expiresAtMs: number | undefined;
}

/** The item of a record. */
export function recordItem(draft: RecordDraft, epoch: number, stamp: Stamp, keys: RecordKeys) {
  const { table, id, shard, open, version, json, expiresAtMs } = draft;
  return {
    id: text(keys.keyOf(table, id)),
    shard: text(shard),
    ...(open ? { openShard: text(shard) } : {}),
    version: count(version),
    epoch: count(epoch),
    value: text(json),
    ...(expiresAtMs === undefined
      ? {}
      : {
          expiresAtMs: count(expiresAtMs),
          ttlSeconds: ttl(expiresAtMs),
        }),
    writer: text(stamp.writer),
    commit: text(stamp.commit),
    format: count(format),
  } satisfies Partial<Record<RecordAttribute, unknown>>;
}

/** @throws A {@link FleetError}: `unknown` when an attribute is not as it should be, `config` when a newer version wrote it. */
export function readRecordHead(item: Item, what: string): RecordHead {
  const read = readItem<RecordAttribute>(item, what);
  const found = read.optionalCount("format") ?? 1;
  if (found > newestFormat) {
    throw new FleetError({
      kind: "config",
      message: `${what} has layout ${found}, this version reads up to ${newestFormat}: update the host`,
      details: { format: found },
    });
  }
  return {
    shard: read.text("shard"),
    open: read.optionalText("openShard") !== undefined,
    version: read.count("version"),
    epoch: read.count("epoch"),
    expiresAtMs: read.optionalCount("expiresAtMs"),
    writer: read.optionalText("writer") ?? "",
    commit: read.optionalText("commit") ?? "",
  };
}

/** Whether an item still counts: it ends at the instant of its expiry, and is cleared away some days later. */
export function isLive(
  { expiresAtMs }: { readonly expiresAtMs?: number | undefined },
  nowMs: number,
) {
  return expiresAtMs === undefined || expiresAtMs > nowMs;
}

/** The record of an item, expired or not. @throws What {@link readRecordHead} throws. */
export function readRecord(table: TableName, item: Item, keys: RecordKeys): StoredRecord {
  const what = `An item of ${table}`;
  const read = readItem<RecordAttribute>(item, what);
  const id = keys.idOf(table, read.text("id"));
  const name = `Record ${table}/${id}`;
  const { shard, open, version, expiresAtMs } = readRecordHead(item, name);
  return {
    table,
    id,
    shard,
    open,
    version,
    value: parseValue(readItem<RecordAttribute>(item, name).text("value"), name),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
  };
}

function parseValue(json: string, what: string): Json {
  try {
    return JSON.parse(json) as Json;
  } catch {
    // Without the parser's error, which quotes the value: it may be a credential.
    throw damaged(what, "value", "is no JSON");
  }
}
