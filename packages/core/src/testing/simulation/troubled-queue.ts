import type { MessageQueue } from "../../ports/message-queue.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import type { TroubledOptions } from "./troubled-ports.ts";

/** Second copies of messages come at most so much later, milliseconds. */
const copyWithinMs = 40_000;

/**
 * A queue whose messages come late, twice, again while they are being worked on, and again although they were
 * acknowledged, while such faults are at work. What it accepted it never loses.
 */
export function troubledQueue<T>(
  queue: MessageQueue<T>,
  { trouble, clock, note }: TroubledOptions,
): MessageQueue<T> {
  const sendBadly: MessageQueue<T>["send"] = async (messages, options) => {
    const [late] = trouble.active("queue-late");
    const [twice] = trouble.active("queue-duplicates");
    const now: (typeof messages)[number][] = [];
    for (const message of messages) {
      const delayMs = late ? late.dice.whole(0, late.delayMs) : 0;
      const isCopied = twice?.dice.chance(0.5) ?? false;
      const waits = [
        delayMs,
        ...(isCopied ? [delayMs + (twice?.dice.whole(1, copyWithinMs) ?? 0)] : []),
      ];
      if (delayMs > 0 || isCopied) note(`a message comes ${waits.join(" and ")} ms late`);
      for (const waitMs of waits) {
        if (waitMs === 0) now.push(message);
        // The queue has it: it only shows it late.
        else {
          clock
            .sleep(waitMs)
            .then(() => queue.send([message]))
            .catch(() => undefined);
        }
      }
    }
    if (now.length > 0) await queue.send(now, options);
    return messages.map(() => ({ ok: true }) as const);
  };

  const receiveAgain: MessageQueue<T>["receive"] = async (options) => {
    const deliveries = await queue.receive(options);
    const [fault] = trouble.active("queue-redelivers");
    for (const delivery of fault ? deliveries : []) {
      if (!fault?.dice.chance(fault.rate)) continue;
      const afterMs = fault.dice.whole(0, options.visibilityMs);
      note(`a message comes again ${afterMs} ms after it was received`);
      clock
        .sleep(afterMs)
        .then(() => queue.extend([delivery], 0))
        .catch(() => undefined);
    }
    return deliveries;
  };

  return {
    ...queue,
    send: (messages, options) =>
      trouble.active("queue-late").length + trouble.active("queue-duplicates").length > 0
        ? sendBadly(messages, options)
        : queue.send(messages, options),
    receive: (options) =>
      trouble.active("queue-redelivers").length > 0
        ? receiveAgain(options)
        : queue.receive(options),
    acknowledge: (deliveries, options) => {
      const [fault] = trouble.active("acks-lost");
      if (!fault) return queue.acknowledge(deliveries, options);
      const kept = deliveries.filter(() => !fault.dice.chance(fault.rate));
      if (kept.length < deliveries.length)
        note(`${deliveries.length - kept.length} acknowledgements have no effect`);
      return queue.acknowledge(kept, options);
    },
  };
}

/**
 * A queue that verifies who sent a report, as SQS does: the machine itself, unless `forgers` knows the report's id.
 */
export function verifiedReports(
  queue: MessageQueue<AgentEvent>,
  forgers: ReadonlyMap<string, string>,
): MessageQueue<AgentEvent> {
  return {
    ...queue,
    receive: async (options) =>
      (await queue.receive(options)).map((delivery) => ({
        ...delivery,
        sender: forgers.get(delivery.body.id) ?? delivery.body.machineId,
      })),
  };
}
