import { type CallOptions, FleetError } from "@runs-fleet/core";
import { sqsFailures } from "../failures/sqs.ts";
import { translate } from "../failures/translate.ts";

/** Handler options of one call. */
export interface HttpOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * One call of SQS, whose errors are those of the ports.
 *
 * @param purpose - What it is for, as in `send 3 messages`; part of the error's message.
 */
export async function callSqs<T>(
  purpose: string,
  options: CallOptions | undefined,
  send: (http: HttpOptions) => Promise<T>,
): Promise<T> {
  const signal = options?.signal;
  signal?.throwIfAborted();
  try {
    return await send(signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    throw translate(error, { service: "SQS", table: sqsFailures, purpose, signal });
  }
}

/** What a call that failed as a failure of the port is; anything else, a cancelled call for one, is thrown on. */
export function failureOf(error: unknown): FleetError {
  if (FleetError.isInstance(error)) return error;
  throw error;
}
