import type { Json, MessageQueue } from "@runs-fleet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redriveSqsDeadLetters } from "../../src/sqs/index.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { openQueue } from "./stage.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await openAws({ queues: "fauxqs" });
});
afterAll(() => aws.close());

const now = { max: 10, waitMs: 0, visibilityMs: 60_000 };

/** Everything that is there, in the order in which it comes, each acknowledged before the next. */
async function drain(queue: MessageQueue<Json>): Promise<readonly Json[]> {
  const bodies: Json[] = [];
  for (;;) {
    const received = await queue.receive(now);
    if (received.length === 0) return bodies;
    bodies.push(...received.map(({ body }) => body));
    await queue.acknowledge(received);
  }
}

const ofGroup = (group: string, bodies: readonly Json[]) =>
  bodies.filter((body) => String(body).startsWith(group));

/** Messages of three groups, mixed. */
const mixed = Array.from({ length: 36 }, (_, index) => ({
  body: `${"abc"[index % 3]}${String(index).padStart(2, "0")}`,
  group: `acme/${"abc"[index % 3]}`,
}));

describe("a FIFO queue", () => {
  it("keeps the order of each group", async () => {
    const queue = (await openQueue(aws, { isFifo: true })).queue();
    await queue.send(mixed);
    const bodies = await drain(queue);
    expect(bodies.length).toBe(36);
    for (const group of ["a", "b", "c"]) {
      expect(ofGroup(group, bodies)).toEqual([...ofGroup(group, bodies)].sort());
    }
  });

  it("sends nothing behind a message of its group that was not accepted", async () => {
    const queue = (await openQueue(aws, { isFifo: true })).queue();
    const rule = aws.faults.inject({
      action: "SendMessageBatch",
      skip: 1,
      fault: { kind: "entry-errors", entries: [1], code: "InvalidAddress", senderFault: true },
    });
    const outcomes = await queue.send(mixed.slice(0, 12));
    rule.remove();
    // In the second batch the message of b is refused; b's others stay behind with it.
    const isOk = outcomes.map(({ ok }) => ok);
    expect(isOk).toEqual(
      mixed.slice(0, 12).map(({ group }, index) => group !== "acme/b" || index < 3),
    );
    const missing = mixed.slice(0, 12).filter((_, index) => !isOk[index]);
    expect((await queue.send(missing)).every(({ ok }) => ok)).toBe(true);
    const bodies = await drain(queue);
    expect(bodies.length).toBe(12);
    for (const group of ["a", "b", "c"]) {
      expect(ofGroup(group, bodies)).toEqual([...ofGroup(group, bodies)].sort());
    }
  });

  it("takes an id once, also when the first message has been acknowledged", async () => {
    const queue = (await openQueue(aws, { isFifo: true })).queue();
    const message = { body: "job", group: "acme/a", deduplicationId: "delivery-1" };
    expect(await queue.send([message, { ...message, body: "again" }])).toEqual([
      { ok: true },
      { ok: true },
    ]);
    expect(await drain(queue)).toEqual(["job"]);
    await queue.send([message]);
    expect(await drain(queue)).toEqual([]);
    await queue.send([{ ...message, deduplicationId: "delivery-2" }]);
    expect(await drain(queue)).toEqual(["job"]);
  });

  it("takes a message once whose answer was lost, because the SDK sends the same again", async () => {
    const stage = await openQueue(aws, { isFifo: true });
    const fault = { kind: "reset", side: "after" } as const;
    const rule = aws.faults.inject({ action: "SendMessageBatch", fault });
    expect(await stage.queue().send([{ body: 1 }, { body: 2 }])).toEqual([
      { ok: true },
      { ok: true },
    ]);
    expect(rule.fired).toBe(1);
    expect(await stage.count()).toBe(2);
  });

  it("lets messages without a group wait for nobody", async () => {
    const queue = (await openQueue(aws, { isFifo: true })).queue();
    await queue.send([{ body: 1 }, { body: 2 }, { body: 3 }]);
    expect((await queue.receive(now)).length).toBe(3);
  });

  it("goes on with a group when a message of it was put aside, and takes that back under a new id", async () => {
    const stage = await openQueue(aws, { isFifo: true });
    const { client, deadLetterUrl, queueUrl } = stage;
    const queue = stage.queue();
    const group = "acme/a";
    await queue.send([
      { body: "bad", group, deduplicationId: "1" },
      { body: "good", group, deduplicationId: "2" },
    ]);
    const [bad] = await queue.receive(now);
    if (bad === undefined) throw new Error("There was a message");
    await queue.deadLetter(bad, { code: "config", message: "no" });
    expect(await drain(queue)).toEqual(["good"]);
    const [letter] = await stage.look(deadLetterUrl);
    expect(letter?.Attributes?.MessageGroupId).toBe(group);
    // The look has hidden it for a second.
    const redrive = () => redriveSqsDeadLetters({ client, deadLetterUrl, queueUrl, max: 10 });
    await expect.poll(redrive, { timeout: 5_000 }).toMatchObject({ moved: 1, kept: 0 });
    expect(await drain(queue)).toEqual(["bad"]);
    expect(await stage.count(deadLetterUrl)).toBe(0);
  });
});
