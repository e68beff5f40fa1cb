import { randomBytes } from "node:crypto";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type MessageQueue, type StateStore, systemClock } from "@runs-fleet/core";
import { createFakeInstanceMetadata, type FakeInstanceMetadata } from "@runs-fleet/core/testing";
import { type AgentEvent, type Assignment, parseAgentEvent } from "@runs-fleet/core/wire";
import { type MachineNames, machineNames } from "../../src/agent/index.ts";
import { createDynamodbStore, dynamodbTables } from "../../src/dynamodb/index.ts";
import { createS3Objects, type S3Objects } from "../../src/s3/index.ts";
import { createMachineSenders, createSqsQueue, type SqsPoison } from "../../src/sqs/index.ts";
import { createTables } from "../../testing/create-tables.ts";
import type { TestAws, TestCredentials } from "../../testing/test-aws.ts";

/** An instance of an environment that has what a machine needs, and the controller's side of it. */
export interface MachineStage extends AsyncDisposable {
  readonly machineId: string;
  readonly environment: string;
  readonly names: MachineNames;
  /** Those of the instance's profile. */
  readonly credentials: TestCredentials;
  /** Its metadata. */
  readonly metadata: FakeInstanceMetadata;
  readonly metadataUrl: string;
  /** Patient, and the controller's. */
  readonly dynamodb: DynamoDBClient;
  readonly store: StateStore;
  /** What machines report, as the controller receives it. */
  readonly reports: MessageQueue<AgentEvent>;
  readonly poison: readonly SqsPoison[];
  /** The queue's URL as the emulator says it. */
  readonly reportsUrl: string;
  readonly objects: S3Objects;
  /** An assignment for this machine. */
  assignment(parts?: Partial<Assignment>): Assignment;
  /** Writes it, as a controller does. */
  assign(assignment: Assignment): Promise<void>;
  /** Takes it back if it is still the one that was written; `false`: the machine was first. */
  withdraw(version: number): Promise<boolean>;
  /** The machine's item as it stands in the table. */
  item(): Promise<Readonly<Record<string, unknown>> | undefined>;
}

const shard = "ci/us-east-1";

/** Makes the environment and the instance. */
export async function openMachine(
  aws: TestAws,
  options: { readonly lifeCycle?: "spot" | "on-demand" } = {},
): Promise<MachineStage> {
  const environment = aws.name("e");
  const machineId = `i-${randomBytes(8).toString("hex")}`;
  const identity = { accountId: aws.accountId, instanceId: machineId, region: aws.region };
  const names = machineNames(environment, identity);
  const credentials = aws.machine(machineId);
  const dynamodb = new DynamoDBClient(aws.clientOptions());
  const sqs = new SQSClient(aws.clientOptions());
  const s3 = new S3Client(aws.clientOptions());
  const QueueName = `runs-fleet-${environment}-reports`;
  await Promise.all([
    createTables(dynamodb, dynamodbTables(names.tablePrefix)),
    sqs.send(new CreateQueueCommand({ QueueName })),
    s3.send(new CreateBucketCommand({ Bucket: names.bucket })),
  ]);
  const { QueueUrl: reportsUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const poison: SqsPoison[] = [];
  const reports = createSqsQueue<AgentEvent>({
    client: sqs,
    queueUrl: reportsUrl,
    parse: parseAgentEvent,
    senderOf: createMachineSenders({ roleIds: ["AROATESTROLE"] }),
    onPoison: (one) => poison.push(one),
  });
  const store = createDynamodbStore({
    client: dynamodb,
    tablePrefix: names.tablePrefix,
    assignmentKeyPrefix: names.assignmentKeyPrefix,
    owner: "controller",
  });
  const lease = await store.leases.acquire(shard, "controller", 3_600_000);
  if (lease === undefined) throw new Error("The lease is taken");
  const metadata = createFakeInstanceMetadata({
    identity: { ...identity, lifeCycle: options.lifeCycle ?? "spot" },
    tags: {
      "runs-fleet:environment": environment,
      "runs-fleet:deadline": String(systemClock.now() + 3_600_000),
    },
    credentials: { role: "runs-fleet-machine", ...credentials },
    clock: systemClock,
  });
  const { url: metadataUrl } = await metadata.listen();
  const record = { table: "assignments", id: machineId, shard } as const;
  return {
    machineId,
    environment,
    names,
    credentials,
    metadata,
    metadataUrl,
    dynamodb,
    store,
    reports,
    poison,
    reportsUrl,
    objects: createS3Objects({ client: s3, bucket: names.bucket }),
    assignment: (parts = {}) => ({
      id: randomBytes(8).toString("hex"),
      machineId,
      jitConfig: Buffer.from("a credential").toString("base64"),
      runnerName: `rf-${machineId}`,
      labels: ["runs-fleet"],
      deadlineMs: systemClock.now() + 600_000,
      ...parts,
    }),
    assign: (assignment) =>
      store.commit(lease, [{ ...record, open: true, expected: "any", value: { ...assignment } }], {
        checked: true,
      }),
    async withdraw(version) {
      try {
        await store.commit(
          lease,
          [{ ...record, open: false, expected: version, value: undefined }],
          {
            checked: true,
          },
        );
        return true;
      } catch (error) {
        if ((error as { readonly kind?: string }).kind === "conflict") return false;
        throw error;
      }
    },
    async item() {
      const { Item } = await dynamodb.send(
        new GetItemCommand({
          TableName: `${names.tablePrefix}assignments`,
          Key: { id: { S: `${names.assignmentKeyPrefix}${machineId}` } },
          ConsistentRead: true,
        }),
      );
      return Item;
    },
    [Symbol.asyncDispose]: () => metadata[Symbol.asyncDispose](),
  };
}
