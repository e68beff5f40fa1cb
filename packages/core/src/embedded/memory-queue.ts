import type { Cause } from "../ports/cause.ts";
import type { Clock } from "../ports/clock.ts";
import type { Delivery, Message, MessageQueue, SendOutcome } from "../ports/message-queue.ts";
import { systemClock } from "../ports/system-clock.ts";
import { copyMessage } from "./copy-message.ts";
import { type DeadLetter, tooManyReceives } from "./dead-letter.ts";
import { createDoorbell } from "./doorbell.ts";
import { assertInteger, assertReceive, defaultMaxReceives } from "./limits.ts";
import { createDeduplication } from "./memory-deduplication.ts";
import { createMessages, type MemoryMessage } from "./memory-messages.ts";

/** Options of {@link createMemoryQueue}. */
export interface MemoryQueueOptions {
  /** Decides about visibility and waits. @defaultValue `systemClock` */
  readonly clock?: Clock;
  /** Receives without an acknowledgement after which a message is a dead letter, at least 1. @defaultValue 50 */
  readonly maxReceives?: number;
}

/** A queue in memory that shows its dead letters. */
export interface MemoryQueue<T> extends MessageQueue<T> {
  /** Every dead letter, oldest first. */
  deadLetters(): Promise<readonly DeadLetter<T>[]>;
}

const accepted: SendOutcome = Object.freeze({ ok: true });

/**
 * A queue that lives in this process: the reference of the contract, and a fake for tests.
 *
 * Groups take turns; within a group the order is that of sending, except after a redelivery. A call with the receipt of
 * an earlier receive changes nothing once the message was received again. A message whose visibility ran out can still
 * be acknowledged until then. It knows no verified sender.
 *
 * @throws A RangeError when `maxReceives` is no integer of at least 1.
 */
export function createMemoryQueue<T>(options: MemoryQueueOptions = {}): MemoryQueue<T> {
  const { clock = systemClock, maxReceives = defaultMaxReceives } = options;
  assertInteger(maxReceives, "maxReceives", 1);
  const messages = createMessages<T>();
  const deduplication = createDeduplication();
  const doorbell = createDoorbell(clock);
  const dead: DeadLetter<T>[] = [];

  function bury(message: MemoryMessage<T>, cause: Cause): void {
    messages.remove(message);
    const { id, body, receives } = message;
    dead.push(Object.freeze({ id, body, cause, attempts: receives, atMs: clock.now() }));
  }

  function sendOne(message: Message<T>): SendOutcome {
    const copied = copyMessage(message);
    if (!copied.ok) return copied;
    const { body, group, deduplicationId, trace } = copied.message;
    const isNew =
      deduplicationId === undefined || deduplication.isNew(deduplicationId, clock.monotonicMs());
    if (isNew) messages.add(body, group ?? "", trace);
    return accepted;
  }

  function deliver(message: MemoryMessage<T>, visibilityMs: number): Delivery<T> {
    messages.hide(message, clock.monotonicMs() + visibilityMs, true);
    const { id, body, receipt, receives, trace } = message;
    return Object.freeze({
      id,
      body,
      receipt,
      attempt: receives,
      ...(trace === undefined ? {} : { trace }),
    });
  }

  function take(max: number, visibilityMs: number): readonly Delivery<T>[] {
    messages.wakeDue(clock.monotonicMs());
    const taken: Delivery<T>[] = [];
    while (taken.length < max) {
      const message = messages.nextReady();
      if (message === undefined) break;
      if (message.receives < maxReceives) {
        taken.push(deliver(message, visibilityMs));
      } else {
        bury(message, tooManyReceives(message.receives));
      }
    }
    return taken;
  }

  return {
    async send(batch, sendOptions) {
      sendOptions?.signal?.throwIfAborted();
      const outcomes = batch.map(sendOne);
      doorbell.ring();
      return outcomes;
    },
    async receive({ max, waitMs, visibilityMs, signal }) {
      assertReceive({ max, waitMs, visibilityMs });
      const endMs = clock.monotonicMs() + waitMs;
      for (;;) {
        signal?.throwIfAborted();
        const taken = take(max, visibilityMs);
        const nowMs = clock.monotonicMs();
        if (taken.length > 0 || nowMs >= endMs) return taken;
        await doorbell.wait(Math.min(endMs, messages.nextDueMs() ?? endMs) - nowMs, signal);
      }
    },
    async acknowledge(deliveries, callOptions) {
      callOptions?.signal?.throwIfAborted();
      for (const { id, receipt } of deliveries) {
        const message = messages.find(id, receipt);
        if (message !== undefined) messages.remove(message);
      }
    },
    async extend(deliveries, visibilityMs, callOptions) {
      callOptions?.signal?.throwIfAborted();
      assertInteger(visibilityMs, "visibilityMs", 0);
      const nowMs = clock.monotonicMs();
      messages.wakeDue(nowMs);
      for (const { id, receipt } of deliveries) {
        const message = messages.find(id, receipt);
        if (message?.state === "hidden") messages.hide(message, nowMs + visibilityMs, false);
      }
      doorbell.ring();
    },
    async deadLetter(delivery, cause, callOptions) {
      callOptions?.signal?.throwIfAborted();
      const message = messages.find(delivery.id, delivery.receipt);
      if (message !== undefined) bury(message, Object.freeze({ ...cause }));
    },
    deadLetters: async () => [...dead],
  };
}
