import { commonRules } from "./common.ts";
import { rulesFrom, tableOf } from "./rule.ts";
import { sources } from "./sources.ts";

/** What DynamoDB's codes mean, those of a cancelled transaction's items included. */
export const dynamodbFailures = tableOf(
  commonRules,
  rulesFrom(sources.dynamodb, {
    conflict: [
      "ConditionalCheckFailedException",
      "DuplicateItemException",
      "ResourceInUseException",
      "TableAlreadyExistsException",
      "TableInUseException",
    ],
    // A table or an index that is not there is a mistake of the set-up; an item that is not there is no error.
    config: [
      "IdempotentParameterMismatchException",
      "IndexNotFoundException",
      "ResourceNotFoundException",
      "TableNotFoundException",
    ],
    quota: ["ItemCollectionSizeLimitExceededException"],
    throttled: [
      "LimitExceededException",
      "ProvisionedThroughputExceededException",
      "RequestLimitExceeded",
      "ThrottlingException",
    ],
    unavailable: ["InternalServerError"],
  }),
  // Nobody has won yet: another transaction holds the item, or the first sending of this one is still at work.
  rulesFrom(
    sources.dynamodb,
    {
      conflict: [
        "ReplicatedWriteConflictException",
        "TransactionConflictException",
        "TransactionInProgressException",
      ],
    },
    { retryable: true },
  ),
  rulesFrom(sources.cancellation, {
    conflict: ["ConditionalCheckFailed", "DuplicateItem"],
    quota: ["ItemCollectionSizeLimitExceeded"],
    throttled: ["ProvisionedThroughputExceeded", "ThrottlingError"],
    config: ["ValidationError"],
  }),
  rulesFrom(sources.cancellation, { conflict: ["TransactionConflict"] }, { retryable: true }),
);
