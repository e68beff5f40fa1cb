import { type Defect, describeDefects } from "../../../test/defects.ts";
import { createMemoryQueue } from "../../embedded/memory-queue.ts";
import type { Json } from "../../ports/json.ts";
import type { Delivery, MessageQueue } from "../../ports/message-queue.ts";
import { describeMessageQueueContract } from "./message-queue.ts";
import type { ContractEnvironment } from "./stage.ts";

type Queue = MessageQueue<Json>;

/** A queue with one defect. */
interface QueueDefect extends Defect {
  breakQueue(queue: Queue, environment: ContractEnvironment): Partial<Queue>;
}

/** Changes what is received. */
function changeDeliveries(change: (delivery: Delivery<Json>) => Delivery<Json>) {
  return ({ receive }: Queue): Partial<Queue> => ({
    receive: async (options) => (await receive(options)).map(change),
  });
}

const defects: readonly QueueDefect[] = [
  {
    name: "does not remove what is acknowledged",
    caught: "removes an acknowledged message for good",
    breakQueue: () => ({
      acknowledge: async (_deliveries, options) => options?.signal?.throwIfAborted(),
    }),
  },
  {
    name: "removes the whole batch",
    caught: "removes acknowledged messages only",
    breakQueue: ({ receive, acknowledge }) => {
      let last: readonly Delivery<Json>[] = [];
      return {
        async receive(options) {
          last = await receive(options);
          return last;
        },
        acknowledge: (_deliveries, options) => acknowledge(last, options),
      };
    },
  },
  {
    name: "removes the first ten of a batch",
    caught: "takes the acknowledgement of 25 messages at once",
    breakQueue: ({ acknowledge }) => ({
      acknowledge: (deliveries, options) => acknowledge(deliveries.slice(0, 10), options),
    }),
  },
  {
    name: "fails on a message that is gone",
    caught: "takes a late acknowledgement, and one of a message that is gone",
    breakQueue: ({ acknowledge }) => {
      const gone = new Set<string>();
      return {
        async acknowledge(deliveries, options) {
          for (const { id } of deliveries) {
            if (gone.has(id)) throw new Error("There is no such message");
            gone.add(id);
          }
          return acknowledge(deliveries, options);
        },
      };
    },
  },
  {
    name: "ignores visibility",
    caught: "hides a received message while it is visible to its consumer",
    breakQueue: ({ receive }) => ({
      receive: (options) => receive({ ...options, visibilityMs: 1 }),
    }),
  },
  {
    name: "never delivers again",
    caught: "delivers again, under a new receipt, when the visibility ran out",
    breakQueue: ({ receive, acknowledge }) => ({
      async receive(options) {
        const deliveries = await receive(options);
        await acknowledge(deliveries);
        return deliveries;
      },
    }),
  },
  {
    name: "has one receipt per message",
    caught: "delivers again, under a new receipt, when the visibility ran out",
    breakQueue: changeDeliveries((delivery) => ({ ...delivery, receipt: delivery.id })),
  },
  {
    name: "does not count attempts",
    caught: "delivers again, under a new receipt, when the visibility ran out",
    breakQueue: changeDeliveries((delivery) => ({ ...delivery, attempt: 1 })),
  },
  {
    name: "counts attempts from 0",
    caught: "counts attempts from 1",
    breakQueue: changeDeliveries((delivery) => ({ ...delivery, attempt: delivery.attempt - 1 })),
  },
  {
    name: "does not extend",
    caught: "hides a message for longer when it is extended",
    breakQueue: ({ extend }) => ({
      extend: async (deliveries, visibilityMs, options) =>
        visibilityMs === 0 ? extend(deliveries, visibilityMs, options) : undefined,
    }),
  },
  {
    name: "extends from the receive, not from now",
    caught: "hides a message for longer when it is extended",
    breakQueue: ({ receive, extend }, { clock }) => {
      let receivedAtMs = 0;
      return {
        async receive(options) {
          receivedAtMs = clock.now();
          return receive(options);
        },
        extend: (deliveries, visibilityMs, options) =>
          extend(deliveries, Math.max(0, visibilityMs - (clock.now() - receivedAtMs)), options),
      };
    },
  },
  {
    name: "does not hand back",
    caught: "hands a message back at once when it is extended by 0",
    breakQueue: ({ extend }) => ({
      extend: async (deliveries, visibilityMs, options) =>
        visibilityMs === 0 ? undefined : extend(deliveries, visibilityMs, options),
    }),
  },
  {
    name: "leaves dead letters where they are",
    caught: "moves a dead letter out of the way",
    breakQueue: () => ({ deadLetter: async () => undefined }),
  },
  {
    name: "receives more than asked for",
    caught: "receives no more than asked for",
    breakQueue: ({ receive }) => ({ receive: (options) => receive({ ...options, max: 10 }) }),
  },
  {
    name: "does not wait",
    caught: "waits for as long as it was told, and answers nothing",
    breakQueue: ({ receive }) => ({ receive: (options) => receive({ ...options, waitMs: 0 }) }),
  },
  {
    name: "looks only when the wait is over",
    caught: "answers as soon as a message is sent",
    breakQueue: ({ receive }, { clock }) => ({
      async receive(options) {
        const there = await receive({ ...options, waitMs: 0 });
        if (there.length > 0 || options.waitMs === 0) return there;
        await clock.sleep(options.waitMs, options.signal);
        return receive({ ...options, waitMs: 0 });
      },
    }),
  },
  {
    name: "waits for a full batch",
    caught: "does not wait when there is a message",
    breakQueue: ({ receive }, { clock }) => ({
      async receive(options) {
        const some = await receive(options);
        if (some.length < options.max) await clock.sleep(options.waitMs, options.signal);
        return some;
      },
    }),
  },
  {
    name: "waits for sent messages only",
    caught: "sees a message that is handed back while it waits",
    breakQueue: ({ receive, send }, { clock }) => {
      let sent = 0;
      return {
        send(messages, options) {
          sent += 1;
          return send(messages, options);
        },
        async receive(options) {
          const sentBefore = sent;
          const endMs = clock.monotonicMs() + options.waitMs;
          const there = await receive({ ...options, waitMs: 0 });
          if (there.length > 0 || options.waitMs === 0) return there;
          while (sent === sentBefore && clock.monotonicMs() < endMs) {
            await clock.sleep(20, options.signal);
          }
          return receive({ ...options, waitMs: 0 });
        },
      };
    },
  },
  {
    name: "cannot be cancelled while it waits",
    caught: "stops waiting when it is cancelled, and loses nothing",
    breakQueue: ({ receive }) => ({
      async receive({ signal, ...options }) {
        signal?.throwIfAborted();
        return receive(options);
      },
    }),
  },
  {
    name: "goes on receiving for one who gave up",
    caught: "stops waiting when it is cancelled, and loses nothing",
    breakQueue: ({ receive }) => ({
      async receive({ signal, ...options }) {
        signal?.throwIfAborted();
        const cancelled = new Promise<never>((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
        });
        return Promise.race([receive(options), cancelled]);
      },
    }),
  },
  {
    name: "wraps the reason of a cancellation",
    caught: "changes nothing when a call is cancelled",
    breakQueue: ({ receive }) => ({
      async receive(options) {
        try {
          return await receive(options);
        } catch (cause) {
          throw new Error("cancelled", { cause });
        }
      },
    }),
  },
  {
    name: "loses the trace",
    caught: "delivers the trace context beside the body",
    breakQueue: changeDeliveries(({ trace: _trace, ...delivery }) => delivery),
  },
  {
    name: "drops null members",
    caught: "delivers a body as it was sent",
    breakQueue: changeDeliveries((delivery) => ({
      ...delivery,
      body: JSON.parse(JSON.stringify(delivery.body).replace("null,", "")),
    })),
  },
  {
    name: "sends what its sender made of it later",
    caught: "keeps what was sent when the sender changes its object",
    breakQueue: ({ send }) => ({
      async send(messages, options) {
        await Promise.resolve();
        return send(messages, options);
      },
    }),
  },
  {
    name: "sends the first ten of a batch",
    caught: "answers one outcome per message of a batch of 25, and delivers all",
    breakQueue: ({ send }) => ({
      async send(messages, options) {
        await send(messages.slice(0, 10), options);
        return messages.map(() => ({ ok: true }));
      },
    }),
  },
  {
    name: "refuses a batch as a whole",
    caught: "refuses a message that is too large, and no other of its batch",
    breakQueue: ({ send }) => ({
      async send(messages, options) {
        const bad = messages.find(({ body }) => JSON.stringify(body).length > 1_000_000);
        const outcomes = await send(bad === undefined ? messages : [bad], options);
        return bad === undefined ? outcomes : messages.flatMap(() => outcomes);
      },
    }),
  },
  {
    name: "sends in spite of cancellation",
    caught: "sends nothing when the call is cancelled",
    breakQueue: ({ send }) => ({ send: (messages) => send(messages) }),
  },
  {
    name: "fails on an empty batch",
    caught: "answers an empty batch with nothing",
    breakQueue: ({ send }) => ({
      async send(messages, options) {
        if (messages.length === 0) throw new RangeError("There is nothing to send");
        return send(messages, options);
      },
    }),
  },
  {
    name: "cuts long bodies",
    caught: "delivers a body of 60,000 characters",
    breakQueue: changeDeliveries((delivery) => ({
      ...delivery,
      body: typeof delivery.body === "string" ? delivery.body.slice(0, 32_768) : delivery.body,
    })),
  },
  {
    name: "fails when there is nothing",
    caught: "answers nothing from an empty queue",
    breakQueue: ({ receive }) => ({
      async receive(options) {
        const deliveries = await receive(options);
        if (deliveries.length === 0) throw new Error("There is no message");
        return deliveries;
      },
    }),
  },
  {
    name: "ignores groups",
    caught: "lets groups take turns",
    breakQueue: ({ send }) => ({
      send: (messages, options) =>
        send(
          messages.map(({ group: _group, ...message }) => message),
          options,
        ),
    }),
  },
  {
    name: "does not deduplicate",
    caught: "drops a second message of one deduplication id for 5 minutes",
    breakQueue: ({ send }) => ({
      send: (messages, options) =>
        send(
          messages.map(({ deduplicationId: _id, ...message }) => message),
          options,
        ),
    }),
  },
  {
    name: "deduplicates for ever",
    caught: "drops a second message of one deduplication id for 5 minutes",
    breakQueue: ({ send }) => {
      const seen = new Set<string | undefined>();
      return {
        async send(messages, options) {
          const fresh = messages.filter(({ deduplicationId }) => !seen.has(deduplicationId));
          for (const { deduplicationId } of messages) {
            if (deduplicationId !== undefined) seen.add(deduplicationId);
          }
          const outcomes = await send(fresh, options);
          return outcomes.length === messages.length
            ? outcomes
            : messages.map(() => ({ ok: true }));
        },
      };
    },
  },
  {
    name: "gives consumers that ask together the same messages",
    caught: "gives each message to one of many consumers",
    breakQueue: ({ receive }) => {
      let shared: Promise<readonly Delivery<Json>[]> | undefined;
      return {
        receive(options) {
          options.signal?.throwIfAborted();
          shared ??= receive(options).finally(() => {
            shared = undefined;
          });
          return shared;
        },
      };
    },
  },
];

describeDefects({
  noun: "a queue",
  defects,
  declare: (api, broken) =>
    describeMessageQueueContract({
      api,
      async create(environment) {
        const queue = createMemoryQueue<Json>(environment);
        return { ...queue, ...broken?.breakQueue(queue, environment) };
      },
      traits: { concurrent: true, fair: true, deduplicates: true },
    }),
});
