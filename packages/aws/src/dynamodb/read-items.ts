import {
  BatchGetItemCommand,
  type KeysAndAttributes,
  QueryCommand,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { FleetError } from "@runs-fleet/core";
import type { Item } from "./attribute.ts";
import type { CallParts } from "./calls.ts";
import type { StoreTools } from "./tools.ts";

/** What a read is for. */
export type Reading = Pick<CallParts<unknown>, "purpose" | "signal">;

/** Most keys of one batch. Source: DynamoDB API, BatchGetItem. */
export const mostKeys = 100;

/** Every item of a query, however many pages it has. */
export async function queryAll(
  { client, calls }: StoreTools,
  input: QueryCommandInput,
  reading: Reading,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let start: QueryCommandInput["ExclusiveStartKey"];
  do {
    const page = new QueryCommand({ ...input, ExclusiveStartKey: start });
    const answer = await calls.call({ ...reading, send: (http) => client.send(page, http) });
    items.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

/** Items by table and key, of several tables at once; each as it is now, those that are not there left out. */
export async function batchGet(
  { client, calls }: StoreTools,
  requests: Readonly<Record<string, KeysAndAttributes>>,
  reading: Reading,
): Promise<readonly { readonly table: string; readonly item: Item }[]> {
  const found: { readonly table: string; readonly item: Item }[] = [];
  let left: Record<string, KeysAndAttributes> = { ...requests };
  let fruitless = 0;
  while (Object.keys(left).length > 0) {
    const before = found.length;
    const batch = new BatchGetItemCommand({ RequestItems: left });
    const answer = await calls.call({ ...reading, send: (http) => client.send(batch, http) });
    for (const [table, items] of Object.entries(answer.Responses ?? {})) {
      for (const item of items) found.push({ table, item });
    }
    const next = answer.UnprocessedKeys ?? {};
    // DynamoDB answers what fits into 16 MB; nothing at all means that it is throttled.
    fruitless = found.length > before ? 0 : fruitless + 1;
    left = next;
    if (Object.keys(left).length > 0 && fruitless > 0) await backOff(calls, fruitless, reading);
  }
  return found;
}

async function backOff(
  calls: StoreTools["calls"],
  fruitless: number,
  reading: Reading,
): Promise<void> {
  try {
    await calls.pause(fruitless, reading);
  } catch (cause) {
    if (!FleetError.isInstance(cause)) throw cause;
    throw new FleetError({
      kind: "throttled",
      message: `DynamoDB does not answer in full when asked to ${reading.purpose}: UnprocessedKeys`,
    });
  }
}
