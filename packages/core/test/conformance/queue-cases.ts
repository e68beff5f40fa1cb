import { expect } from "vitest";
import type { Deviation } from "./emulator.ts";

/** A message as it was received. */
export interface Received {
  readonly id: string;
  readonly body: string;
  readonly receipt: string;
  readonly attempt: number;
  readonly trace: string | undefined;
}

/** A queue to try things with: ours, or SQS as an emulator plays it. Every case has one of its own. */
export interface QueueStage {
  /** `ok`, or `refused`. */
  send(
    body: string,
    options?: { readonly trace?: string; readonly deduplicationId?: string },
  ): Promise<"ok" | "refused">;
  receive(max?: number, visibilityMs?: number): Promise<readonly Received[]>;
  acknowledge(received: readonly Received[]): Promise<void>;
  extend(received: readonly Received[], visibilityMs: number): Promise<void>;
  pass(ms: number): Promise<void>;
}

/** A rule that queues keep, tried. */
export interface QueueCase {
  readonly name: string;
  readonly moto?: Deviation;
  run(queue: QueueStage): Promise<void>;
}

const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** What our queue and SQS have in common. */
export const queueCases: readonly QueueCase[] = [
  {
    name: "a message carries its body and its trace",
    async run(queue) {
      expect(await queue.send("hello é", { trace })).toBe("ok");
      const [got] = await queue.receive();
      expect([got?.body, got?.trace, got?.attempt]).toEqual(["hello é", trace, 1]);
    },
  },
  {
    name: "a received message is hidden, and comes again when its visibility runs out",
    async run(queue) {
      await queue.send("a");
      const [first] = await queue.receive(1, 1_000);
      expect(await queue.receive()).toEqual([]);
      await queue.pass(1_100);
      const [second] = await queue.receive();
      expect([second?.id === first?.id, second?.attempt]).toEqual([true, 2]);
      expect(second?.receipt === first?.receipt).toBe(false);
    },
  },
  {
    name: "an acknowledged message never comes again",
    async run(queue) {
      await queue.send("a");
      await queue.acknowledge(await queue.receive(1, 1_000));
      await queue.pass(1_100);
      expect(await queue.receive()).toEqual([]);
    },
  },
  {
    name: "a message that is extended by 0 comes again at once",
    async run(queue) {
      await queue.send("a");
      await queue.extend(await queue.receive(), 0);
      expect((await queue.receive()).map(({ attempt }) => attempt)).toEqual([2]);
    },
  },
  {
    name: "acknowledging twice is fine",
    async run(queue) {
      await queue.send("a");
      const received = await queue.receive();
      await queue.acknowledge(received);
      await queue.acknowledge(received);
      expect(await queue.receive()).toEqual([]);
    },
  },
  {
    name: "a late acknowledgement counts while nobody else has the message",
    async run(queue) {
      await queue.send("a");
      const received = await queue.receive(1, 1_000);
      await queue.pass(1_100);
      await queue.acknowledge(received);
      expect(await queue.receive()).toEqual([]);
    },
  },
  {
    name: "a receive answers no more than asked for",
    async run(queue) {
      for (const body of ["a", "b", "c"]) await queue.send(body);
      expect((await queue.receive(2)).length).toBe(2);
      expect((await queue.receive(2)).length).toBe(1);
    },
  },
  {
    name: "a message of more than a mebibyte is refused",
    async run(queue) {
      expect(await queue.send("x".repeat(1_048_577))).toBe("refused");
    },
  },
  {
    name: "a deduplication id sends once within 5 minutes",
    async run(queue) {
      await queue.send("a", { deduplicationId: "one" });
      await queue.send("a", { deduplicationId: "one" });
      expect((await queue.receive()).length).toBe(1);
    },
  },
  {
    name: "a deduplication id sends once within 5 minutes although the first was acknowledged",
    moto: { why: "forgets the id with the message", shows: "expected 1 to be +0" },
    async run(queue) {
      await queue.send("a", { deduplicationId: "two" });
      await queue.acknowledge(await queue.receive());
      await queue.send("a", { deduplicationId: "two" });
      expect((await queue.receive()).length).toBe(0);
    },
  },
];
