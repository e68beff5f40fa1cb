import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Json, MessageQueue } from "@runs-fleet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { openQueue, type QueueStage } from "./stage.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await openAws();
});
afterAll(() => aws.close());

const now = { max: 10, waitMs: 0, visibilityMs: 1_000 };
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** Takes texts that begin with `good`, and quotes what it refuses. */
function parse(body: unknown): Json | undefined {
  if (body === "silently") return undefined;
  if (typeof body === "string" && body.startsWith("good")) return body;
  throw new Error(`What is ${JSON.stringify(body)}?`);
}

async function put(stage: QueueStage, ...texts: readonly string[]): Promise<void> {
  for (const MessageBody of texts) {
    const MessageAttributes = { traceparent: { DataType: "String", StringValue: traceparent } };
    const command = { QueueUrl: stage.queueUrl, MessageBody, MessageAttributes };
    await stage.client.send(new SendMessageCommand(command));
  }
}

/** What is in the dead-letter queue: bodies, and attributes by their names. */
async function letters(stage: QueueStage) {
  return (await stage.look(stage.deadLetterUrl)).map(({ Body, MessageAttributes = {} }) => ({
    text: Body,
    ...Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
    ),
  }));
}

/** Receives again and again; ends with the test when it never helps. */
async function receiveUntil(
  queue: MessageQueue<Json>,
  isOver: () => boolean | Promise<boolean>,
): Promise<void> {
  do await queue.receive({ ...now, waitMs: 1_000 });
  while (!(await isOver()));
}

describe("a message that cannot be read", () => {
  it.each([
    ["is no JSON", "{secret", "The body is no JSON"],
    ["is not what the queue carries", '{"secret":1}', "The body is not what this queue carries"],
    ["is quietly refused", '"silently"', "The body is not what this queue carries"],
    ["is nested without end", "[".repeat(50_000), "The body is no JSON"],
  ])("because it %s goes to the dead-letter queue, with the cause", async (_, text, message) => {
    const stage = await openQueue(aws);
    await put(stage, '"good 1"', text, '"good 2"');
    const received = await stage.queue({ parse }).receive(now);
    expect(received.map(({ body }) => body)).toEqual(["good 1", "good 2"]);
    expect(await letters(stage)).toEqual([
      {
        text,
        traceparent,
        "dead-letter.code": "config",
        "dead-letter.message": message,
        "dead-letter.id": expect.stringMatching(/^[0-9a-f-]{36}$/u),
        "dead-letter.attempts": "1",
        "dead-letter.sender": `AIDA${aws.credentials.accessKeyId}`,
      },
    ]);
    expect(await stage.count()).toBe(2);
    expect(stage.poison).toEqual([
      {
        id: expect.any(String),
        cause: { code: "config", message },
        sender: `AIDA${aws.credentials.accessKeyId}`,
        attempt: 1,
      },
    ]);
  });

  it("because it is too large goes there as well, without being parsed", async () => {
    const stage = await openQueue(aws);
    const text = JSON.stringify("x".repeat(2_000));
    await put(stage, text, '"good"');
    const parsed: unknown[] = [];
    const queue = stage.queue({
      maxMessageBytes: 1_024,
      parse: (body) => {
        parsed.push(body);
        return "parsed";
      },
    });
    expect((await queue.receive(now)).length).toBe(1);
    expect(parsed).toEqual(["good"]);
    expect(await letters(stage)).toMatchObject([
      { text, "dead-letter.message": "The body has 2002 bytes, more than 1024" },
    ]);
  });

  it("stays, and comes again, while it cannot be put aside", async () => {
    const stage = await openQueue(aws);
    await put(stage, "poison", '"good"');
    const queue = stage.queue({ parse });
    const rule = aws.faults.inject({
      action: "SendMessageBatch",
      times: Number.POSITIVE_INFINITY,
      fault: { kind: "error", side: "before", code: "AccessDenied" },
    });
    expect((await queue.receive(now)).length).toBe(1);
    expect(await stage.count()).toBe(2);
    expect(stage.poison).toMatchObject([{ attempt: 1, failure: { kind: "auth" } }]);
    rule.remove();
    await receiveUntil(queue, () => stage.poison.length === 2);
    expect(stage.poison[1]).toMatchObject({ attempt: 2 });
    expect(stage.poison[1]).not.toHaveProperty("failure");
    expect(await letters(stage)).toMatchObject([{ text: "poison", "dead-letter.attempts": "2" }]);
    expect(await stage.count()).toBe(1);
  });

  it("stays when there is nowhere to put it, which is said", async () => {
    const stage = await openQueue(aws, { hasPolicy: false });
    await put(stage, "poison");
    expect(await stage.queue({ parse }).receive(now)).toEqual([]);
    expect(stage.poison).toMatchObject([{ failure: { kind: "config" } }]);
    expect(stage.poison[0]?.failure?.message).toContain("redrive policy");
    expect(await stage.count()).toBe(1);
  });

  it("goes where it is told, without the policy being asked", async () => {
    const stage = await openQueue(aws, { hasPolicy: false });
    await put(stage, "poison");
    const meter = aws.calls.meter();
    await stage.queue({ parse, deadLetterUrl: stage.deadLetterUrl }).receive(now);
    expect(meter.count({ action: "GetQueueAttributes" })).toBe(0);
    expect(await letters(stage)).toMatchObject([{ text: "poison" }]);
  });

  it("is moved by SQS itself when nobody can", async () => {
    const stage = await openQueue(aws, { maxReceives: 2 });
    await put(stage, "poison");
    const queue = stage.queue({ parse });
    aws.faults.inject({
      action: "SendMessageBatch",
      times: 2,
      fault: { kind: "error", side: "before", code: "AccessDenied" },
    });
    await receiveUntil(queue, async () => (await stage.count()) === 0);
    expect(await letters(stage)).toEqual([{ text: "poison", traceparent }]);
  });

  it("is one of many, and the next receive goes on", async () => {
    const stage = await openQueue(aws);
    await put(stage, ...Array.from({ length: 15 }, () => "poison"), '"good"');
    const queue = stage.queue({ parse });
    const meter = aws.calls.meter();
    expect(await queue.receive(now)).toEqual([]);
    expect((await queue.receive(now)).map(({ body }) => body)).toEqual(["good"]);
    expect(await stage.count(stage.deadLetterUrl)).toBe(15);
    // The dead-letter queue is looked up once.
    expect(meter.count({ action: "GetQueueUrl" })).toBe(1);
    expect(meter.count({ action: "SendMessageBatch" })).toBe(2);
    expect(meter.count({ action: "DeleteMessageBatch" })).toBe(2);
  });
});

