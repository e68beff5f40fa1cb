import type { CallName } from "./faults.ts";

/** What a service calls the failures that every service has. */
export interface ServiceCodes {
  /** An error of its own. */
  readonly broken: string;
  /** It cannot serve for now. */
  readonly unavailable: string;
  /** Too many calls. */
  readonly throttled: string;
  /** The caller may not do this. */
  readonly denied: string;
  /** The caller's credentials were good once. */
  readonly expired: string;
  /** The table, the queue, the bucket, or what a launch refers to, is not there. */
  readonly missing: string;
}

/** Sources: as in `src/failures/sources.ts`. */
const ofService: Readonly<Record<string, ServiceCodes>> = {
  ec2: {
    broken: "InternalError",
    unavailable: "Unavailable",
    throttled: "RequestLimitExceeded",
    denied: "UnauthorizedOperation",
    expired: "RequestExpired",
    missing: "InvalidLaunchTemplateId.NotFound",
  },
  dynamodb: {
    broken: "InternalServerError",
    unavailable: "ServiceUnavailable",
    throttled: "ProvisionedThroughputExceededException",
    denied: "AccessDeniedException",
    expired: "ExpiredTokenException",
    missing: "ResourceNotFoundException",
  },
  sqs: {
    broken: "InternalFailure",
    unavailable: "ServiceUnavailable",
    throttled: "RequestThrottled",
    denied: "AccessDenied",
    expired: "ExpiredToken",
    missing: "QueueDoesNotExist",
  },
  s3: {
    broken: "InternalError",
    unavailable: "ServiceUnavailable",
    throttled: "SlowDown",
    denied: "AccessDenied",
    expired: "ExpiredToken",
    missing: "NoSuchBucket",
  },
};

/** The codes of the service of a call. Throws an Error for a service that has no adapter. */
export function codesOf({ service }: CallName): ServiceCodes {
  const codes = ofService[service];
  if (codes === undefined) throw new Error(`matrix/codes.ts has no codes of ${service}`);
  return codes;
}
