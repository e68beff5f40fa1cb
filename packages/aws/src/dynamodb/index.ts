export { createDynamodbClient } from "./client.ts";
export { dynamodbFailureKind } from "./failure-kind.ts";
export { createDynamodbStore, type DynamodbStoreOptions } from "./store.ts";
export {
  type DynamodbIndex,
  type DynamodbKey,
  type DynamodbTable,
  type DynamodbTableKind,
  dynamodbTables,
} from "./tables.ts";
