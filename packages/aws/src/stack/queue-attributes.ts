import { defaultMessageBytes, longestWaitSeconds } from "../sqs/limits.ts";
import type { StackQueue } from "./stack.ts";

/** How long a message is hidden whose receiver says nothing else, seconds. Ours always say. */
const visibilitySeconds = 60;

/** The attributes of a queue, under the names that SQS and CloudFormation share. Policies are not texts yet. */
export function queueAttributes(queue: StackQueue): Readonly<Record<string, unknown>> {
  const { isFifo, retentionSeconds, redrive, sourceArn, policy } = queue;
  return {
    MessageRetentionPeriod: retentionSeconds,
    ReceiveMessageWaitTimeSeconds: longestWaitSeconds,
    VisibilityTimeout: visibilitySeconds,
    MaximumMessageSize: defaultMessageBytes,
    SqsManagedSseEnabled: true,
    ...(isFifo
      ? {
          FifoQueue: true,
          DeduplicationScope: "messageGroup",
          FifoThroughputLimit: "perMessageGroupId",
        }
      : {}),
    ...(redrive === undefined
      ? {}
      : {
          RedrivePolicy: {
            deadLetterTargetArn: redrive.deadLetterArn,
            maxReceiveCount: redrive.maxReceives,
          },
        }),
    ...(sourceArn === undefined
      ? {}
      : { RedriveAllowPolicy: { redrivePermission: "byQueue", sourceQueueArns: [sourceArn] } }),
    ...(policy === undefined ? {} : { Policy: policy }),
  };
}
