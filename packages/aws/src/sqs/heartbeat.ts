import { type Clock, type Delivery, type MessageQueue, systemClock } from "@runs-fleet/core";
import { assertInteger } from "@runs-fleet/core/embedded/rules";
import {
  type HeldMessage,
  heldAfterFailure,
  heldFrom,
  nextBeatMs,
  planHeartbeat,
} from "./plan-heartbeat.ts";

/** Options of {@link withHeartbeat}. */
export interface HeartbeatOptions {
  /** How long a message is held at most, milliseconds, at least 1,000. @defaultValue 600,000 */
  readonly longestHoldMs?: number;
  /** Decides when to extend. @defaultValue `systemClock` */
  readonly clock?: Clock;
}

const defaultHoldMs = 600_000;

/**
 * A queue whose messages stay hidden while whoever received them works on them: each is extended when half of its visibility is
 * over, until it is acknowledged, put aside or extended by its receiver, who then has said himself when it may come again.
 * So a store that is away for minutes lets no message come again and again, until the redrive policy takes it for poison.
 *
 * An extension that fails is tried again while there is time. After `longestHoldMs` a message is let go: it was forgotten.
 * Disposing of it stops the extensions, and not the queue.
 *
 * @throws A RangeError for a `longestHoldMs` that is too small.
 * @example
 * await using demand = withHeartbeat(createSqsQueue(options));
 */
export function withHeartbeat<T>(
  queue: MessageQueue<T>,
  options: HeartbeatOptions = {},
): MessageQueue<T> & AsyncDisposable {
  const { longestHoldMs = defaultHoldMs, clock = systemClock } = options;
  assertInteger(longestHoldMs, "longestHoldMs", 1_000);
  const held = new Map<Delivery<T>, HeldMessage>();
  const byId = new Map<string, Delivery<T>>();
  const closing = new AbortController();
  let pulse = new AbortController();
  let beating: Promise<void> | undefined;
  let extending: Promise<unknown> = Promise.resolve();

  function forget(deliveries: readonly Delivery<T>[]): void {
    for (const { id, receipt } of deliveries) {
      const known = byId.get(id);
      // A copy of the delivery will do, and a receipt of an earlier receive ends nothing.
      if (known?.receipt !== receipt) continue;
      byId.delete(id);
      held.delete(known);
    }
  }

  function hold(deliveries: readonly Delivery<T>[], visibilityMs: number, sinceMs: number): void {
    if (closing.signal.aborted) return;
    for (const delivery of deliveries) {
      const before = byId.get(delivery.id);
      if (before !== undefined) held.delete(before);
      byId.set(delivery.id, delivery);
      held.set(delivery, heldFrom(visibilityMs, sinceMs, sinceMs + longestHoldMs));
    }
    if (deliveries.length === 0) return;
    // Who sleeps may have to get up earlier now.
    pulse.abort();
    beating ??= beat();
  }

  async function extend(deliveries: readonly Delivery<T>[], visibilityMs: number): Promise<void> {
    const beganMs = clock.monotonicMs();
    let isDone = true;
    try {
      await queue.extend(deliveries, visibilityMs, { signal: closing.signal });
    } catch {
      isDone = false;
    }
    for (const delivery of deliveries) {
      const before = held.get(delivery);
      if (before === undefined) continue;
      const after = isDone
        ? heldFrom(visibilityMs, beganMs, before.letGoMs)
        : heldAfterFailure(before, beganMs);
      held.set(delivery, after);
    }
  }

  async function beat(): Promise<void> {
    try {
      for (;;) {
        const plan = planHeartbeat(held, clock.monotonicMs());
        forget(plan.letGo);
        extending = Promise.all([...plan.extend].map(([ms, batch]) => extend(batch, ms)));
        await extending;
        const nextMs = nextBeatMs(held.values());
        if (nextMs === undefined) return;
        pulse = new AbortController();
        await clock.sleep(nextMs - clock.monotonicMs(), pulse.signal).catch(() => undefined);
      }
    } finally {
      beating = undefined;
    }
  }

  return {
    ...(queue.isOrdered === undefined ? {} : { isOrdered: queue.isOrdered }),
    send: (messages, callOptions) => queue.send(messages, callOptions),
    async receive(receiveOptions) {
      const deliveries = await queue.receive(receiveOptions);
      // The wait is not part of the visibility: it counts from when a message came.
      hold(deliveries, receiveOptions.visibilityMs, clock.monotonicMs());
      return deliveries;
    },
    acknowledge(deliveries, callOptions) {
      forget(deliveries);
      return queue.acknowledge(deliveries, callOptions);
    },
    async extend(deliveries, visibilityMs, callOptions) {
      forget(deliveries);
      // An extension of ours that is on its way must not arrive after the receiver's.
      await extending;
      return queue.extend(deliveries, visibilityMs, callOptions);
    },
    deadLetter(delivery, cause, callOptions) {
      forget([delivery]);
      return queue.deadLetter(delivery, cause, callOptions);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      pulse.abort();
      held.clear();
      byId.clear();
      await beating;
    },
  };
}
