import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { CallOptions } from "@runs-fleet/core";
import { callSqs } from "./call.ts";
import { assertQueueUrl } from "./queue-url.ts";

/** How much is in a queue. SQS counts approximately, and is right when nothing has moved for a minute. */
export interface SqsBacklog {
  /** Messages that wait for a receiver. */
  readonly waiting: number;
  /** Messages that somebody has received and not acknowledged yet. */
  readonly inFlight: number;
  /** Messages that were sent with a delay which is not over. */
  readonly delayed: number;
}

/**
 * Looks at a queue, and takes nothing from it: for metrics, and to know whether it can be used.
 *
 * Needs `sqs:GetQueueAttributes`. Rejects with a `FleetError`: `config` when there is no such queue, `auth`, `throttled`,
 * `unavailable`.
 *
 * @throws A TypeError when the URL is none of a queue.
 */
export async function readSqsBacklog(
  queue: { readonly client: SQSClient; readonly queueUrl: string },
  options?: CallOptions,
): Promise<SqsBacklog> {
  const { client, queueUrl } = queue;
  assertQueueUrl(queueUrl, "queueUrl");
  const { Attributes = {} } = await callSqs(`look at ${queueUrl}`, options, (http) =>
    client.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: [
          "ApproximateNumberOfMessages",
          "ApproximateNumberOfMessagesNotVisible",
          "ApproximateNumberOfMessagesDelayed",
        ],
      }),
      http,
    ),
  );
  return {
    waiting: Number(Attributes["ApproximateNumberOfMessages"] ?? 0),
    inFlight: Number(Attributes["ApproximateNumberOfMessagesNotVisible"] ?? 0),
    delayed: Number(Attributes["ApproximateNumberOfMessagesDelayed"] ?? 0),
  };
}
