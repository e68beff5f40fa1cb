import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Clock, Entropy } from "@runs-fleet/core";
import type { Calls } from "./calls.ts";
import type { RecordKeys } from "./record-keys.ts";

/** What the parts of a store share. */
export interface StoreTools {
  readonly client: DynamoDBClient;
  readonly calls: Calls;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Names this process in what it writes. */
  readonly owner: string;
  readonly tablePrefix: string;
  readonly keys: RecordKeys;
}
