import { commonRules } from "./common.ts";
import { rulesFrom, tableOf } from "./rule.ts";
import { sources } from "./sources.ts";

/** What SQS's codes mean, under the names of the JSON protocol and those of the older query protocol. */
export const sqsFailures = tableOf(
  commonRules,
  rulesFrom(sources.sqs, {
    // The queue is part of the set-up; that it is missing is no answer about a message.
    config: [
      "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
      "AWS.SimpleQueueService.BatchRequestTooLong",
      "AWS.SimpleQueueService.EmptyBatchRequest",
      "AWS.SimpleQueueService.InvalidBatchEntryId",
      "AWS.SimpleQueueService.NonExistentQueue",
      "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
      "AWS.SimpleQueueService.UnsupportedOperation",
      "BatchEntryIdsNotDistinct",
      "BatchRequestTooLong",
      "EmptyBatchRequest",
      "InvalidAddress",
      "InvalidAttributeName",
      "InvalidAttributeValue",
      "InvalidBatchEntryId",
      "InvalidMessageContents",
      "InvalidSecurity",
      "KmsInvalidKeyUsage",
      "KmsInvalidState",
      "KmsNotFound",
      "QueueDoesNotExist",
      "QueueNameExists",
      "ResourceNotFoundException",
      "TooManyEntriesInBatchRequest",
      "UnsupportedOperation",
    ],
    auth: ["KmsAccessDenied", "KmsOptInRequired"],
    // The message has been received by somebody else since, or is gone.
    conflict: [
      "AWS.SimpleQueueService.MessageNotInflight",
      "InvalidIdFormat",
      "MessageNotInflight",
      "ReceiptHandleIsInvalid",
    ],
    throttled: [
      "AWS.SimpleQueueService.PurgeQueueInProgress",
      "AWS.SimpleQueueService.QueueDeletedRecently",
      "KmsDisabled",
      "KmsThrottled",
      "OverLimit",
      "PurgeQueueInProgress",
      "QueueDeletedRecently",
      "RequestThrottled",
    ],
  }),
);
