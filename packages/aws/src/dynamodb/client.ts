import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

/** How long a connection may take to come about, milliseconds. */
const connectionTimeoutMs = 1_000;
/** How long an answer may take, milliseconds: three tries of it fit well into a lease of 15 s. */
const answerTimeoutMs = 3_000;

/**
 * Makes the client that a store wants: it gives up in time to try again before a lease is over. The SDK's default is to wait
 * for ever.
 *
 * @param config - As for the SDK's client, such as `{ region: "eu-west-1" }`; it wins.
 * @example
 * const client = createDynamodbClient({ region: "eu-west-1" });
 */
export function createDynamodbClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: answerTimeoutMs,
      throwOnRequestTimeout: true,
    },
    ...config,
  });
}
