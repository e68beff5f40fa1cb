import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";

/** Clients of one account and region. Never closed by the functions that take them. */
export interface StackClients {
  /** Tables. */
  readonly dynamodb: DynamoDBClient;
  /** Launch templates and the security group. */
  readonly ec2: EC2Client;
  /** Rules. */
  readonly eventbridge: EventBridgeClient;
  /** Policies, roles and instance profiles. */
  readonly iam: IAMClient;
  /** The bucket. */
  readonly s3: S3Client;
  /** Queues. */
  readonly sqs: SQSClient;
}

/** What all clients share. */
export interface StackClientsConfig {
  /** The region. @defaultValue what the SDK finds: `AWS_REGION`, the profile */
  readonly region?: string;
  /** Where AWS is played. @defaultValue what the SDK finds: `AWS_ENDPOINT_URL`, AWS itself */
  readonly endpoint?: string;
  /** Who calls. @defaultValue what the SDK finds */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const connectionTimeoutMs = 5_000;
const answerTimeoutMs = 30_000;

/** Makes clients that do not wait for ever. */
export function createStackClients(
  config: StackClientsConfig = {},
): StackClients & AsyncDisposable {
  const shared = {
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: answerTimeoutMs,
      throwOnRequestTimeout: true,
    },
    ...config,
  };
  const clients = {
    dynamodb: new DynamoDBClient(shared),
    ec2: new EC2Client(shared),
    eventbridge: new EventBridgeClient(shared),
    iam: new IAMClient(shared),
    s3: new S3Client(shared),
    sqs: new SQSClient(shared),
  };
  return {
    ...clients,
    async [Symbol.asyncDispose]() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
