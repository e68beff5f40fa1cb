import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamodbStore } from "@runs-fleet/aws/dynamodb";
import type { StateStore } from "@runs-fleet/core";

/** State of one environment, for the process that is called `owner`. */
export function openStore(owner: string): StateStore {
  const client = new DynamoDBClient({
    region: "eu-west-1",
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 3_000,
      throwOnRequestTimeout: true,
    },
  });
  return createDynamodbStore({ client, tablePrefix: "runs-fleet-ci-", owner });
}
