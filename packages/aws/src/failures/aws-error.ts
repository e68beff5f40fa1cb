/** What is read of an error that the AWS SDK throws; nothing else of it decides anything. */
export interface AwsError {
  /** The service's code, Node's code of a broken connection, or the name of the SDK's own error. */
  readonly code: string;
  /** HTTP status of the answer; `undefined` when there was none. */
  readonly status: number | undefined;
  /** What the service calls the request: support asks for it. */
  readonly requestId: string | undefined;
}

/** Reads an error of the SDK; `undefined` when it is none. */
export function readAwsError(error: unknown): AwsError | undefined {
  if (!(error instanceof Error)) return undefined;
  const metadata = "$metadata" in error ? (error.$metadata as Metadata | undefined) : undefined;
  const system = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (metadata === undefined && system === undefined) return undefined;
  // An answer has the code in `name`; without one, Node says how the connection broke.
  const code = metadata?.httpStatusCode === undefined ? (system ?? error.name) : error.name;
  return { code, status: metadata?.httpStatusCode, requestId: metadata?.requestId };
}

/** The part of the SDK's `$metadata` that we read. */
interface Metadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
}
