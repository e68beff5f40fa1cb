import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeInstancesCommand,
  EC2Client,
  GetSpotPlacementScoresCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ListQueuesCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { openAws } from "../open-aws.ts";
import { stageMachines, stageQueue, stageTable } from "../stage.ts";

describe("an account for tests", () => {
  it("sees nothing of another one", async () => {
    await using mine = await openAws();
    await using theirs = await openAws();
    const { client, run } = await stageMachines(theirs);
    await client.send(new RunInstancesCommand(run(1)));
    const table = await stageTable(mine);
    const queue = await stageQueue(mine);
    await stageTable(theirs);
    await stageQueue(theirs);
    const { TableNames } = await table.client.send(new ListTablesCommand({}));
    expect(TableNames).toEqual([table.TableName]);
    const { QueueUrls } = await queue.client.send(new ListQueuesCommand({}));
    expect(QueueUrls).toEqual([queue.QueueUrl]);
    const ec2 = new EC2Client(mine.clientOptions());
    expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
  });

  it("keeps its regions apart", async () => {
    await using aws = await openAws();
    const { client, TableName } = await stageTable(aws);
    const elsewhere = new DynamoDBClient(aws.clientOptions({ region: "eu-central-1" }));
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([TableName]);
    expect((await elsewhere.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    expect(aws.calls.count({ region: "eu-central-1" })).toBe(1);
  });

  it("hands out queue URLs that lead to the proxy", async () => {
    await using aws = await openAws();
    const { QueueUrl } = await stageQueue(aws);
    expect(QueueUrl).toMatch(`${aws.url}/${aws.accountId}/`);
  });

  it("shows a machine the same account as the orchestrator", async () => {
    await using aws = await openAws();
    const { TableName } = await stageTable(aws);
    const credentials = aws.machine("i-1");
    const machine = new DynamoDBClient(aws.clientOptions({ credentials }));
    expect((await machine.send(new ListTablesCommand({}))).TableNames).toEqual([TableName]);
    const accessKey = credentials.accessKeyId;
    expect(aws.calls.count({ accessKey, action: "ListTables" })).toBe(1);
  });

  it("refuses a call that nobody has signed", async () => {
    await using aws = await openAws();
    expect((await fetch(aws.url)).status).toBe(403);
    expect(aws.calls.count()).toBe(0);
  });
});

describe("what emulators get wrong", () => {
  it("says 501 to what moto lacks, which no client tries again", async () => {
    await using aws = await openAws();
    const client = new EC2Client(aws.clientOptions());
    const scores = client.send(new GetSpotPlacementScoresCommand({ TargetCapacity: 1 }));
    await expect(scores).rejects.toMatchObject({
      name: "NotImplemented",
      $metadata: { httpStatusCode: 501, attempts: 1 },
    });
  });

  it("launches as many machines as it may", async () => {
    await using aws = await openAws();
    const { client, run, machines } = await stageMachines(aws);
    await client.send(new RunInstancesCommand(run(3)));
    expect(await machines()).toHaveLength(3);
  });

  it("makes no FIFO queue where its order would be lost", async () => {
    await using aws = await openAws();
    const { client } = await stageQueue(aws);
    const Attributes = { FifoQueue: "true" };
    const create = new CreateQueueCommand({ QueueName: "a.fifo", Attributes });
    await expect(client.send(create)).rejects.toMatchObject({ name: "NotImplemented" });
  });

  it("keeps order and deduplication of FIFO queues on fauxqs", async () => {
    await using aws = await openAws({ queues: "fauxqs" });
    const { client, QueueUrl, receive } = await stageQueue(aws, {}, { FifoQueue: "true" });
    const ids: (string | undefined)[] = [];
    for (const MessageBody of ["a", "b", "a"]) {
      const group = { MessageGroupId: "g", MessageDeduplicationId: MessageBody };
      const command = new SendMessageCommand({ QueueUrl, MessageBody, ...group });
      ids.push((await client.send(command)).MessageId);
    }
    expect(ids[2]).toBe(ids[0]);
    const bodies: (string | undefined)[] = [];
    for (;;) {
      // fauxqs hands out one message of a group at a time.
      const [message] = await receive();
      if (message === undefined) break;
      bodies.push(message.Body);
      const { ReceiptHandle } = message;
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    expect(bodies).toEqual(["a", "b"]);
  });
});

describe("S3 through the proxy", () => {
  it("carries bytes, conditions and answers without a body", async () => {
    await using aws = await openAws();
    const client = new S3Client(aws.clientOptions());
    const Bucket = aws.name("bucket");
    await client.send(new CreateBucketCommand({ Bucket }));
    const Body = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 256));
    const put = new PutObjectCommand({ Bucket, Key: "a/b c", Body, IfNoneMatch: "*" });
    await client.send(put);
    await expect(client.send(put)).rejects.toMatchObject({ name: "PreconditionFailed" });
    const { Body: stream } = await client.send(new GetObjectCommand({ Bucket, Key: "a/b c" }));
    expect(Buffer.from((await stream?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: "a/b c" }));
    expect(head.ContentLength).toBe(200_000);
    const missing = client.send(new HeadObjectCommand({ Bucket, Key: "c" }));
    await expect(missing).rejects.toMatchObject({ name: "NotFound" });
    expect(Object.keys(aws.calls.byAction())).toEqual([
      "s3 CreateBucket",
      "s3 GetObject",
      "s3 HeadObject",
      "s3 PutObject",
    ]);
  });

  it("puts an injected error into S3's form, and into a HEAD without a body", async () => {
    await using aws = await openAws();
    const client = new S3Client(aws.clientOptions({ maxAttempts: 1 }));
    const fault = { kind: "error", side: "before", code: "AccessDenied" } as const;
    aws.faults.inject({ service: "s3", times: 2, fault });
    const get = client.send(new GetObjectCommand({ Bucket: "bucket", Key: "a" }));
    await expect(get).rejects.toMatchObject({
      name: "AccessDenied",
      $metadata: { httpStatusCode: 403 },
    });
    const head = client.send(new HeadObjectCommand({ Bucket: "bucket", Key: "a" }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });
});
