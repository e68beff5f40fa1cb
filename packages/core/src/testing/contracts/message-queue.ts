import type { Json } from "../../ports/json.ts";
import type { Delivery, MessageQueue } from "../../ports/message-queue.ts";
import type { TestApi } from "../test-api.ts";
import { describeReceiving } from "./message-queue-receiving.ts";
import { describeSending } from "./message-queue-sending.ts";
import type { MessageQueueSuite, MessageQueueTraits } from "./message-queue-suite.ts";
import { describeWaiting } from "./message-queue-waiting.ts";
import { type ContractEnvironment, createCases } from "./stage.ts";

/** Options of {@link describeMessageQueueContract}. */
export interface MessageQueueContractOptions {
  /** The test runner's functions. */
  readonly api: TestApi;
  /** An empty queue that takes any JSON body, for one case. Disposed of after the case when it can be. */
  create(environment: ContractEnvironment): Promise<MessageQueue<Json>>;
  /** What is special about the queue. */
  readonly traits?: MessageQueueTraits;
}

/** Declares the cases that every {@link MessageQueue} must pass. */
export function describeMessageQueueContract(options: MessageQueueContractOptions): void {
  const { api, traits = {} } = options;
  const isReal = traits.time === "real";
  // A service may answer a call that does not wait with less than there is.
  const waitMs = isReal ? 1_000 : 0;
  const suite: MessageQueueSuite = {
    api,
    traits,
    // Three quarters of it and a wait must be well within it.
    shortMs: isReal ? 8_000 : 30_000,
    check: createCases(api, options.create, traits.time),
    async receive(queue, max, visibilityMs = 60_000) {
      const all: Delivery<Json>[] = [];
      for (;;) {
        const some = await queue.receive({ max: max - all.length, waitMs, visibilityMs });
        all.push(...some);
        if (some.length === 0 || all.length >= max) return all;
      }
    },
  };
  api.describe("MessageQueue contract", () => {
    api.describe("sending", () => describeSending(suite));
    api.describe("receiving", () => describeReceiving(suite));
    api.describe("waiting", () => describeWaiting(suite));
  });
}
