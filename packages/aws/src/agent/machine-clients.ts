import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createDynamodbClient } from "../dynamodb/client.ts";
import { createS3Client } from "../s3/client.ts";
import type { MachineMetadata } from "./metadata/machine-metadata.ts";
import { sdkCredentials } from "./sdk-credentials.ts";

/** The clients that a machine needs. */
export interface MachineClients extends AsyncDisposable {
  /** For its assignment. */
  readonly dynamodb: DynamoDBClient;
  /** For its reports. */
  readonly sqs: SQSClient;
  /** For its log. */
  readonly s3: S3Client;
}

/** How long a connection may take to come about, and an answer, milliseconds. */
const connectionTimeoutMs = 1_000;
const answerTimeoutMs = 5_000;

/**
 * Makes the clients of a machine. They act with the credentials of its profile alone, and wait for no answer for ever. Endpoints are those
 * of the region, or what `AWS_ENDPOINT_URL` says.
 *
 * @param options - `region`: the machine's own. `metadata`: where its credentials come from.
 * @example
 * const { region } = await metadata.identity();
 * await using clients = createMachineClients({ region, metadata });
 */
export function createMachineClients(options: {
  readonly region: string;
  readonly metadata: MachineMetadata;
}): MachineClients {
  const { region, metadata } = options;
  const config = { region, credentials: sdkCredentials(metadata) };
  const dynamodb = createDynamodbClient(config);
  const s3 = createS3Client(config);
  const sqs = new SQSClient({
    ...config,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: answerTimeoutMs,
      throwOnRequestTimeout: true,
    },
    // The queue's URL is made of names; where SQS is, is said elsewhere.
    useQueueUrlAsEndpoint: false,
  });
  return {
    dynamodb,
    sqs,
    s3,
    async [Symbol.asyncDispose]() {
      for (const client of [dynamodb, sqs, s3]) client.destroy();
    },
  };
}
