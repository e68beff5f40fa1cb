import type { TableName } from "@runs-fleet/core";
import { FleetError } from "@runs-fleet/core";
import { tableNameOf } from "./tables.ts";

/** Where records are: names of tables, and keys of items. */
export interface RecordKeys {
  /** The table of a kind of record. */
  tableOf(table: TableName): string;
  /** The partition key of a record's item. */
  keyOf(table: TableName, id: string): string;
  /** The record of an item. @throws A {@link FleetError} `config` when its key is none of this configuration. */
  idOf(table: TableName, key: string): string;
}

/** Longest prefix of assignments' keys, bytes: DynamoDB's 2,048 less an id of 512 characters. */
const longestKeyPrefix = 512;

/** @throws A TypeError when the prefix is no text that fits before an id. */
export function assertKeyPrefix(prefix: unknown): asserts prefix is string {
  if (typeof prefix !== "string" || Buffer.byteLength(prefix) > longestKeyPrefix) {
    throw new TypeError(`assignmentKeyPrefix must be a text of at most ${longestKeyPrefix} bytes`);
  }
}

/** Keys of records: their ids, behind a prefix in the table that machines may read. */
export function createRecordKeys(tablePrefix: string, assignmentKeyPrefix: string): RecordKeys {
  const prefixOf = (table: TableName) => (table === "assignments" ? assignmentKeyPrefix : "");
  return {
    tableOf: (table) => tableNameOf(tablePrefix, table),
    keyOf: (table, id) => prefixOf(table) + id,
    idOf: (table, key) => {
      const prefix = prefixOf(table);
      if (key.startsWith(prefix)) return key.slice(prefix.length);
      throw new FleetError({
        kind: "config",
        message: `The key ${key} of an item in ${table} does not begin with ${prefix}: was assignmentKeyPrefix changed while assignments were open?`,
        details: { table, key },
      });
    },
  };
}
