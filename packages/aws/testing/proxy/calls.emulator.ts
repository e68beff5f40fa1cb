import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateFleetCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { openAws } from "../open-aws.ts";
import { stageMachines, stageQueue, stageTable } from "../stage.ts";

it("counts calls, the things they are about, and retries, from any moment on", async () => {
  await using aws = await openAws();
  const { client, TableName } = await stageTable(aws);
  const queue = await stageQueue(aws);
  const ec2 = await stageMachines(aws);
  const meter = aws.calls.meter();
  expect(meter.byAction()).toEqual({});

  const keys = ["a", "b", "c"].map((id) => ({ id: { S: id } }));
  const puts = keys.map((Item) => ({ Put: { TableName, Item } }));
  await client.send(new TransactWriteItemsCommand({ TransactItems: puts }));
  const requests = keys.slice(1).map((Item) => ({ PutRequest: { Item } }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
  await client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: keys } } }));
  const fault = { kind: "error", side: "before", code: "RequestThrottled" } as const;
  aws.faults.inject({ action: "SendMessageBatch", name: "busy", fault });
  const Entries = ["a", "b"].map((Id) => ({ Id, MessageBody: Id }));
  const { QueueUrl } = queue;
  await queue.client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const { Instances = [] } = await ec2.client.send(new CreateFleetCommand(ec2.fleet(2)));
  const InstanceIds = Instances.flatMap((part) => part.InstanceIds ?? []);
  await ec2.client.send(new TerminateInstancesCommand({ InstanceIds }));

  expect(meter.byAction()).toEqual({
    "dynamodb BatchGetItem": { calls: 1, items: 3, retries: 0 },
    "dynamodb BatchWriteItem": { calls: 1, items: 2, retries: 0 },
    "dynamodb TransactWriteItems": { calls: 1, items: 3, retries: 0 },
    "ec2 CreateFleet": { calls: 1, items: 2, retries: 0 },
    "ec2 TerminateInstances": { calls: 1, items: 2, retries: 0 },
    "sqs SendMessageBatch": { calls: 2, items: 4, retries: 1 },
  });
  expect(meter.count({ service: "dynamodb" })).toBe(3);
  expect(meter.records({ fault: "busy" })).toMatchObject([{ attempt: 1, status: 403 }]);
  expect(aws.calls.count({ action: "CreateTable" })).toBe(1);
});

it("tells when nothing is under way any more", async () => {
  await using aws = await openAws();
  const { client, TableName, read } = await stageTable(aws, {
    maxAttempts: 1,
    requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true },
  });
  const fault = { kind: "delay", side: "before", delayMs: 400 } as const;
  aws.faults.inject({ action: "TransactWriteItems", fault });
  const TransactItems = [{ Put: { TableName, Item: { id: { S: "a" } } } }];
  const write = client.send(new TransactWriteItemsCommand({ TransactItems }));
  await expect(write).rejects.toMatchObject({ name: "TimeoutError" });
  expect(await read("a")).toBeUndefined();
  await aws.calls.settled({ action: "TransactWriteItems" });
  expect(await read("a")).toEqual({ id: { S: "a" } });
});
