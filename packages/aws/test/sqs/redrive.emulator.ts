import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redriveSqsDeadLetters, type SqsDeadLetter } from "../../src/sqs/index.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { openQueue, type QueueStage } from "./stage.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await openAws();
});
afterAll(() => aws.close());

const now = { max: 100, waitMs: 0, visibilityMs: 60_000 };
const trace = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

/** A queue, and so many of its messages in the dead-letter queue. */
async function openWithLetters(count: number): Promise<QueueStage> {
  const stage = await openQueue(aws);
  const queue = stage.queue();
  await queue.send(Array.from({ length: count }, (_, body) => ({ body, group: "acme/a", trace })));
  for (const delivery of await queue.receive(now)) {
    const code = Number(delivery.body) % 2 === 0 ? "config" : "unknown";
    await queue.deadLetter(delivery, { code, message: "no" });
  }
  return stage;
}

const redrive = (
  { client, queueUrl, deadLetterUrl }: QueueStage,
  options: { max: number; accept?: (letter: SqsDeadLetter) => boolean; signal?: AbortSignal },
) => redriveSqsDeadLetters({ client, queueUrl, deadLetterUrl, ...options });

async function bodies(stage: QueueStage): Promise<readonly unknown[]> {
  return (await stage.queue().receive(now)).map(({ body }) => body);
}

describe("a redrive", () => {
  it("moves messages back as they were, all of them when there are few", async () => {
    const stage = await openWithLetters(12);
    expect(await redrive(stage, { max: 100 })).toEqual({ moved: 12, kept: 0, isEmpty: true });
    const received = await stage.queue().receive(now);
    expect(received.map(({ body }) => body)).toEqual(Array.from({ length: 12 }, (_, body) => body));
    expect(received.every(({ trace: own, attempt }) => own !== undefined && attempt === 1)).toBe(
      true,
    );
    expect(await stage.count(stage.deadLetterUrl)).toBe(0);
  });

  it("leaves nothing of the cause in a message", async () => {
    const stage = await openWithLetters(1);
    await redrive(stage, { max: 1 });
    const [message] = await stage.look();
    expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(["traceparent"]);
  });

  it.each([1, 10, 11])("moves %s at most when told to", async (max) => {
    const stage = await openWithLetters(12);
    expect(await redrive(stage, { max })).toEqual({ moved: max, kept: 0, isEmpty: false });
    expect(await stage.count()).toBe(max);
    expect(await stage.count(stage.deadLetterUrl)).toBe(12 - max);
  });

  it("says so when there is nothing", async () => {
    expect(await redrive(await openWithLetters(0), { max: 5 })).toEqual({
      moved: 0,
      kept: 0,
      isEmpty: true,
    });
  });

  it("leaves what is not accepted, where it is seen again at once", async () => {
    const stage = await openWithLetters(6);
    const letters: SqsDeadLetter[] = [];
    const accept = (letter: SqsDeadLetter) => {
      letters.push(letter);
      return letter.code === "config";
    };
    expect(await redrive(stage, { max: 100, accept })).toEqual({
      moved: 3,
      kept: 3,
      isEmpty: true,
    });
    expect(await bodies(stage)).toEqual([0, 2, 4]);
    expect(letters[1]).toEqual({
      text: "1",
      code: "unknown",
      message: "no",
      sender: `AIDA${aws.credentials.accessKeyId}`,
      sentAtMs: expect.any(Number),
      isCut: false,
    });
    expect(Math.abs((letters[1]?.sentAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
    expect((await stage.look(stage.deadLetterUrl)).map(({ Body }) => Body)).toEqual([
      "1",
      "3",
      "5",
    ]);
  });

  it("takes what SQS has moved itself", async () => {
    const stage = await openQueue(aws);
    const command = { QueueUrl: stage.deadLetterUrl, MessageBody: '"job"' };
    await stage.client.send(new SendMessageCommand(command));
    const seen: SqsDeadLetter[] = [];
    const accept = (letter: SqsDeadLetter) => seen.push(letter) > 0;
    expect(await redrive(stage, { max: 100, accept })).toMatchObject({ moved: 1 });
    expect(seen).toMatchObject([{ code: undefined, message: undefined, sender: undefined }]);
    expect(await bodies(stage)).toEqual(["job"]);
  });

  it("never moves half of a message", async () => {
    const stage = await openQueue(aws);
    const whole = JSON.stringify("x".repeat(1_045_000));
    await stage.client.send(
      new SendMessageCommand({ QueueUrl: stage.queueUrl, MessageBody: whole }),
    );
    expect(await bodies(stage)).toEqual([]);
    expect(await redrive(stage, { max: 100 })).toEqual({ moved: 0, kept: 1, isEmpty: true });
    const [letter] = await stage.look(stage.deadLetterUrl);
    expect(letter?.MessageAttributes?.["dead-letter.bytes"]?.StringValue).toBe("1045002");
    expect(whole.startsWith(letter?.Body ?? "none")).toBe(true);
  });

  it("ends at the first failure, says it, and loses nothing", async () => {
    const stage = await openWithLetters(25);
    aws.faults.inject({
      action: "SendMessageBatch",
      skip: 1,
      fault: { kind: "entry-errors", entries: [2, 3], code: "InvalidAddress", senderFault: true },
    });
    const report = await redrive(stage, { max: 100 });
    expect(report).toMatchObject({ moved: 18, kept: 2, isEmpty: false });
    expect(report.failure).toMatchObject({ kind: "config" });
    expect(await stage.count()).toBe(18);
    expect(await stage.count(stage.deadLetterUrl)).toBe(7);
    expect(await redrive(stage, { max: 100 })).toEqual({ moved: 7, kept: 0, isEmpty: true });
  });

  it("says it when the queue is not there", async () => {
    const stage = await openWithLetters(3);
    const queueUrl = `${stage.queueUrl}-none`;
    const report = await redrive({ ...stage, queueUrl }, { max: 100 });
    expect(report).toMatchObject({ moved: 0, kept: 3, failure: { kind: "config" } });
    expect((await stage.look(stage.deadLetterUrl)).length).toBe(3);
  });

  it("stops when it is cancelled, between two batches", async () => {
    const stage = await openWithLetters(15);
    const controller = new AbortController();
    let looked = 0;
    const accept = () => {
      looked += 1;
      if (looked === 11) controller.abort("enough");
      return true;
    };
    const { signal } = controller;
    await expect(redrive(stage, { max: 100, accept, signal })).rejects.toBe("enough");
    expect(await stage.count()).toBe(10);
    expect(await stage.count(stage.deadLetterUrl)).toBe(5);
  });
});
