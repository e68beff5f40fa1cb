import { describe, expect, it } from "vitest";
import type { Json } from "../ports/json.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createMemoryQueue } from "./memory-queue.ts";

const startMs = 1_790_000_000_000;
const now = { max: 10, waitMs: 0, visibilityMs: 1_000 };

describe("the memory queue", () => {
  it("makes a dead letter of a message that nobody acknowledges", async () => {
    const clock = createVirtualClock(startMs);
    const queue = createMemoryQueue<Json>({ clock, maxReceives: 3 });
    await queue.send([{ body: "poison" }]);
    for (const attempt of [1, 2, 3]) {
      const received = await queue.receive(now);
      expect(received.map((delivery) => delivery.attempt)).toEqual([attempt]);
      await clock.advance(1_000);
    }
    await queue.send([{ body: "fine" }]);
    expect((await queue.receive(now)).map(({ body }) => body)).toEqual(["fine"]);
    expect(await queue.deadLetters()).toEqual([
      {
        id: "m1",
        body: "poison",
        attempts: 3,
        atMs: startMs + 3_000,
        cause: { code: "unknown", message: "Received 3 times without an acknowledgement" },
      },
    ]);
  });

  it("shows a dead letter with the cause that it was given", async () => {
    const queue = createMemoryQueue<Json>({ clock: createVirtualClock(startMs) });
    await queue.send([{ body: "bad" }]);
    const [delivery] = await queue.receive(now);
    const cause = { code: "config", message: "It cannot be handled" } as const;
    if (delivery !== undefined) await queue.deadLetter(delivery, cause);
    expect((await queue.deadLetters()).map((letter) => letter.cause)).toEqual([cause]);
  });

  it("ignores the receipt of an earlier receive", async () => {
    const clock = createVirtualClock(startMs);
    const queue = createMemoryQueue<Json>({ clock });
    await queue.send([{ body: "message" }]);
    const first = await queue.receive(now);
    await clock.advance(1_000);
    const second = await queue.receive(now);
    await queue.acknowledge(first);
    await queue.extend(first, 0);
    for (const delivery of first) {
      await queue.deadLetter(delivery, { code: "unknown", message: "late" });
    }
    expect(await queue.receive(now)).toEqual([]);
    await queue.extend(second, 0);
    expect((await queue.receive(now)).map(({ attempt }) => attempt)).toEqual([3]);
    expect(await queue.deadLetters()).toEqual([]);
  });

  it("lets a late acknowledgement count while nobody else has the message", async () => {
    const clock = createVirtualClock(startMs);
    const queue = createMemoryQueue<Json>({ clock });
    await queue.send([{ body: "message" }]);
    const received = await queue.receive(now);
    await clock.advance(5_000);
    await queue.acknowledge(received);
    expect(await queue.receive(now)).toEqual([]);
  });

  it("wakes every waiting consumer with its share", async () => {
    const clock = createVirtualClock(startMs);
    const queue = createMemoryQueue<Json>({ clock });
    const waiting = [1, 2, 3].map(() => queue.receive({ ...now, max: 1, waitMs: 20_000 }));
    await clock.advance(1_000);
    await queue.send([{ body: "a" }, { body: "b" }, { body: "c" }]);
    const shares = await Promise.all(waiting);
    expect(shares.map((share) => share.map(({ body }) => body))).toEqual([["a"], ["b"], ["c"]]);
    expect(clock.now()).toBe(startMs + 1_000);
  });

  it("answers a failure for a message that cannot be one", async () => {
    const queue = createMemoryQueue<unknown>();
    const wrong = [
      { body: undefined },
      { body: "x", group: "" },
      { body: "x", deduplicationId: "" },
    ];
    const outcomes = await queue.send(wrong);
    expect(outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.error.kind))).toEqual([
      "config",
      "config",
      "config",
    ]);
    expect(await queue.receive(now)).toEqual([]);
  });

  it("refuses numbers that are out of range", async () => {
    const queue = createMemoryQueue<Json>();
    for (const wrong of [{ max: 0 }, { waitMs: -1 }, { visibilityMs: 0 }, { max: 1.5 }]) {
      await expect(queue.receive({ ...now, ...wrong })).rejects.toThrow(RangeError);
    }
    await expect(queue.extend([], -1)).rejects.toThrow(RangeError);
    expect(() => createMemoryQueue({ maxReceives: 0 })).toThrow(RangeError);
  });
});
