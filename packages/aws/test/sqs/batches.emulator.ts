import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { createMachineSenders } from "../../src/sqs/index.ts";
import { openAws } from "../../testing/open-aws.ts";
import { clientBetween } from "./client-between.ts";
import { openQueue } from "./stage.ts";

const now = { max: 10, waitMs: 0, visibilityMs: 60_000 };
const numbers = (count: number) => Array.from({ length: count }, (_, index) => ({ body: index }));

describe("the calls of a queue", () => {
  it("are one for every ten messages, both ways", async () => {
    await using aws = await openAws();
    const stage = await openQueue(aws);
    const queue = stage.queue();
    const meter = aws.calls.meter();
    await queue.send(numbers(25));
    const received = await queue.receive({ ...now, max: 25 });
    await queue.extend(received, 120_000);
    await queue.acknowledge(received);
    expect(received.length).toBe(25);
    expect(meter.byAction()).toEqual({
      "sqs ChangeMessageVisibilityBatch": { calls: 3, items: 25, retries: 0 },
      "sqs DeleteMessageBatch": { calls: 3, items: 25, retries: 0 },
      "sqs ReceiveMessage": { calls: 3, items: 3, retries: 0 },
      "sqs SendMessageBatch": { calls: 3, items: 25, retries: 0 },
    });
    expect(await stage.count()).toBe(0);
  });

  it("carry a mebibyte at most", async () => {
    await using aws = await openAws();
    const stage = await openQueue(aws);
    const meter = aws.calls.meter();
    // Four of them are just less than a mebibyte, five are more.
    const messages = Array.from({ length: 9 }, (_, index) => ({
      body: `${index}${"x".repeat(260_000)}`,
    }));
    const outcomes = await stage.queue().send(messages);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(
      meter
        .records()
        .map(({ items }) => items)
        .sort(),
    ).toEqual([1, 4, 4]);
    expect(await stage.count()).toBe(9);
  });

  it("are one for a wait, however short the client's patience", async () => {
    await using aws = await openAws();
    const stage = await openQueue(aws);
    const requestHandler = { requestTimeout: 500, throwOnRequestTimeout: true };
    const hasty = new SQSClient(aws.clientOptions({ requestHandler }));
    const meter = aws.calls.meter();
    const queue = stage.queue({ longPollClient: hasty });
    const began = performance.now();
    expect(await queue.receive({ ...now, waitMs: 3_000 })).toEqual([]);
    expect(performance.now() - began).toBeGreaterThan(2_900);
    expect(meter.byAction()).toEqual({ "sqs ReceiveMessage": { calls: 1, items: 1, retries: 0 } });
  });

  it("ask each time for the sender, and for little else", async () => {
    await using aws = await openAws();
    const stage = await openQueue(aws);
    const asked: object[] = [];
    const client = clientBetween(stage.client, {
      input: (_, input) => {
        asked.push(input);
        return input;
      },
    });
    const queue = stage.queue({ client });
    await queue.receive({ max: 3, waitMs: 0, visibilityMs: 1_500 });
    expect(asked).toEqual([
      {
        QueueUrl: stage.queueUrl,
        MaxNumberOfMessages: 3,
        WaitTimeSeconds: 0,
        VisibilityTimeout: 2,
        MessageSystemAttributeNames: ["ApproximateReceiveCount", "MessageGroupId", "SenderId"],
        MessageAttributeNames: ["traceparent", "tracestate"],
      },
    ]);
  });

  it("go on when some entries of a batch fail, and tell which failed in the end", async () => {
    await using aws = await openAws();
    const stage = await openQueue(aws);
    const action = "SendMessageBatch";
    aws.faults.inject({
      action,
      fault: { kind: "entry-errors", entries: [1], code: "RequestThrottled", senderFault: false },
    });
    expect((await stage.queue().send(numbers(3))).map(({ ok }) => ok)).toEqual([true, true, true]);
    aws.faults.inject({
      action,
      times: Number.POSITIVE_INFINITY,
      fault: { kind: "entry-errors", entries: [1], code: "InvalidAddress", senderFault: true },
    });
    const outcomes = await stage.queue().send(numbers(12));
    expect(outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.error.kind))).toEqual([
      ...["ok", "config", "ok", "ok", "ok", "ok", "ok", "ok", "ok", "ok"],
      ...["ok", "config"],
    ]);
    expect(await stage.count()).toBe(13);
  });

  it("keep what was received when a later one of the same receive fails", async () => {
    await using aws = await openAws();
    const stage = await openQueue(aws);
    const queue = stage.queue();
    await queue.send(numbers(25));
    aws.faults.inject({
      action: "ReceiveMessage",
      skip: 1,
      fault: { kind: "error", side: "before", code: "AccessDenied" },
    });
    expect((await queue.receive({ ...now, max: 25 })).length).toBe(10);
    expect((await queue.receive({ ...now, max: 25 })).length).toBe(15);
  });
});

