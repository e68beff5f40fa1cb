import type { SQSClient } from "@aws-sdk/client-sqs";
import { describeMessageQueueContract, recordRun } from "@runs-fleet/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { clientBetween, entriesOf } from "./client-between.ts";
import { openQueue } from "./stage.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await openAws();
});
afterAll(() => aws.close());

/** A way in which the queue could be wrong, played between it and SQS, and the case of the contract that notices. */
interface Variant {
  readonly name: string;
  readonly caught: string;
  readonly through: (client: SQSClient) => SQSClient;
}

/** Changes what one operation is asked. */
function asking(operation: string, change: (input: object) => object) {
  return (client: SQSClient) =>
    clientBetween(client, { input: (own, input) => (own === operation ? change(input) : input) });
}

const variants: readonly Variant[] = [
  {
    name: "leaves the trace behind",
    caught: "delivers the trace context beside the body",
    through: asking("SendMessageBatch", (input) => ({
      ...input,
      Entries: entriesOf(input).map((entry) => ({ ...entry, MessageAttributes: undefined })),
    })),
  },
  {
    name: "does not ask for the trace",
    caught: "delivers the trace context beside the body",
    through: asking("ReceiveMessage", (input) => ({ ...input, MessageAttributeNames: [] })),
  },
  {
    name: "sends the first of a batch, and says that it has sent all",
    caught: "answers one outcome per message of a batch of 25, and delivers all",
    through: (client) =>
      clientBetween(client, {
        input: (operation, input) =>
          operation === "SendMessageBatch"
            ? { ...input, Entries: entriesOf(input).slice(0, 1) }
            : input,
        output: (operation, output, input) =>
          operation === "SendMessageBatch"
            ? { ...output, Successful: entriesOf(input).map(({ Id }) => ({ Id })) }
            : output,
      }),
  },
  {
    name: "deletes nothing",
    caught: "removes an acknowledged message for good",
    through: (client) =>
      clientBetween(client, { swallows: (operation) => operation === "DeleteMessageBatch" }),
  },
  {
    name: "deletes the first batch only",
    caught: "takes the acknowledgement of 25 messages at once",
    through: (client) => {
      let batches = 0;
      return clientBetween(client, {
        swallows: (operation) => {
          if (operation !== "DeleteMessageBatch") return false;
          batches += 1;
          return batches > 1;
        },
      });
    },
  },
  {
    name: "leaves dead letters where they are",
    caught: "moves a dead letter out of the way",
    through: (client) =>
      clientBetween(client, { swallows: (operation) => operation === "DeleteMessageBatch" }),
  },
  {
    name: "hides nothing",
    caught: "hides a received message while it is visible to its consumer",
    through: asking("ReceiveMessage", (input) => ({ ...input, VisibilityTimeout: 0 })),
  },
  {
    name: "hides for longer than it was told",
    caught: "delivers again, under a new receipt, when the visibility ran out",
    through: asking("ReceiveMessage", (input) => ({ ...input, VisibilityTimeout: 60 })),
  },
  {
    name: "does not ask how often a message was received",
    caught: "delivers again, under a new receipt, when the visibility ran out",
    through: asking("ReceiveMessage", (input) => ({
      ...input,
      MessageSystemAttributeNames: ["SenderId"],
    })),
  },
  {
    name: "asks for ten whatever it was told",
    caught: "receives no more than asked for",
    through: asking("ReceiveMessage", (input) => ({ ...input, MaxNumberOfMessages: 10 })),
  },
  {
    name: "extends nothing",
    caught: "hides a message for longer when it is extended",
    through: (client) =>
      clientBetween(client, {
        swallows: (operation) => operation === "ChangeMessageVisibilityBatch",
      }),
  },
  {
    name: "hands nothing back",
    caught: "hands a message back at once when it is extended by 0",
    through: (client) =>
      clientBetween(client, {
        swallows: (operation) => operation === "ChangeMessageVisibilityBatch",
      }),
  },
  {
    name: "keeps the signal to itself",
    caught: "stops waiting when it is cancelled, and loses nothing",
    through: (client) =>
      clientBetween(client, { options: (http) => ({ ...http, abortSignal: undefined }) }),
  },
];

/** Runs only the cases that are named: each has a queue of its own. */
function runOnly(names: readonly string[], through: Variant["through"]) {
  return recordRun((api) =>
    describeMessageQueueContract({
      api: {
        ...api,
        it: (name, body) => {
          if (names.includes(name)) api.it(name, body);
        },
      },
      create: async () => {
        const stage = await openQueue(aws);
        return stage.queue({ client: through(stage.client) });
      },
      traits: { time: "real" },
    }),
  );
}

describe.concurrent("the contract of a queue, on SQS", () => {
  it("finds nothing wrong with these cases on a sound queue", { timeout: 120_000 }, async () => {
    const names = [...new Set(variants.map(({ caught }) => caught))];
    const runs = await Promise.all(names.map((name) => runOnly([name], (own) => own)));
    expect(runs.flatMap(({ failed }) => failed)).toEqual([]);
    expect(runs.flatMap(({ passed }) => passed).length).toBe(names.length);
  });

  it.each(variants)(
    "notices a queue that $name",
    { timeout: 60_000 },
    async ({ caught, through }) => {
      const { failed } = await runOnly([caught], through);
      expect(failed.map(({ name }) => name.split(" > ").at(-1))).toEqual([caught]);
      // By what it asserts, not because the variant cannot run at all.
      expect(String(failed[0]?.error)).toMatch(/^Error: expected /u);
    },
  );
});
