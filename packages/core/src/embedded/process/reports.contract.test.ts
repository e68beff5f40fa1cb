import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../../ports/json.ts";
import type { Delivery, MessageQueue } from "../../ports/message-queue.ts";
import { describeMessageQueueContract } from "../../testing/contracts/message-queue.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import { createProcessReports } from "./reports.ts";

let parent: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "runs-fleet-reports-contract-"));
});

afterAll(() => rm(parent, { recursive: true, force: true }));

/** The contract sends any JSON, this queue carries events of agents: each body travels as the event that stands for it. */
function carrying(events: MessageQueue<AgentEvent> & AsyncDisposable): MessageQueue<Json> {
  const carried = new Map<string, Json>();
  const originals = new WeakMap<Delivery<Json>, Delivery<AgentEvent>>();
  const original = (delivery: Delivery<Json>): Delivery<AgentEvent> => {
    const found = originals.get(delivery);
    if (found === undefined) throw new Error("This delivery was not received here");
    return found;
  };
  const adapter: MessageQueue<Json> & AsyncDisposable = {
    send: (messages, options) =>
      events.send(
        messages.map(({ body, ...rest }) => {
          const text = JSON.stringify(body);
          // Nothing of an event is nearly as large: what is too large to carry stands for one that is.
          const id = text.length > 65_536 ? text : `event-${carried.size}`;
          carried.set(id, JSON.parse(text));
          const sequence = carried.size;
          return {
            ...rest,
            body: { id, machineId: "pm-a", atMs: 0, sequence, kind: "ready" as const },
          };
        }),
        options,
      ),
    receive: async (options) => {
      const deliveries = await events.receive(options);
      return deliveries.map((delivery) => {
        const body = carried.get(delivery.body.id);
        if (body === undefined) throw new Error("An event that nobody sent");
        const { sender: _sender, ...rest } = delivery;
        const outer: Delivery<Json> = { ...rest, body };
        originals.set(outer, delivery);
        return outer;
      });
    },
    acknowledge: (deliveries, options) => events.acknowledge(deliveries.map(original), options),
    extend: (deliveries, visibilityMs, options) =>
      events.extend(deliveries.map(original), visibilityMs, options),
    deadLetter: (delivery, cause, options) => events.deadLetter(original(delivery), cause, options),
    [Symbol.asyncDispose]: () => events[Symbol.asyncDispose](),
  };
  return adapter;
}

describeMessageQueueContract({
  api: { describe, it, expect },
  create: async ({ clock }) =>
    carrying(createProcessReports({ directory: await mkdtemp(join(parent, "case-")), clock })),
  traits: { concurrent: true },
});
