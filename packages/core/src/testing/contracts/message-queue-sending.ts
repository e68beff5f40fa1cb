import type { Json } from "../../ports/json.ts";
import { bodies, type MessageQueueSuite, put } from "./message-queue-suite.ts";
import { abortedSignal, failureOf } from "./stage.ts";

/** What is accepted is there, as it was sent. */
export function describeSending({ api, check, receive, traits }: MessageQueueSuite): void {
  const { expect } = api;

  check("delivers a body as it was sent", async (queue) => {
    const body: Json = {
      text: "naïve 測試 🚀 <&> \"'\n",
      list: [1, 1.5, null, true, {}, [], ""],
      nested: { a: { b: { c: "d" } } },
    };
    await put(queue, body);
    expect((await receive(queue, 1)).map((delivery) => delivery.body)).toEqual([body]);
  });

  check("delivers the trace context beside the body", async (queue) => {
    const trace = {
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      tracestate: "vendor=value",
    };
    await queue.send([{ body: "traced", trace }]);
    expect((await receive(queue, 1)).map((delivery) => delivery.trace)).toEqual([trace]);
  });

  check("answers one outcome per message of a batch of 25, and delivers all", async (queue) => {
    const sent = Array.from({ length: 25 }, (_, index) => `message-${index + 10}`);
    const outcomes = await queue.send(sent.map((body) => ({ body })));
    expect(outcomes.map(({ ok }) => ok)).toEqual(sent.map(() => true));
    expect(bodies(await receive(queue, 25))).toEqual(sent);
  });

  check("answers an empty batch with nothing", async (queue) => {
    expect(await queue.send([])).toEqual([]);
    await queue.acknowledge([]);
    await queue.extend([], 1_000);
    expect(await receive(queue, 1)).toEqual([]);
  });

  check("refuses a message that is too large, and no other of its batch", async (queue) => {
    const batch = ["first", "x".repeat(1_100_000), "third"].map((body) => ({ body }));
    const outcomes = await queue.send(batch);
    expect(outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.error.kind))).toEqual([
      "ok",
      "config",
      "ok",
    ]);
    expect(bodies(await receive(queue, 3))).toEqual(["first", "third"]);
  });

  check("delivers a body of 60,000 characters", async (queue) => {
    const body = "0123456789".repeat(6_000);
    await put(queue, body);
    expect((await receive(queue, 1)).map((delivery) => delivery.body)).toEqual([body]);
  });

  check("keeps what was sent when the sender changes its object", async (queue) => {
    const body = { labels: ["a"] };
    const sending = queue.send([{ body }]);
    body.labels.push("b");
    await sending;
    body.labels.push("c");
    expect(bodies(await receive(queue, 1))).toEqual([{ labels: ["a"] }]);
  });

  check("sends nothing when the call is cancelled", async (queue) => {
    const { signal, reason } = abortedSignal();
    expect(await failureOf(queue.send([{ body: "unsent" }], { signal }))).toBe(reason);
    expect(await receive(queue, 1)).toEqual([]);
  });

  if (traits.deduplicates) {
    check("drops a second message of one deduplication id for 5 minutes", async (queue, stage) => {
      const send = (body: string, deduplicationId: string) =>
        queue.send([{ body, deduplicationId }]);
      await send("first", "id-1");
      expect((await send("duplicate", "id-1")).map(({ ok }) => ok)).toEqual([true]);
      await send("other", "id-2");
      const received = await receive(queue, 3, 600_000);
      expect(bodies(received)).toEqual(["first", "other"]);
      await queue.acknowledge(received);
      await stage.pass(299_000);
      await send("duplicate", "id-1");
      expect(await receive(queue, 1)).toEqual([]);
      await stage.pass(1_001);
      await send("again", "id-1");
      expect(bodies(await receive(queue, 1))).toEqual(["again"]);
    });
  }

  if (traits.fair) {
    check("lets groups take turns", async (queue) => {
      await queue.send(
        Array.from({ length: 20 }, (_, index) => ({ body: `a-${index}`, group: "acme/a" })),
      );
      await queue.send([{ body: "b-0", group: "acme/b" }]);
      expect(bodies(await receive(queue, 4)).includes("b-0")).toBe(true);
    });
  }
}
