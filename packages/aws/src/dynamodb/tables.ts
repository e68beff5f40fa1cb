import type { TableName } from "@runs-fleet/core";
import { tableNames } from "@runs-fleet/core/embedded/rules";

/** Everything that has a table of its own: each kind of record, and what the store keeps beside them. */
export type DynamodbTableKind = TableName | "leases" | "openings" | "deliveries";

/** An attribute that is part of a key. All of ours are strings. */
export interface DynamodbKey {
  /** The partition key. */
  readonly partition: string;
  /** The sort key, where several items share a partition. */
  readonly sort?: string;
}

/** The index of a table of records. */
export interface DynamodbIndex {
  /** Its name within the table. */
  readonly name: string;
  /** Only items that have the partition key are in it: those of open records. It holds keys and nothing else. */
  readonly key: DynamodbKey;
}

/** A table as it has to be made, billed by request. */
export interface DynamodbTable {
  /** Full name, with the prefix. */
  readonly name: string;
  /** What it holds. */
  readonly kind: DynamodbTableKind;
  /** How items are found. */
  readonly key: DynamodbKey;
  /** The global secondary index, of tables that have one; it projects keys only. */
  readonly index?: DynamodbIndex;
  /** The attribute by which DynamoDB deletes items some days after their end, epoch seconds. */
  readonly ttlAttribute?: string;
  /** Whether older states can be restored. Assignments hold credentials, which no backup should. */
  readonly pointInTimeRecovery: boolean;
}

/** The sparse index on the shard, in each table of records. */
export const openIndex = "open";

/** The attribute by which DynamoDB clears away what has expired. */
const ttlAttribute = "ttlSeconds";

/** Longest name of a table, characters. Source: DynamoDB API, CreateTable, TableName. */
const longestTableName = 255;

/** @throws A TypeError when no table can have a name that begins like this. */
export function assertTablePrefix(prefix: unknown): asserts prefix is string {
  const longest = longestTableName - "configurations".length;
  if (typeof prefix !== "string" || !/^[\w.-]+$/u.test(prefix) || prefix.length > longest) {
    throw new TypeError(
      `tablePrefix must be 1 to ${longest} letters, digits, dots, dashes and underscores`,
    );
  }
}

/** The full name of a table. */
export function tableNameOf(prefix: string, kind: DynamodbTableKind): string {
  return `${prefix}${kind}`;
}

/**
 * The tables of `createDynamodbStore`, for those who make them.
 *
 * @throws A TypeError when the prefix cannot begin the name of a table.
 * @example
 * const names = dynamodbTables("runs-fleet-ci-").map(({ name }) => name);
 */
export function dynamodbTables(tablePrefix: string): readonly DynamodbTable[] {
  assertTablePrefix(tablePrefix);
  const table = (
    kind: DynamodbTableKind,
    rest: Omit<DynamodbTable, "name" | "kind" | "pointInTimeRecovery">,
  ): DynamodbTable => ({
    name: tableNameOf(tablePrefix, kind),
    kind,
    ...rest,
    pointInTimeRecovery: kind !== "assignments",
  });
  return [
    ...tableNames.map((kind) =>
      table(kind, {
        key: { partition: "id" },
        index: { name: openIndex, key: { partition: "openShard" } },
        ttlAttribute,
      }),
    ),
    // Epochs must only ever grow: what is in this table is never cleared away.
    table("leases", { key: { partition: "shard" } }),
    table("openings", { key: { partition: "shard", sort: "at" }, ttlAttribute }),
    table("deliveries", { key: { partition: "id" }, ttlAttribute }),
  ];
}
