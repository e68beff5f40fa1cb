/** HTTP statuses of the codes whose status is not 400. Sources: the error pages of the four services, as in `src/failures/sources.ts`. */
const statuses: Readonly<Record<string, number>> = {
  // EC2
  RequestLimitExceeded: 503,
  Unavailable: 503,
  InternalError: 500,
  InsufficientInstanceCapacity: 500,
  InsufficientCapacity: 500,
  InsufficientAddressCapacity: 500,
  InsufficientHostCapacity: 500,
  InsufficientReservedInstanceCapacity: 500,
  InsufficientVolumeCapacity: 500,
  ServerInternal: 500,
  UnauthorizedOperation: 403,
  AuthFailure: 403,
  // all
  InternalFailure: 500,
  InternalServerError: 500,
  ServiceUnavailable: 503,
  NotImplemented: 501,
  AccessDenied: 403,
  ExpiredToken: 400,
  // S3
  SlowDown: 503,
  InvalidAccessKeyId: 403,
  SignatureDoesNotMatch: 403,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  PreconditionFailed: 412,
  ConditionalRequestConflict: 409,
  OperationAborted: 409,
};

/** What differs by the service: DynamoDB's limit of an account is the client's fault, and SQS tells a denial by 403. */
const ofService: Readonly<Record<string, number>> = {
  "dynamodb RequestLimitExceeded": 400,
  "sqs AccessDeniedException": 403,
  "sqs RequestThrottled": 403,
};

/** The HTTP status with which a service answers a code. */
export function statusOf(service: string, code: string): number {
  return ofService[`${service} ${code}`] ?? statuses[code] ?? 400;
}
