import type { KeysAndAttributes } from "@aws-sdk/client-dynamodb";
import type { TableName } from "@runs-fleet/core";
import { tableNames } from "@runs-fleet/core/embedded/rules";
import { type Item, readItem, text } from "./attribute.ts";
import { all, compared } from "./condition.ts";
import { writeExpressions } from "./expression.ts";
import { type Opening, type OpeningAttribute, openingsFrom, readOpening } from "./opening-item.ts";
import { batchGet, mostKeys, queryAll, type Reading } from "./read-items.ts";
import type { RecordAttribute } from "./record-item.ts";
import { openIndex, tableNameOf } from "./tables.ts";
import type { StoreTools } from "./tools.ts";

/** Where a record's item is. */
export interface ItemPlace {
  readonly table: TableName;
  readonly key: string;
}

/** What the index says is open: perhaps a little ago. */
export async function findOpen(
  tools: StoreTools,
  table: TableName,
  shard: string,
  reading: Reading,
): Promise<readonly ItemPlace[]> {
  const writer = writeExpressions<RecordAttribute>();
  const input = {
    TableName: tools.keys.tableOf(table),
    IndexName: openIndex,
    KeyConditionExpression: writer.condition(compared("openShard", "=", text(shard))),
    ...writer.aliases(),
  };
  const items = await queryAll(tools, input, reading);
  return items.map((item) => ({
    table,
    key: readItem<RecordAttribute>(item, `The index of ${table}`).text("id"),
  }));
}

/** What was opened since, whether the index knows or not. */
export async function findOpenings(
  tools: StoreTools,
  shard: string,
  sinceMs: number,
  reading: Reading,
): Promise<readonly Opening[]> {
  const writer = writeExpressions<OpeningAttribute>();
  const key = all<OpeningAttribute>(
    compared("shard", "=", text(shard)),
    compared("at", ">=", text(openingsFrom(sinceMs))),
  );
  const input = {
    TableName: tableNameOf(tools.tablePrefix, "openings"),
    KeyConditionExpression: writer.condition(key),
    ...writer.aliases(),
    ConsistentRead: true,
  };
  const items = await queryAll(tools, input, reading);
  return items.map((item) => readOpening(item, shard));
}

/** The items at these places, a hundred to a call; those that are not there are left out. */
export async function readItems(
  tools: StoreTools,
  places: readonly ItemPlace[],
  reading: Reading,
): Promise<readonly { readonly table: TableName; readonly item: Item }[]> {
  const { keys } = tools;
  const kinds = new Map(tableNames.map((table) => [keys.tableOf(table), table]));
  const batches: Record<string, KeysAndAttributes & { Keys: Item[] }>[] = [];
  for (const [index, { table, key }] of places.entries()) {
    if (index % mostKeys === 0) batches.push({});
    const batch = batches.at(-1) ?? {};
    batch[keys.tableOf(table)] ??= { Keys: [], ConsistentRead: true };
    batch[keys.tableOf(table)]?.Keys.push({ id: text(key) });
  }
  const answers = await Promise.all(batches.map((batch) => batchGet(tools, batch, reading)));
  return answers.flat().map(({ table, item }) => {
    const kind = kinds.get(table);
    if (kind === undefined)
      throw new TypeError(`DynamoDB answers for ${table}, which was not asked`);
    return { table: kind, item };
  });
}
