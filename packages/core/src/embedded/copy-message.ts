import { FleetError } from "../ports/failure.ts";
import type { Message } from "../ports/message-queue.ts";
import { copyJson } from "./copy-json.ts";
import { assertName, maxBodyBytes } from "./limits.ts";

/** A message that shares nothing with its sender, or why it cannot be queued. */
export type CopiedMessage<T> =
  | { readonly ok: true; readonly message: Message<T> }
  | { readonly ok: false; readonly error: FleetError };

/** Copies a message; one that is no JSON, too large or badly named is a `config` failure, not an exception. */
export function copyMessage<T>(message: Message<T>): CopiedMessage<T> {
  const { group, deduplicationId, trace } = message;
  try {
    // A copy of JSON has the type of its original.
    const body = copyJson(message.body, maxBodyBytes) as T;
    if (group !== undefined) assertName(group, "The group of a message");
    if (deduplicationId !== undefined) assertName(deduplicationId, "A deduplication id");
    return {
      ok: true,
      message: {
        body,
        ...(group === undefined ? {} : { group }),
        ...(deduplicationId === undefined ? {} : { deduplicationId }),
        ...(trace === undefined ? {} : { trace: Object.freeze({ ...trace }) }),
      },
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "it is no message";
    return {
      ok: false,
      error: new FleetError({ kind: "config", message: `Cannot be queued: ${reason}`, cause }),
    };
  }
}
