import type { DemandEvent } from "../../ports/demand-event.ts";
import type { Delivery, Message, MessageQueue } from "../../ports/message-queue.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import type { Observation } from "./observe-provider.ts";

/** Messages that the queue said it has. */
export interface QueueFacts {
  /** Key of a message -> when it was accepted. */
  readonly accepted: Map<string, number>;
  /** What stands before the first slash of the keys: the delivery that it came with. */
  readonly heads: Set<string>;
  /** Accepted and never seen since. */
  readonly unseen: Map<string, number>;
  /** Received at least once. */
  readonly seen: Set<string>;
}

/** No message yet. */
export function createQueueFacts(): QueueFacts {
  return { accepted: new Map(), heads: new Set(), unseen: new Map(), seen: new Set() };
}

/** The queue as senders and receivers reach it. `acknowledged` judges what is taken off it. */
export function observeQueue<T>(
  inner: MessageQueue<T>,
  facts: QueueFacts,
  keyOf: (body: T) => string,
  acknowledged: (delivery: Delivery<T>) => Promise<void>,
  clock: Observation["clock"],
  sent: (message: Message<T>) => void = () => undefined,
): MessageQueue<T> {
  return {
    ...inner,
    send: async (messages, options) => {
      // Noted first: a receiver who waits has the message before its sender has the answer.
      const fresh = messages
        .map(({ body }) => keyOf(body))
        // One that was received is not waited for again: its repetition may be recognised as one.
        .filter((key) => !facts.accepted.has(key) && !facts.seen.has(key));
      for (const key of fresh) facts.unseen.set(key, clock.now());
      for (const message of messages) sent(message);
      let outcomes: Awaited<ReturnType<typeof inner.send>>;
      try {
        outcomes = await inner.send(messages, options);
      } catch (error) {
        // Called off before it was sent: nobody was told that the queue has it.
        for (const key of fresh) if (!facts.accepted.has(key)) facts.unseen.delete(key);
        throw error;
      }
      for (const [index, { body }] of messages.entries()) {
        const key = keyOf(body);
        if (!outcomes[index]?.ok) {
          if (!facts.accepted.has(key)) facts.unseen.delete(key);
          continue;
        }
        facts.accepted.set(key, clock.now());
        facts.heads.add(key.split("/", 1)[0] ?? key);
      }
      return outcomes;
    },
    receive: async (options) => {
      const deliveries = await inner.receive(options);
      for (const { body } of deliveries) {
        facts.unseen.delete(keyOf(body));
        facts.seen.add(keyOf(body));
      }
      return deliveries;
    },
    acknowledge: async (deliveries, options) => {
      for (const delivery of deliveries) await acknowledged(delivery);
      await inner.acknowledge(deliveries, options);
    },
  };
}

/** Key of a job event: what GitHub calls the delivery, and what it tells. */
export function demandKey(event: DemandEvent): string {
  return event.kind === "job"
    ? `${event.deliveryId}/${event.jobId}.${event.attempt}/${event.action}`
    : event.deliveryId;
}

/** A queued job may be acknowledged when its record is stored. */
export function judgeDemandAck({ truth, judge }: Observation) {
  return async ({ body }: Delivery<DemandEvent>): Promise<void> => {
    if (body.kind !== "job" || body.action !== "queued") return;
    if (truth.jobs.get(body.jobId)?.arrival?.isForeign) return;
    const key = `${body.jobId}.${body.attempt}`;
    const record = await truth.store.get("jobs", key);
    judge.check(
      "ack-after-persist",
      `demand ${key}`,
      record === undefined ? `job ${key} was acknowledged and is not stored` : undefined,
    );
  };
}

/** A report of a machine that exists may be acknowledged when the machine is on the books. */
export function judgeReportAck({ truth, judge }: Observation) {
  return async ({ body }: Delivery<AgentEvent>): Promise<void> => {
    const record = await truth.store.get("machines", body.machineId);
    const { environment, region } = truth;
    const isThere =
      record !== undefined ||
      (await truth.provider.list({ environment, region })).every(
        ({ id, state }) => id !== body.machineId || state === "terminated",
      );
    judge.check(
      "ack-after-persist",
      `report ${body.id}`,
      isThere
        ? undefined
        : `report ${body.kind} of ${body.machineId} was acknowledged and the machine is not stored`,
    );
  };
}
