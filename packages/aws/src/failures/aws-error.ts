/** What is read of an error that the AWS SDK throws; nothing else of it decides anything. */
export interface AwsError {
  /** The service's code, Node's code of a broken connection, or the name of the SDK's own error. */
  readonly code: string;
  /** HTTP status of the answer; `undefined` when there was none. */
  readonly status: number | undefined;
  /** What the service calls the request: support asks for it. */
  readonly requestId: string | undefined;
  /** How often the SDK has sent the call; 1 when it does not say. */
  readonly attempts: number;
  /** Why DynamoDB cancelled a transaction: a code for each of its items, `None` for those that are not to blame. */
  readonly reasons: readonly string[] | undefined;
}

/** Reads an error of the SDK; `undefined` when it is none. */
export function readAwsError(error: unknown): AwsError | undefined {
  if (!(error instanceof Error)) return undefined;
  const metadata = "$metadata" in error ? (error.$metadata as Metadata | undefined) : undefined;
  const system = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (metadata === undefined && system === undefined) return undefined;
  // An answer has the code in `name`; without one, or with half of a good one, Node says how the connection broke.
  const status = metadata?.httpStatusCode;
  const isRefusal = status !== undefined && status >= 300;
  return {
    code: isRefusal ? error.name : (system ?? error.name),
    status,
    requestId: metadata?.requestId,
    attempts: metadata?.attempts ?? 1,
    reasons: reasonsOf(error),
  };
}

function reasonsOf(error: Error): readonly string[] | undefined {
  const reasons = "CancellationReasons" in error ? error.CancellationReasons : undefined;
  if (!Array.isArray(reasons)) return undefined;
  return (reasons as readonly { readonly Code?: string }[]).map(({ Code }) => Code ?? "None");
}

/** The part of the SDK's `$metadata` that we read. */
interface Metadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
  readonly attempts?: number;
}
