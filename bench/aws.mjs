// How much of what DynamoDB Local and moto's SQS can do arrives through the store and the queue: the same calls, bare and through us.
import { createRequire } from "node:module";
import { findDynamodbLocal, startDynamodbLocal } from "../scripts/lib/dynamodb-local.mjs";
import { findMoto, startMoto } from "../scripts/lib/moto.mjs";

const fromAws = createRequire(new URL("../packages/aws/package.json", import.meta.url));
const { DynamoDBClient, CreateTableCommand, TransactWriteItemsCommand } = fromAws(
  "@aws-sdk/client-dynamodb",
);
const {
  SQSClient,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} = fromAws("@aws-sdk/client-sqs");

const { createDynamodbStore, dynamodbTables } = await import(
  "../packages/aws/dist/dynamodb/index.js"
);
const { createSqsQueue } = await import("../packages/aws/dist/sqs/index.js");

const prefix = "runs-fleet-bench-";
const shard = "bench/us-east-1";
const turns = 5;
const commitsPerTurn = 150;
const messagesPerTurn = 200;

const clientOptions = (endpoint) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "BENCH", secretAccessKey: "bench" },
});

/** A record as a controller writes it for each step of a job. */
const value = (index) => ({
  state: "queued",
  jobId: String(30_000_000_000 + index),
  repository: `acme/service-${index % 40}`,
  labels: ["runs-fleet/cpu=4/arch=arm64/pool=ci", "self-hosted"],
  waitsMs: { queue: 12, mint: 30, boot: 0 },
});

export async function run() {
  return [...(await tableRows()), ...(await queueRows())];
}

async function tableRows() {
  const name = "commits one after another in DynamoDB Local";
  const local = await findDynamodbLocal();
  if ("missing" in local) return [{ name, value: "NOT RUN", unit: local.missing }];
  const server = await startDynamodbLocal(local.folder);
  const client = new DynamoDBClient(clientOptions(server.url));
  try {
    for (const table of dynamodbTables(prefix)) {
      await client.send(new CreateTableCommand(shapeOf(table)));
    }
    const store = createDynamodbStore({ client, tablePrefix: prefix, owner: "bench" });
    const lease = await store.leases.acquire(shard, "bench", 3_600_000);
    let index = 0;
    const ours = async () => {
      index += 1;
      const record = { table: "jobs", id: `job-${index}`, shard, open: true };
      await store.commit(lease, [{ ...record, expected: "absent", value: value(index) }]);
      return 1;
    };
    const bare = async () => {
      index += 1;
      await client.send(new TransactWriteItemsCommand(bareCommit(index, lease.epoch)));
      return 1;
    };
    return [await ratioRow(name, { unit: "commits/s", count: commitsPerTurn, ours, bare })];
  } finally {
    client.destroy();
    await server.stop();
  }
}

async function queueRows() {
  const server = await startMoto((await findMoto()).python);
  const client = new SQSClient(clientOptions(server.url));
  try {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: `${prefix}jobs` }));
    const queue = createSqsQueue({ client, queueUrl: QueueUrl, parse: (body) => body });
    const messages = Array.from({ length: 10 }, (_, index) => ({ body: value(index), group: "a" }));
    const entries = messages.map(({ body }, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(body),
      MessageGroupId: "a",
    }));
    const ours = async () => {
      for (const outcome of await queue.send(messages)) if (!outcome.ok) throw outcome.error;
      const got = await queue.receive({ max: 10, waitMs: 0, visibilityMs: 60_000 });
      await queue.acknowledge(got);
      return got.length;
    };
    const bare = async () => {
      await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries }));
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 60,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["All"],
        }),
      );
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle,
      }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      return Messages.length;
    };
    const name = "messages by 10 through moto's SQS, sent, received and acknowledged";
    return [await ratioRow(name, { unit: "messages/s", count: messagesPerTurn, ours, bare })];
  } finally {
    client.destroy();
    await server.stop();
  }
}

/** Turns of one and of the other, so that both meet the same machine; the best of each counts. */
async function ratioRow(name, { unit, count, ours, bare }) {
  let best = { ours: 0, bare: 0 };
  for (let turn = 0; turn < turns; turn += 1) {
    best = {
      bare: Math.max(best.bare, await rateOf(bare, count)),
      ours: Math.max(best.ours, await rateOf(ours, count)),
    };
  }
  const ratio = best.ours / best.bare;
  return {
    name: `${name}, of ${best.bare.toFixed(0)} ${unit} bare`,
    value: ratio,
    unit: `of bare, ${best.ours.toFixed(0)} ${unit}`,
    target: ">= 0.8",
    ok: ratio >= 0.8,
  };
}

async function rateOf(act, count) {
  const begin = performance.now();
  let done = 0;
  while (done < count) done += await act();
  return done / ((performance.now() - begin) / 1_000);
}

/** What a commit of one new record is, without a store: the record, what tells that it was opened, the check of the lease. */
function bareCommit(index, epoch) {
  const id = { S: `job-${index}` };
  const openShard = { S: shard };
  const content = { S: JSON.stringify(value(index)) };
  const item = { id, shard: openShard, openShard, version: { N: "1" }, value: content };
  const at = { S: `${Date.now()}-${index}` };
  return {
    TransactItems: [
      {
        Put: {
          TableName: `${prefix}jobs`,
          Item: item,
          ConditionExpression: "attribute_not_exists(#id)",
          ExpressionAttributeNames: { "#id": "id" },
        },
      },
      { Put: { TableName: `${prefix}openings`, Item: { shard: openShard, at, names: id } } },
      {
        ConditionCheck: {
          TableName: `${prefix}leases`,
          Key: { shard: openShard },
          ConditionExpression: "#epoch = :epoch",
          ExpressionAttributeNames: { "#epoch": "epoch" },
          ExpressionAttributeValues: { ":epoch": { N: String(epoch) } },
        },
      },
    ],
  };
}

function shapeOf({ name, key, index }) {
  const keys = [key, ...(index ? [index.key] : [])];
  const names = new Set(
    keys.flatMap(({ partition, sort }) => [partition, ...(sort ? [sort] : [])]),
  );
  const schema = ({ partition, sort }) => [
    { AttributeName: partition, KeyType: "HASH" },
    ...(sort ? [{ AttributeName: sort, KeyType: "RANGE" }] : []),
  ];
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: schema(key),
    AttributeDefinitions: [...names].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S",
    })),
    ...(index
      ? {
          GlobalSecondaryIndexes: [
            {
              IndexName: index.name,
              KeySchema: schema(index.key),
              Projection: { ProjectionType: "KEYS_ONLY" },
            },
          ],
        }
      : {}),
  };
}
