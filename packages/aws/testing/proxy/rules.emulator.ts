import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../open-aws.ts";
import { stageMachines, stageQueue, stageTable } from "../stage.ts";
import type { TestAws } from "../test-aws.ts";
import type { Fault } from "./fault.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await openAws();
});
afterEach(() => aws.faults.clear());
afterAll(() => aws.close());

const error = (code: string): Fault => ({ kind: "error", side: "before", code });
const reset: Fault = { kind: "reset", side: "before" };

describe("which calls a rule spoils", () => {
  it("leaves the first calls alone, then spoils as many as it says", async () => {
    const { client, TableName } = await stageTable(aws, { maxAttempts: 1 });
    const rule = aws.faults.inject({ action: "PutItem", skip: 1, times: 2, fault: reset });
    const outcomes: string[] = [];
    for (const id of ["a", "b", "c", "d"]) {
      const put = client.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
      outcomes.push(
        await put.then(
          () => "ok",
          ({ code }) => code,
        ),
      );
    }
    expect(outcomes).toEqual(["ok", "ECONNRESET", "ECONNRESET", "ok"]);
    expect(rule).toMatchObject({ fired: 2, seen: 4 });
  });

  it("goes by service, region, action and any condition", async () => {
    const { client, TableName, read } = await stageTable(aws, { maxAttempts: 1 });
    const put = (id: string) =>
      client.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
    const rules = [
      { service: "sqs" },
      { region: "eu-west-1" },
      { action: ["DeleteItem", "UpdateItem"] },
      { where: ({ body }: { readonly body: Buffer }) => body.includes("victim") },
    ].map((rule) => aws.faults.inject({ ...rule, fault: error("ThrottlingException") }));
    await put("bystander");
    await expect(put("victim")).rejects.toMatchObject({ name: "ThrottlingException" });
    expect(rules.map(({ fired }) => fired)).toEqual([0, 0, 0, 1]);
    expect(await read("victim")).toBeUndefined();
  });

  it("lets the first of two rules have the call, and a removed one have none", async () => {
    const { client, QueueUrl } = await stageQueue(aws, { maxAttempts: 1 });
    const send = () => client.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
    const rule = { action: "SendMessage", times: Number.POSITIVE_INFINITY };
    const first = aws.faults.inject({ ...rule, fault: error("RequestThrottled") });
    const second = aws.faults.inject({ ...rule, fault: error("AccessDenied") });
    await expect(send()).rejects.toMatchObject({ name: "RequestThrottled" });
    first.remove();
    await expect(send()).rejects.toMatchObject({ name: "AccessDenied" });
    second.remove();
    await send();
    expect([first.fired, second.fired]).toEqual([1, 1]);
  });

  it("refuses counts that make no sense", () => {
    expect(() => aws.faults.inject({ times: 0, fault: reset })).toThrow(RangeError);
    expect(() => aws.faults.inject({ skip: -1, fault: reset })).toThrow(RangeError);
    expect(() => aws.faults.inject({ skip: Number.NaN, fault: reset })).toThrow(RangeError);
  });
});

describe("what the SDK makes of it by itself", () => {
  it.each<[string, Fault]>([
    ["a throttle", error("RequestLimitExceeded")],
    ["a broken connection", reset],
    ["half an answer", { kind: "truncate" }],
    ["an error of the service", error("InternalError")],
  ])("gets over %s twice, with two retries", async (_, fault) => {
    const { client } = await stageMachines(aws);
    const meter = aws.calls.meter();
    aws.faults.inject({ action: "DescribeInstances", times: 2, fault });
    await client.send(new DescribeInstancesCommand({}));
    const counted = { calls: 3, items: 3, retries: 2 };
    expect(meter.byAction()).toEqual({ "ec2 DescribeInstances": counted });
  });

  it("gets over S3's SlowDown", async () => {
    const client = new S3Client(aws.clientOptions());
    await client.send(new CreateBucketCommand({ Bucket: aws.name("bucket") }));
    const rule = aws.faults.inject({ service: "s3", times: 2, fault: error("SlowDown") });
    await client.send(new ListBucketsCommand({}));
    expect(rule.fired).toBe(2);
  });

  it("takes its own write for somebody else's after a lost reply", async () => {
    const { client, TableName } = await stageTable(aws);
    aws.faults.inject({ action: "PutItem", fault: { kind: "reset", side: "after" } });
    const put = client.send(
      new PutItemCommand({
        TableName,
        Item: { id: { S: "a" } },
        ConditionExpression: "attribute_not_exists(id)",
      }),
    );
    await expect(put).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  });

  it("waits through a delay that is shorter than its patience", async () => {
    const { client, TableName } = await stageTable(aws);
    const meter = aws.calls.meter();
    aws.faults.inject({
      action: "GetItem",
      fault: { kind: "delay", side: "before", delayMs: 120 },
    });
    await client.send(new GetItemCommand({ TableName, Key: { id: { S: "a" } } }));
    const [record] = meter.records({ fault: "delay" });
    expect(record?.tookMs).toBeGreaterThan(110);
    expect(record?.status).toBe(200);
  });
});

it("ends what waits for ever when it is closed", async () => {
  const own = await openAws();
  const { client, TableName } = await stageTable(own, {
    maxAttempts: 1,
    requestHandler: { requestTimeout: 0 },
  });
  own.faults.inject({ action: "GetItem", fault: { kind: "blackhole", side: "before" } });
  const get = client.send(new GetItemCommand({ TableName, Key: { id: { S: "a" } } }));
  const outcome = expect(get).rejects.toMatchObject({ code: "ECONNRESET" });
  while (own.calls.count({ action: "GetItem" }) === 0) await new Promise(setImmediate);
  await own.close();
  await outcome;
});
