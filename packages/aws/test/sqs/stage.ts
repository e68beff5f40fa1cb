import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Json, MessageQueue } from "@runs-fleet/core";
import { createSqsQueue, type SqsPoison, type SqsQueueOptions } from "../../src/sqs/index.ts";
import type { TestAws } from "../../testing/test-aws.ts";

/** What SQS answers of a message. */
type Seen = NonNullable<
  import("@aws-sdk/client-sqs").ReceiveMessageCommandOutput["Messages"]
>[number];

/** A queue that nobody else uses, with its dead-letter queue. */
export interface QueueStage {
  /** Patient, and never spoilt by what a case does to its own. */
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** The queue that the redrive policy names. */
  readonly deadLetterUrl: string;
  /** What could not be read, as the queues of this stage were told. */
  readonly poison: SqsPoison[];
  /** A queue as another process would have it, which takes any JSON body. */
  queue(options?: Partial<SqsQueueOptions<Json>>): MessageQueue<Json>;
  /** How many messages there are, hidden ones included. */
  count(url?: string): Promise<number>;
  /** What is visible, as SQS says it, hidden for a second. */
  look(url?: string): Promise<readonly Seen[]>;
}

/** Makes a queue; FIFO queues on fauxqs. */
export async function openQueue(
  aws: TestAws,
  options: {
    readonly isFifo?: boolean;
    /** Receives after which SQS itself moves a message. */
    readonly maxReceives?: number;
    readonly hasPolicy?: boolean;
  } = {},
): Promise<QueueStage> {
  const { isFifo = false, maxReceives = 1_000, hasPolicy = true } = options;
  const client = new SQSClient(aws.clientOptions());
  const name = aws.name("case");
  const suffix = isFifo ? ".fifo" : "";
  const kind: Record<string, string> = isFifo ? { FifoQueue: "true" } : {};
  const create = async (stem: string, Attributes: Record<string, string>) => {
    const QueueName = `${stem}${suffix}`;
    await client.send(
      new CreateQueueCommand({ QueueName, Attributes: { ...kind, ...Attributes } }),
    );
    const { QueueUrl = "" } = await client.send(new GetQueueUrlCommand({ QueueName }));
    return QueueUrl;
  };
  const deadLetterUrl = await create(`${name}-dead`, {});
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ["QueueArn"] }),
  );
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: Attributes?.QueueArn,
    maxReceiveCount: maxReceives,
  });
  const queueUrl = await create(name, hasPolicy ? { RedrivePolicy } : {});
  const poison: SqsPoison[] = [];
  return {
    client,
    queueUrl,
    deadLetterUrl,
    poison,
    queue: (replace = {}) =>
      createSqsQueue<Json>({
        client,
        queueUrl,
        parse: (body) => body as Json,
        onPoison: (one) => poison.push(one),
        ...replace,
      }),
    async count(url = queueUrl) {
      const { Attributes: counts = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
      );
      return (
        Number(counts.ApproximateNumberOfMessages) +
        Number(counts.ApproximateNumberOfMessagesNotVisible)
      );
    },
    async look(url = queueUrl) {
      const command = new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 1,
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      });
      return (await client.send(command)).Messages ?? [];
    },
  };
}
