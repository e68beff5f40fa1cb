import type { TableName } from "@runs-fleet/core";
import { tableNames } from "@runs-fleet/core/embedded/rules";
import { type Item, readItem, text, ttl } from "./attribute.ts";

/** The attributes of an item of `openings`: which records a commit opened. */
export type OpeningAttribute = "shard" | "at" | "records" | "writer" | "ttlSeconds";

/** How long openings are kept, milliseconds: far longer than an index was ever behind. */
export const openingsKeptMs = 24 * 60 * 60_000;

/** Names a record. */
export interface RecordName {
  readonly table: TableName;
  readonly id: string;
}

/** Records that one commit opened. */
export interface Opening {
  /** By the clock of the process that committed, epoch milliseconds. */
  readonly atMs: number;
  readonly records: readonly RecordName[];
}

/** Enough digits for every safe integer: texts of one length sort as numbers do. */
const digits = 16;

/** Begins the sort keys of all openings at and after an instant. */
export function openingsFrom(atMs: number): string {
  return String(Math.max(0, atMs)).padStart(digits, "0");
}

/** The item that says which records a commit opens. `unique` keeps the commits of one instant apart. */
export function openingItem(
  shard: string,
  { atMs, records }: Opening,
  unique: string,
  writer: string,
) {
  return {
    shard: text(shard),
    at: text(`${openingsFrom(atMs)}#${unique}`),
    records: { L: records.map(({ table, id }) => text(`${table}/${id}`)) },
    writer: text(writer),
    ttlSeconds: ttl(atMs + openingsKeptMs),
  } satisfies Record<OpeningAttribute, unknown>;
}

/**
 * Reads such an item. Records of kinds that this version does not have are left out: it has no use for them.
 *
 * @throws A FleetError `unknown` when it cannot be read.
 */
export function readOpening(item: Item, shard: string): Opening {
  const read = readItem<OpeningAttribute>(item, `An opening of ${shard}`);
  return {
    atMs: Number(read.text("at").slice(0, digits)),
    records: read.texts("records").flatMap((name) => {
      const slash = name.indexOf("/");
      const table = tableNames.find((known) => known === name.slice(0, slash));
      return table === undefined ? [] : [{ table, id: name.slice(slash + 1) }];
    }),
  };
}
