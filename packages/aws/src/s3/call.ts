import { type CallOptions, FleetError } from "@runs-fleet/core";
import { s3Failures } from "../failures/s3.ts";
import { translate } from "../failures/translate.ts";

/** Handler options of one call. */
interface HttpOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * One call of S3, whose errors are those of the ports.
 *
 * @param purpose - What it is for, as in `write snapshots/1`; part of the error's message.
 */
export async function callS3<T>(
  purpose: string,
  options: CallOptions | undefined,
  send: (http: HttpOptions) => Promise<T>,
): Promise<T> {
  const signal = options?.signal;
  signal?.throwIfAborted();
  try {
    return await send(signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    throw translateS3(error, purpose, signal);
  }
}

/** An error of S3, or of an answer of it that is still under way, as the ports speak of it. */
export function translateS3(
  error: unknown,
  purpose: string,
  signal: AbortSignal | undefined,
): unknown {
  return translate(error, { service: "S3", table: s3Failures, purpose, signal });
}

/** The code that S3 has refused a call with; `undefined` when the error is of another origin. */
export function s3CodeOf(error: unknown): string | undefined {
  const code = FleetError.isInstance(error) ? error.details["code"] : undefined;
  return typeof code === "string" ? code : undefined;
}
