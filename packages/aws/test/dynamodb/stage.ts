import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { StateStore, StoredRecord } from "@runs-fleet/core";
import {
  createDynamodbStore,
  type DynamodbStoreOptions,
  dynamodbTables,
} from "../../src/dynamodb/index.ts";
import { createTables } from "../../testing/create-tables.ts";
import type { TestAws } from "../../testing/test-aws.ts";

/** Tables that nobody else uses, and stores on them. */
export interface StoreStage {
  /** Patient, and never spoilt by what a case does to its own. */
  readonly client: DynamoDBClient;
  readonly tablePrefix: string;
  /** A store as another process would have it, unless said otherwise on the same client. */
  store(options?: Partial<DynamodbStoreOptions>): StateStore;
}

/** Makes tables, and the client that made them. */
export async function openStage(
  aws: TestAws,
  options: { readonly client?: DynamoDBClient; readonly clearsAway?: boolean } = {},
): Promise<StoreStage> {
  const { client = new DynamoDBClient(aws.clientOptions()), clearsAway = false } = options;
  const tablePrefix = `${aws.name("case")}-`;
  await createTables(client, dynamodbTables(tablePrefix), { clearsAway });
  let stores = 0;
  return {
    client,
    tablePrefix,
    store: (replace = {}) => {
      stores += 1;
      return createDynamodbStore({ client, tablePrefix, owner: `process-${stores}`, ...replace });
    },
  };
}

/** The ids that a shard loads, sorted. */
export async function loadedIds(store: StateStore, shard: string): Promise<readonly string[]> {
  const records: StoredRecord[] = [];
  for await (const record of store.load(shard)) records.push(record);
  return records.map(({ id }) => id).sort();
}