describe("the sender of a message", () => {
  it("is who SQS says it is, and the machine where that is asked for", async () => {
    await using aws = await openAws();
    const stage = await openQueue(aws);
    const as = (instance: string, role: string) =>
      stage.queue({
        client: new SQSClient(aws.clientOptions({ credentials: aws.machine(instance, role) })),
      });
    const role = "AROAMACHINESOFTESTS1";
    const senderOf = createMachineSenders({ roleIds: [role] });
    await as("i-0a1b2c3d", role).send([{ body: "of the machine" }]);
    await as("i-0a1b2c3d", "AROASOMEBODYELSE1234").send([{ body: "of a thief" }]);
    const received = await stage.queue({ senderOf }).receive(now);
    expect(Object.fromEntries(received.map(({ body, sender }) => [body, sender]))).toEqual({
      "of the machine": "i-0a1b2c3d",
      "of a thief": "AROASOMEBODYELSE1234:i-0a1b2c3d",
    });
    await stage.queue().extend(received, 0);
    const plain = await stage.queue().receive(now);
    expect(plain.map(({ sender }) => sender).sort()).toEqual([
      `${role}:i-0a1b2c3d`,
      "AROASOMEBODYELSE1234:i-0a1b2c3d",
    ]);
  });

  it("is nobody, not nothing, when SQS does not say", async () => {
    await using aws = await openAws();
    const stage = await openQueue(aws);
    await stage.queue().send([{ body: 1 }]);
    const client = clientBetween(stage.client, {
      input: (_, input) => ({ ...input, MessageSystemAttributeNames: [] }),
    });
    const [delivery] = await stage.queue({ client }).receive(now);
    expect(delivery?.sender).toBe("");
  });
});

describe("the group of a message", () => {
  it("goes to SQS as it is, where SQS takes it, and by its hash elsewhere", async () => {
    await using aws = await openAws();
    const stage = await openQueue(aws);
    const sent: unknown[] = [];
    const client = clientBetween(stage.client, {
      input: (_, input) => {
        sent.push(input);
        return input;
      },
    });
    const long = `acme/${"x".repeat(200)}`;
    const groups = ["acme/web", long, "acme/网"];
    await stage.queue({ client }).send(groups.map((group) => ({ body: 1, group })));
    const [batch] = sent as readonly { Entries: readonly { MessageGroupId?: string }[] }[];
    expect(batch?.Entries.map(({ MessageGroupId }) => MessageGroupId)).toEqual([
      "acme/web",
      expect.stringMatching(/^sha256-[0-9a-f]{64}$/u),
      expect.stringMatching(/^sha256-[0-9a-f]{64}$/u),
    ]);
    const command = new ReceiveMessageCommand({
      QueueUrl: stage.queueUrl,
      MaxNumberOfMessages: 10,
    });
    expect((await stage.client.send(command)).Messages?.length).toBe(3);
  });
});
