import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { createAwsJson } from "./aws-json.ts";
import { codeOf } from "./ec2-stage.ts";
import { emulatorUrl, expectDeviation } from "./emulator.ts";
import { type QueueStage, queueCases } from "./queue-cases.ts";

interface SqsMessage {
  readonly MessageId: string;
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly Attributes: Readonly<Record<string, string>>;
  readonly MessageAttributes?: { readonly traceparent?: { readonly StringValue: string } };
}

let queues = 0;

async function createQueue(call: ReturnType<typeof createAwsJson>, isFifo: boolean) {
  queues += 1;
  const answer = await call("CreateQueue", {
    QueueName: `conformance-${queues}${isFifo ? ".fifo" : ""}`,
    ...(isFifo ? { Attributes: { FifoQueue: "true" } } : {}),
  });
  return String(answer["QueueUrl"]);
}

/** SQS as moto plays it. Cases about deduplication get a FIFO queue: only those do it. */
async function createMotoStage(isFifo: boolean): Promise<QueueStage> {
  const call = createAwsJson(emulatorUrl("MOTO"), "sqs");
  const QueueUrl = await createQueue(call, isFifo);
  return {
    async send(body, { trace, deduplicationId } = {}) {
      const MessageAttributes =
        trace === undefined
          ? {}
          : { MessageAttributes: { traceparent: { DataType: "String", StringValue: trace } } };
      const fifo = isFifo
        ? { MessageGroupId: "g", MessageDeduplicationId: deduplicationId ?? body }
        : {};
      const input = { QueueUrl, MessageBody: body, ...MessageAttributes, ...fifo };
      return (await codeOf(call("SendMessage", input))) === "none" ? "ok" : "refused";
    },
    async receive(max = 10, visibilityMs = 30_000) {
      const answer = await call("ReceiveMessage", {
        QueueUrl,
        MaxNumberOfMessages: max,
        VisibilityTimeout: visibilityMs / 1_000,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
        AttributeNames: ["ApproximateReceiveCount"],
        MessageAttributeNames: ["All"],
      });
      const messages = (answer["Messages"] ?? []) as readonly SqsMessage[];
      return messages.map((message) => ({
        id: message.MessageId,
        body: message.Body,
        receipt: message.ReceiptHandle,
        attempt: Number(message.Attributes["ApproximateReceiveCount"]),
        trace: message.MessageAttributes?.traceparent?.StringValue,
      }));
    },
    async acknowledge(received) {
      for (const { receipt } of received) {
        await call("DeleteMessage", { QueueUrl, ReceiptHandle: receipt });
      }
    },
    async extend(received, visibilityMs) {
      for (const { receipt } of received) {
        const VisibilityTimeout = visibilityMs / 1_000;
        await call("ChangeMessageVisibility", {
          QueueUrl,
          ReceiptHandle: receipt,
          VisibilityTimeout,
        });
      }
    },
    pass: (ms) => sleep(ms),
  };
}

describe("moto against the rules of queues:", () => {
  for (const { name, moto, run } of queueCases) {
    const trial = async () => run(await createMotoStage(name.includes("deduplication")));
    if (moto === undefined) it.concurrent(name, trial);
    else {
      it.concurrent(`deviates: ${name} (${moto.why})`, () => expectDeviation(moto, trial));
    }
  }
});

describe("what an adapter for SQS has to respect:", () => {
  let call: ReturnType<typeof createAwsJson>;
  let QueueUrl = "";
  beforeAll(async () => {
    call = createAwsJson(emulatorUrl("MOTO"), "sqs");
    QueueUrl = await createQueue(call, false);
  });

  it("a batch has at most 10 messages", async () => {
    const Entries = Array.from({ length: 11 }, (_, index) => ({
      Id: String(index),
      MessageBody: "a",
    }));
    const code = await codeOf(call("SendMessageBatch", { QueueUrl, Entries }));
    expect(code).toContain("TooManyEntriesInBatchRequest");
  });

  it("a receive asks for at most 10 messages", async () => {
    const input = { QueueUrl, MaxNumberOfMessages: 11 };
    expect(await codeOf(call("ReceiveMessage", input))).not.toBe("none");
  });

  it("a long poll waits for at most 20 seconds", async () => {
    const input = { QueueUrl, WaitTimeSeconds: 21 };
    expect(await codeOf(call("ReceiveMessage", input))).not.toBe("none");
  });

  it("a message is hidden for at most 12 hours", async () => {
    await call("SendMessage", { QueueUrl, MessageBody: "a" });
    const answer = await call("ReceiveMessage", { QueueUrl });
    const [message] = (answer["Messages"] ?? []) as readonly SqsMessage[];
    const input = { QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 43_201 };
    expect(await codeOf(call("ChangeMessageVisibility", input))).not.toBe("none");
  });

  it("deviates: a message has at most 10 attributes (takes any number)", async () => {
    const MessageAttributes = Object.fromEntries(
      Array.from({ length: 11 }, (_, index) => [
        `a${index}`,
        { DataType: "String", StringValue: "v" },
      ]),
    );
    const input = { QueueUrl, MessageBody: "a", MessageAttributes };
    await expectDeviation({ why: "takes any number", shows: "expected 'none'" }, async () => {
      expect(await codeOf(call("SendMessage", input))).not.toBe("none");
    });
  });

  it("deviates: a message has a body (takes an empty one)", async () => {
    const input = { QueueUrl, MessageBody: "" };
    await expectDeviation({ why: "takes an empty one", shows: "expected 'none'" }, async () => {
      expect(await codeOf(call("SendMessage", input))).not.toBe("none");
    });
  });
});
