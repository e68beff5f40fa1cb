import { FleetError } from "@runs-fleet/core";
import { readAwsError } from "./aws-error.ts";
import { verdictOf, verdictOfReasons } from "./kind-of.ts";
import type { FailureTable } from "./rule.ts";

/** Words that AWS adds to a refusal can be thousands of characters. */
const longestMessage = 300;

/** What was being done when the error came. */
export interface CallContext {
  /** To whom we spoke, as people call it: `EC2`. */
  readonly service: string;
  /** What its codes mean. */
  readonly table: FailureTable;
  /** What failed, on what, as in `launch 3 machines for attempt a-1`. */
  readonly purpose: string;
  /** The signal of the call: when it has fired, its reason is the error. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * An error of the SDK as the ports speak of it.
 *
 * @returns A {@link FleetError}, with the code, the status and the request's id in `details`; the signal's reason for a
 *   cancelled call; what the SDK did not throw, as it is.
 */
export function translate(error: unknown, context: CallContext): unknown {
  const { service, table, purpose, signal } = context;
  if (signal?.aborted) return signal.reason;
  if (FleetError.isInstance(error)) return error;
  const read = readAwsError(error);
  if (read === undefined) return error;
  const { code, status, requestId, reasons } = read;
  const { kind, retryable } =
    reasons === undefined ? verdictOf(table, code, status) : verdictOfReasons(table, reasons);
  // The SDK adds lines that speak to programmers.
  const told = (error as Error).message.split("\n", 1)[0]?.slice(0, longestMessage) ?? "";
  const verb =
    status === undefined
      ? "cannot be reached to"
      : status < 300
        ? "breaks off its answer to"
        : "refuses to";
  return new FleetError({
    kind,
    message: `${service} ${verb} ${purpose}: ${code}${told === "" || told === code ? "" : `, ${told}`}`,
    ...(retryable === undefined ? {} : { retryable }),
    details: {
      code,
      ...(status === undefined ? {} : { status }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(reasons === undefined ? {} : { reasons }),
    },
    cause: error,
  });
}
