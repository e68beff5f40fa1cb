import { SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { createSqsQueue, type SqsQueueOptions } from "./queue.ts";
import { redriveSqsDeadLetters } from "./redrive.ts";

const client = new SQSClient({ region: "us-east-1" });
const queueUrl = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs";
const good: SqsQueueOptions<unknown> = { client, queueUrl, parse: (body) => body };

describe("a queue of SQS", () => {
  it("calls nobody before it is used", () => {
    expect(Object.keys(createSqsQueue(good)).sort()).toEqual([
      "acknowledge",
      "deadLetter",
      "extend",
      "isOrdered",
      "receive",
      "send",
    ]);
  });

  it("says whether its messages wait for one another", () => {
    expect(createSqsQueue(good).isOrdered).toBe(false);
    expect(createSqsQueue({ ...good, queueUrl: `${queueUrl}.fifo` }).isOrdered).toBe(true);
  });

  it.each<[string, object, typeof TypeError]>([
    ["no client", { client: {} }, TypeError],
    ["no client for receives", { longPollClient: {} }, TypeError],
    ["a name instead of a URL", { queueUrl: "jobs" }, TypeError],
    ["another URL", { queueUrl: "arn:aws:sqs:us-east-1:123456789012:jobs" }, TypeError],
    ["no URL for dead letters", { deadLetterUrl: "dead" }, TypeError],
    ["no parser", { parse: undefined }, TypeError],
    ["a limit that no queue has", { maxMessageBytes: 1_023 }, RangeError],
    ["a limit beyond SQS's", { maxMessageBytes: 1_048_577 }, RangeError],
    ["a limit that is no number of bytes", { maxMessageBytes: 2_000.5 }, RangeError],
  ])("is refused with %s", (_, replace, error) => {
    expect(() => createSqsQueue({ ...good, ...replace } as typeof good)).toThrow(error);
  });

  it.each([
    ["max", { max: 0, waitMs: 0, visibilityMs: 1 }],
    ["waitMs", { max: 1, waitMs: -1, visibilityMs: 1 }],
    ["visibilityMs", { max: 1, waitMs: 0, visibilityMs: 0 }],
    ["visibilityMs", { max: 1, waitMs: 0, visibilityMs: 43_200_001 }],
  ])("refuses to receive with a %s out of range", async (name, receive) => {
    const receiving = createSqsQueue(good).receive(receive);
    await expect(receiving).rejects.toThrow(RangeError);
    await expect(createSqsQueue(good).receive(receive)).rejects.toThrow(name);
  });

  it("refuses to hide for more than 12 hours, or less than nothing", async () => {
    const queue = createSqsQueue(good);
    await expect(queue.extend([], 43_200_001)).rejects.toThrow(RangeError);
    await expect(queue.extend([], -1)).rejects.toThrow(RangeError);
  });
});

describe("a redrive", () => {
  const redrive = { client, queueUrl, deadLetterUrl: `${queueUrl}-dead`, max: 1 };
  it.each([
    ["no number", { max: 0 }, RangeError],
    ["a number without bounds", { max: 10_001 }, RangeError],
    ["no source", { deadLetterUrl: "" }, TypeError],
    ["no target", { queueUrl: "" }, TypeError],
    ["one queue for both", { deadLetterUrl: queueUrl }, TypeError],
  ])("is refused with %s", async (_, replace, error) => {
    await expect(redriveSqsDeadLetters({ ...redrive, ...replace })).rejects.toThrow(error);
  });
});
