import { type FailureRule, rulesFrom } from "./rule.ts";
import { sources } from "./sources.ts";

/** Codes that any service of AWS can answer, and what happens before one is reached. */
export const commonRules: readonly FailureRule[] = [
  ...rulesFrom(sources.common, {
    auth: [
      "AccessDenied",
      "AccessDeniedException",
      "ExpiredToken",
      "ExpiredTokenException",
      "IncompleteSignature",
      "IncompleteSignatureException",
      "InvalidClientTokenId",
      "MissingAuthenticationToken",
      "MissingAuthenticationTokenException",
      "NotAuthorized",
      "OptInRequired",
      "RequestExpired",
      "UnrecognizedClientException",
    ],
    config: [
      "InvalidAction",
      "InvalidParameterCombination",
      "InvalidParameterValue",
      "InvalidQueryParameter",
      "MalformedQueryString",
      "MissingAction",
      "MissingParameter",
      "ValidationError",
      "ValidationException",
    ],
    throttled: ["Throttling", "ThrottlingException"],
    unavailable: ["InternalFailure", "InternalServerError", "ServiceUnavailable"],
  }),
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