describe("a message that is put aside", () => {
  it("keeps its text, its group and its trace, also when its receiver has only a copy", async () => {
    const stage = await openQueue(aws);
    const queue = stage.queue();
    const trace = { traceparent };
    await queue.send([
      { body: { b: 1, a: "\uFFFF" }, group: "acme/web", trace },
      { body: "copy", trace },
    ]);
    const cause = { code: "unknown", message: "Received 51 times\u0000" } as const;
    for (const delivery of await queue.receive(now)) {
      const isCopied = delivery.body === "copy";
      await queue.deadLetter(isCopied ? { ...delivery } : delivery, cause);
    }
    expect(await letters(stage)).toMatchObject([
      {
        text: '{"b":1,"a":"\\uffff"}',
        traceparent,
        "dead-letter.code": "unknown",
        "dead-letter.message": "Received 51 times\uFFFD",
      },
      { text: '"copy"', traceparent },
    ]);
    expect(await stage.count()).toBe(0);
  });

  it("is not removed before it is stored there", async () => {
    const stage = await openQueue(aws);
    const queue = stage.queue();
    await queue.send([{ body: "job" }]);
    const [delivery] = await queue.receive(now);
    if (delivery === undefined) throw new Error("There was a message");
    const fault = { kind: "error", side: "before", code: "AccessDenied" } as const;
    aws.faults.inject({ action: "SendMessageBatch", fault });
    const cause = { code: "unknown", message: "no" } as const;
    await expect(queue.deadLetter(delivery, cause)).rejects.toMatchObject({ kind: "auth" });
    expect([await stage.count(), await stage.count(stage.deadLetterUrl)]).toEqual([1, 0]);
    aws.faults.inject({ action: "DeleteMessageBatch", fault });
    await expect(queue.deadLetter(delivery, cause)).rejects.toMatchObject({ kind: "auth" });
    expect([await stage.count(), await stage.count(stage.deadLetterUrl)]).toEqual([1, 1]);
  });
});
