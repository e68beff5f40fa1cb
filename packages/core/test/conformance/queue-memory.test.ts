import { describe, it } from "vitest";
import { createMemoryQueue } from "../../src/embedded/memory-queue.ts";
import type { Delivery } from "../../src/ports/message-queue.ts";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";
import { type QueueStage, queueCases, type Received } from "./queue-cases.ts";

function createMemoryStage(): QueueStage {
  const clock = createVirtualClock(1_790_000_000_000);
  const queue = createMemoryQueue<string>({ clock });
  const deliveries = new Map<string, Delivery<string>>();
  const originals = (received: readonly Received[]) =>
    received.flatMap(({ receipt }) => deliveries.get(receipt) ?? []);
  return {
    async send(body, { trace, deduplicationId } = {}) {
      const [outcome] = await queue.send([
        {
          body,
          ...(trace === undefined ? {} : { trace: { traceparent: trace } }),
          ...(deduplicationId === undefined ? {} : { deduplicationId }),
        },
      ]);
      return outcome?.ok ? "ok" : "refused";
    },
    async receive(max = 10, visibilityMs = 30_000) {
      const received = await queue.receive({ max, waitMs: 0, visibilityMs });
      for (const delivery of received) deliveries.set(delivery.receipt, delivery);
      return received.map(({ id, body, receipt, attempt, trace }) => ({
        id,
        body,
        receipt,
        attempt,
        trace: trace?.["traceparent"],
      }));
    },
    acknowledge: (received) => queue.acknowledge(originals(received)),
    extend: (received, visibilityMs) => queue.extend(originals(received), visibilityMs),
    pass: clock.advance,
  };
}

describe("the memory queue keeps the rules of queues:", () => {
  for (const { name, run } of queueCases) it(name, () => run(createMemoryStage()));
});
