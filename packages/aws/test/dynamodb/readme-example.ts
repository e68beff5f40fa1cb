import { createDynamodbClient, createDynamodbStore } from "@runs-fleet/aws/dynamodb";
import type { StateStore } from "@runs-fleet/core";

/** State of one environment, for the process that is called `owner`. */
export function openStore(owner: string): StateStore {
  const client = createDynamodbClient({ region: "eu-west-1" });
  return createDynamodbStore({ client, tablePrefix: "runs-fleet-ci-", owner });
}
