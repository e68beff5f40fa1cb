/** An error as EC2 answers it: `name` is its code, as in the SDKs. */
export interface Ec2Error extends Error {
  /** HTTP status of the answer: 400 when the request is wrong, 500 or 503 when the service cannot serve it. */
  readonly $metadata: { readonly httpStatusCode: number };
}

/** Codes that mean the service or the account, not the request: these carry a 5xx. */
const serverCodes: ReadonlySet<string> = new Set([
  "InsufficientInstanceCapacity",
  "InternalError",
  "RequestLimitExceeded",
  "Unavailable",
]);

/** Codes of a service that refuses work for now. */
const busyCodes: ReadonlySet<string> = new Set(["RequestLimitExceeded", "Unavailable"]);

/** The error with this code, with the status that goes with it. */
export function ec2Error(code: string, message: string): Ec2Error {
  const httpStatusCode = busyCodes.has(code) ? 503 : serverCodes.has(code) ? 500 : 400;
  const error = new Error(message);
  return Object.assign(error, { name: code, $metadata: { httpStatusCode } });
}

/** Whether `value` is an error that EC2 answered. */
export function isEc2Error(value: unknown): value is Ec2Error {
  return value instanceof Error && "$metadata" in value;
}
