import { bodies, type MessageQueueSuite, put } from "./message-queue-suite.ts";
import { abortedSignal, failureOf } from "./stage.ts";

/** A message is with one consumer at a time, until it is acknowledged or its visibility runs out. */
export function describeReceiving({
  api,
  check,
  receive,
  shortMs,
  traits,
}: MessageQueueSuite): void {
  const { expect } = api;

  check("answers nothing from an empty queue", async (queue) => {
    expect(await receive(queue, 10)).toEqual([]);
  });

  check("receives no more than asked for", async (queue) => {
    await put(queue, "a", "b", "c");
    const two = await queue.receive({ max: 2, waitMs: 1_000, visibilityMs: 60_000 });
    expect(two.length >= 1 && two.length <= 2).toBe(true);
    const rest = await receive(queue, 3);
    expect(bodies([...two, ...rest])).toEqual(["a", "b", "c"]);
  });

  check("counts attempts from 1", async (queue) => {
    await put(queue, "message");
    expect((await receive(queue, 1)).map(({ attempt }) => attempt)).toEqual([1]);
  });

  check("hides a received message while it is visible to its consumer", async (queue, stage) => {
    await put(queue, "message");
    expect(bodies(await receive(queue, 1, shortMs))).toEqual(["message"]);
    await stage.pass(shortMs / 2);
    expect(await receive(queue, 1)).toEqual([]);
  });

  check(
    "delivers again, under a new receipt, when the visibility ran out",
    async (queue, stage) => {
      await put(queue, "message");
      const first = await receive(queue, 1, shortMs);
      await stage.pass(shortMs + 500);
      const second = await receive(queue, 1, shortMs);
      expect(bodies(second)).toEqual(["message"]);
      expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
      expect(second.map(({ attempt }) => attempt)).toEqual([2]);
      expect(second[0]?.receipt === first[0]?.receipt).toBe(false);
    },
  );

  check("removes an acknowledged message for good", async (queue, stage) => {
    await put(queue, "message");
    await queue.acknowledge(await receive(queue, 1, shortMs));
    await stage.pass(shortMs + 500);
    expect(await receive(queue, 1)).toEqual([]);
  });

  check("removes acknowledged messages only", async (queue, stage) => {
    await put(queue, "a", "b", "c");
    const all = await receive(queue, 3, shortMs);
    await queue.acknowledge(all.filter(({ body }) => body === "b"));
    await stage.pass(shortMs + 500);
    expect(bodies(await receive(queue, 3))).toEqual(["a", "c"]);
  });

  check("takes the acknowledgement of 25 messages at once", async (queue, stage) => {
    await put(queue, ...Array.from({ length: 25 }, (_, index) => index));
    await queue.acknowledge(await receive(queue, 25, shortMs));
    await stage.pass(shortMs + 500);
    expect(await receive(queue, 1)).toEqual([]);
  });

  check("takes a late acknowledgement, and one of a message that is gone", async (queue, stage) => {
    await put(queue, "gone", "late");
    const received = await receive(queue, 2, shortMs);
    const gone = received.filter(({ body }) => body === "gone");
    await queue.acknowledge(gone);
    expect(await failureOf(queue.acknowledge(gone))).toBe("none");
    await stage.pass(shortMs + 500);
    expect(await failureOf(queue.acknowledge(received))).toBe("none");
  });

  check("hides a message for longer when it is extended", async (queue, stage) => {
    await put(queue, "message");
    // In real time a call may take seconds: half of `shortMs` is left for those of each step.
    const received = await receive(queue, 1, shortMs * 1.75);
    await stage.pass(shortMs);
    await queue.extend(received, shortMs * 1.5);
    await stage.pass(shortMs);
    expect(await receive(queue, 1)).toEqual([]);
    await stage.pass(shortMs);
    expect((await receive(queue, 1)).map(({ attempt }) => attempt)).toEqual([2]);
  });

  check("hands a message back at once when it is extended by 0", async (queue) => {
    await put(queue, "a", "b");
    const received = await receive(queue, 2);
    await queue.extend(
      received.filter(({ body }) => body === "a"),
      0,
    );
    const again = await receive(queue, 2);
    expect(again.map(({ body, attempt }) => [body, attempt])).toEqual([["a", 2]]);
  });

  check("moves a dead letter out of the way", async (queue, stage) => {
    await put(queue, "dead", "alive");
    for (const delivery of await receive(queue, 2, shortMs)) {
      const cause = { code: "config", message: "It cannot be handled" } as const;
      if (delivery.body === "dead") await queue.deadLetter(delivery, cause);
    }
    await stage.pass(shortMs + 500);
    expect(bodies(await receive(queue, 2))).toEqual(["alive"]);
  });

  check("changes nothing when a call is cancelled", async (queue) => {
    await put(queue, "message");
    const { signal, reason } = abortedSignal();
    const options = { max: 1, waitMs: 0, visibilityMs: 60_000 };
    expect(await failureOf(queue.receive({ ...options, signal }))).toBe(reason);
    const received = await receive(queue, 1);
    expect(bodies(received)).toEqual(["message"]);
    expect(await failureOf(queue.acknowledge(received, { signal }))).toBe(reason);
    await queue.extend(received, 0);
    expect(bodies(await receive(queue, 1))).toEqual(["message"]);
  });

  if (traits.concurrent) {
    check("gives each message to one of many consumers", async (queue) => {
      const sent = Array.from({ length: 40 }, (_, index) => `message-${index + 10}`);
      await put(queue, ...sent);
      const shares = await Promise.all(Array.from({ length: 8 }, () => receive(queue, 10)));
      expect(bodies(shares.flat())).toEqual(sent);
    });
  }
}
