import type { Json } from "../../ports/json.ts";
import type { Delivery, MessageQueue } from "../../ports/message-queue.ts";
import type { TestApi } from "../test-api.ts";
import type { ContractTime, Stage } from "./stage.ts";

/** What a queue can and cannot do. */
export interface MessageQueueTraits {
  /** Whether the queue lives by the virtual clock of the suite or by real time. @defaultValue `virtual` */
  readonly time?: ContractTime;
  /** Adds the case of many consumers at once: each message to one of them. @defaultValue false */
  readonly concurrent?: boolean;
  /** Groups take turns. @defaultValue false */
  readonly fair?: boolean;
  /** Drops a second message of one deduplication id within 5 minutes. @defaultValue false */
  readonly deduplicates?: boolean;
}

/** What the parts of the suite share. */
export interface MessageQueueSuite {
  readonly api: TestApi;
  readonly traits: MessageQueueTraits;
  /** A visibility that runs out in a case, milliseconds; a multiple of 1,000. */
  readonly shortMs: number;
  check(name: string, body: (queue: MessageQueue<Json>, stage: Stage) => Promise<void>): void;
  /** Receives up to `max` messages that are there, and no more. */
  receive(
    queue: MessageQueue<Json>,
    max: number,
    visibilityMs?: number,
  ): Promise<readonly Delivery<Json>[]>;
}

/** Puts one message per body on the queue, each accepted. */
export async function put(queue: MessageQueue<Json>, ...bodies: readonly Json[]): Promise<void> {
  const outcomes = await queue.send(bodies.map((body) => ({ body })));
  for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
}

/** Bodies in a comparable order. */
export function bodies(deliveries: readonly Delivery<Json>[]): readonly Json[] {
  return deliveries.map(({ body }) => body).sort();
}
