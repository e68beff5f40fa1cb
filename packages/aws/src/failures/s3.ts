import { commonRules } from "./common.ts";
import { rulesFrom, tableOf } from "./rule.ts";
import { sources } from "./sources.ts";

/** What S3's codes mean to somebody who reads and conditionally writes objects. */
export const s3Failures = tableOf(
  commonRules,
  rulesFrom(sources.s3, {
    "not-found": ["NoSuchKey", "NoSuchUpload", "NoSuchVersion", "NotFound"],
    conflict: ["PreconditionFailed"],
    // The bucket is part of the set-up.
    config: [
      "AuthorizationHeaderMalformed",
      "BadDigest",
      "EntityTooLarge",
      "EntityTooSmall",
      "InvalidArgument",
      "InvalidBucketName",
      "InvalidDigest",
      "InvalidPart",
      "InvalidPartOrder",
      "InvalidRange",
      "InvalidRequest",
      "KeyTooLongError",
      "MalformedXML",
      "MethodNotAllowed",
      "NoSuchBucket",
      "PermanentRedirect",
    ],
    auth: [
      "AccountProblem",
      "AllAccessDisabled",
      "InvalidAccessKeyId",
      "InvalidToken",
      "NotSignedUp",
      "SignatureDoesNotMatch",
    ],
    throttled: ["SlowDown"],
    unavailable: ["InternalError", "RequestTimeout", "ServiceUnavailable"],
  }),
  // Nobody has won: somebody else was at work on the object, and the condition may hold when it is tried again.
  rulesFrom(sources.s3, { conflict: ["OperationAborted"] }, { retryable: true }),
  rulesFrom(
    sources.s3Conditions,
    { conflict: ["ConditionalRequestConflict"] },
    { retryable: true },
  ),
);
