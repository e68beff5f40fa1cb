import { type FailureRule, rulesFrom } from "./rule.ts";
import { sources } from "./sources.ts";

/** Codes that any service of AWS can answer, and what happens before one is reached. */
export const commonRules: readonly FailureRule[] = [
  ...rulesFrom(sources.common, {
    auth: [
      "AccessDeniedException",
      "ExpiredTokenException",
      "IncompleteSignature",
      "InvalidClientTokenId",
      "MissingAuthenticationToken",
      "NotAuthorized",
      "OptInRequired",
      "RequestExpired",
    ],
    config: [
      "InvalidAction",
      "InvalidParameterCombination",
      "InvalidParameterValue",
      "InvalidQueryParameter",
      "MalformedHttpRequestException",
      "MalformedQueryString",
      "MissingAction",
      "MissingParameter",
      "RequestEntityTooLargeException",
      "UnknownOperationException",
      "ValidationError",
    ],
    throttled: ["ThrottlingException"],
    unavailable: ["InternalFailure", "RequestAbortedException", "ServiceUnavailable"],
  }),
  ...rulesFrom(sources.dynamodbGuide, {
    auth: [
      "IncompleteSignatureException",
      "MissingAuthenticationTokenException",
      "UnrecognizedClientException",
    ],
    config: ["ValidationException"],
  }),
  ...rulesFrom(sources.s3, { auth: ["AccessDenied", "ExpiredToken"] }),
  ...rulesFrom(sources.sdk, {
    auth: [
      "CredentialsProviderError",
      "InvalidSignatureException",
      "RequestInTheFuture",
      "RequestTimeTooSkewed",
      "SignatureDoesNotMatch",
      "TokenProviderError",
    ],
    throttled: [
      "BandwidthLimitExceeded",
      "EC2ThrottledException",
      "PriorRequestNotComplete",
      "RequestLimitExceeded",
      "RequestThrottled",
      "RequestThrottledException",
      "SlowDown",
      "ThrottledException",
      "Throttling",
      "TooManyRequestsException",
    ],
    unavailable: ["RequestTimeout", "RequestTimeoutException", "TimeoutError"],
  }),
  ...rulesFrom(sources.node, {
    unavailable: [
      "EAI_AGAIN",
      "ECONNABORTED",
      "ECONNREFUSED",
      "ECONNRESET",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "ENOTFOUND",
      "EPIPE",
      "ETIMEDOUT",
    ],
  }),
];
