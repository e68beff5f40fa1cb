import type { Clock } from "../../ports/clock.ts";
import type { Delivery, MessageQueue, SendOutcome } from "../../ports/message-queue.ts";

const accepted: SendOutcome = Object.freeze({ ok: true });

/**
 * A queue between one sender and one receiver of one process who never fail: in order, each message once. A receive waits
 * for as long as it takes, so that no poll comes back empty; its signal ends it only when a message comes.
 */
export function createDirectQueue<T>(clock: Clock): MessageQueue<T> {
  let messages: Delivery<T>[] = [];
  let sent = 0;
  let waiting: (() => void) | undefined;
  return {
    send: async (batch) => {
      for (const { body } of batch) {
        sent += 1;
        const id = String(sent);
        messages.push({ id, body, receipt: id, attempt: 1 });
      }
      waiting?.();
      return batch.map(() => accepted);
    },
    receive: async ({ max, signal }) => {
      while (messages.length === 0) {
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
        signal?.throwIfAborted();
      }
      const taken = messages.slice(0, max);
      messages = messages.slice(max);
      return taken;
    },
    acknowledge: async () => undefined,
    extend: async (deliveries, visibilityMs) => {
      // Handed back: it comes again when the controller asked for it.
      void clock.sleep(visibilityMs).then(() => {
        messages.push(...deliveries.map((one) => ({ ...one, attempt: one.attempt + 1 })));
        waiting?.();
      });
    },
    deadLetter: async () => undefined,
  };
}
