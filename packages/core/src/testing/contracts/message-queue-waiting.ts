import { bodies, type MessageQueueSuite, put } from "./message-queue-suite.ts";
import { watch } from "./stage.ts";

/** A receive waits for the first message, and no longer. */
export function describeWaiting({ api, check, receive, shortMs }: MessageQueueSuite): void {
  const { expect } = api;

  check("waits for as long as it was told, and answers nothing", async (queue, stage) => {
    const waiting = queue.receive({ max: 1, waitMs: 2_000, visibilityMs: 60_000 });
    const call = watch(waiting);
    await stage.pass(1_000);
    expect(call.hasEnded()).toBe(false);
    expect(await stage.reach(call.hasEnded, 100, 30)).toBe(true);
    expect(await waiting).toEqual([]);
  });

  check("does not wait when there is a message", async (queue, stage) => {
    await put(queue, "there");
    const waiting = queue.receive({ max: 10, waitMs: 10_000, visibilityMs: 60_000 });
    expect(await stage.reach(watch(waiting).hasEnded, 100, 20)).toBe(true);
    expect(bodies(await waiting)).toEqual(["there"]);
  });

  check("answers as soon as a message is sent", async (queue, stage) => {
    const waiting = queue.receive({ max: 10, waitMs: 10_000, visibilityMs: 60_000 });
    const call = watch(waiting);
    await stage.pass(1_000);
    expect(call.hasEnded()).toBe(false);
    await put(queue, "news");
    expect(await stage.reach(call.hasEnded, 50, 20)).toBe(true);
    expect(bodies(await waiting)).toEqual(["news"]);
  });

  check("sees a message whose visibility runs out while it waits", async (queue, stage) => {
    await put(queue, "message");
    await receive(queue, 1, shortMs);
    const waiting = queue.receive({ max: 1, waitMs: shortMs * 2, visibilityMs: 60_000 });
    const call = watch(waiting);
    await stage.pass(shortMs / 2);
    expect(call.hasEnded()).toBe(false);
    expect(await stage.reach(call.hasEnded, 250, (shortMs * 0.75) / 250)).toBe(true);
    expect(bodies(await waiting)).toEqual(["message"]);
  });

  check("sees a message that is handed back while it waits", async (queue, stage) => {
    await put(queue, "message");
    const received = await receive(queue, 1);
    const waiting = queue.receive({ max: 1, waitMs: 10_000, visibilityMs: 60_000 });
    const call = watch(waiting);
    await stage.pass(500);
    expect(call.hasEnded()).toBe(false);
    await queue.extend(received, 0);
    expect(await stage.reach(call.hasEnded, 50, 20)).toBe(true);
    expect(bodies(await waiting)).toEqual(["message"]);
  });

  check("stops waiting when it is cancelled, and loses nothing", async (queue, stage) => {
    const controller = new AbortController();
    const call = watch(
      queue.receive({
        max: 1,
        waitMs: 10_000,
        visibilityMs: 60_000,
        signal: controller.signal,
      }),
    );
    await stage.pass(500);
    controller.abort("enough");
    expect(await stage.reach(call.hasEnded, 50, 10)).toBe(true);
    expect(await call.end).toBe("enough");
    await put(queue, "later");
    expect(bodies(await receive(queue, 1))).toEqual(["later"]);
  });
}
