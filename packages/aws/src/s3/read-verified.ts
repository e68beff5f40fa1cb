import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { FleetError } from "@runs-fleet/core";
import { translateS3 } from "./call.ts";
import { mismatch, tooLarge } from "./sha256.ts";

/** What a body has to be. */
export interface Expectation {
  /** Names it in errors. */
  readonly key: string;
  /** How many bytes S3 said there would be. */
  readonly bytes: number;
  /** Most bytes that may come. */
  readonly maxBytes: number;
  /** Its digest; `undefined`: any. */
  readonly sha256: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * The chunks of a body, and at the end an error unless they were all of it and the right ones: whoever reads must not use them before
 * the end. Leaving early closes the connection.
 *
 * @throws A {@link FleetError}: `config` for the wrong digest or too many bytes, `unavailable` when the body breaks off.
 */
export async function* readVerified(
  body: Readable,
  expectation: Expectation,
): AsyncGenerator<Uint8Array, { readonly sha256: string }, undefined> {
  const { key, bytes, maxBytes, sha256: expected, signal } = expectation;
  const hash = createHash("sha256");
  let count = 0;
  const abort = (): void => void body.destroy(new Error("The read was cancelled"));
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      count += chunk.length;
      if (count > maxBytes) throw tooLarge(key, count, maxBytes);
      hash.update(chunk);
      yield chunk;
    }
    signal?.throwIfAborted();
    if (count !== bytes) throw brokenOff(key, `after ${count} of ${bytes} bytes`);
  } catch (error) {
    const told = translateS3(error, `read ${key}`, signal);
    // Node and the SDK say in several ways that a body broke off; an error that is none of ours is one of those.
    throw signal?.aborted || FleetError.isInstance(told) ? told : brokenOff(key, "", error);
  } finally {
    signal?.removeEventListener("abort", abort);
    body.destroy();
  }
  const sha256 = hash.digest("hex");
  if (expected !== undefined && sha256 !== expected) throw mismatch(key, expected, sha256);
  return { sha256 };
}

function brokenOff(key: string, where: string, cause?: unknown): FleetError {
  const reason = cause instanceof Error ? `: ${cause.message.slice(0, 200)}` : "";
  return new FleetError({
    kind: "unavailable",
    message: `S3 breaks off its answer to read ${key}${where === "" ? "" : ` ${where}`}${reason}`,
    details: { code: "broken-off" },
    cause,
  });
}
