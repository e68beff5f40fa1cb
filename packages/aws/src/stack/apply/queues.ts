import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { queueAttributes } from "../queue-attributes.ts";
import type { StackQueue } from "../stack.ts";
import { createCaller } from "./call.ts";
import { absent, compare, parseJson, type StackResource } from "./resource.ts";

const { call, find } = createCaller("SQS");
const gone = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];

/** Where a queue is; `undefined` when there is none. */
export async function findQueueUrl(client: SQSClient, name: string): Promise<string | undefined> {
  const answer = await find(`look for queue ${name}`, gone, () =>
    client.send(new GetQueueUrlCommand({ QueueName: name })),
  );
  return answer?.QueueUrl;
}

/** What emulators take and do not answer. SQS says them; what it does not say is not taken for another value. */
const sometimesUnsaid: readonly string[] = ["RedriveAllowPolicy", "SqsManagedSseEnabled"];

/** A queue with all its attributes. */
export function queueResource(
  client: SQSClient,
  queue: StackQueue,
  tags: Readonly<Record<string, string>>,
): StackResource {
  const { name } = queue;
  const wanted = queueAttributes(queue);
  return {
    kind: queue.redrive === undefined ? "dead-letter queue" : "queue",
    name,
    async look() {
      const QueueUrl = await findQueueUrl(client, name);
      if (QueueUrl === undefined) return absent;
      const answer = await find(`look at queue ${name}`, gone, () =>
        client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] })),
      );
      if (answer === undefined) return absent;
      const is: Readonly<Record<string, string | undefined>> = answer.Attributes ?? {};
      const silent = sometimesUnsaid.filter((name) => name in wanted && is[name] === undefined);
      const seen = Object.entries(wanted).filter(([name]) => !silent.includes(name));
      const look = compare(read(Object.fromEntries(seen)), read(is));
      if (silent.length === 0 || look.state === "absent") return look;
      return { ...look, unseen: `this SQS does not say its ${silent.join(", ")}` };
    },
    async create() {
      await call(`make queue ${name}`, () =>
        client.send(
          new CreateQueueCommand({ QueueName: name, Attributes: texts(wanted), tags: { ...tags } }),
        ),
      );
    },
    async remove() {
      const QueueUrl = await findQueueUrl(client, name);
      if (QueueUrl === undefined) return;
      await find(`delete queue ${name}`, gone, () =>
        client.send(new DeleteQueueCommand({ QueueUrl })),
      );
    },
  };
}

/** Attributes as SQS takes them: texts, some of which hold JSON. */
function texts(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
}

/** Attributes so that they can be compared: what is JSON by what it holds, all else as text. */
function read(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => {
      if (typeof value !== "string")
        return [key, typeof value === "object" ? value : String(value)];
      return [key, value.startsWith("{") ? parseJson(value) : value];
    }),
  );
}
