import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { FleetError } from "@runs-fleet/core";
import { mismatch } from "./sha256.ts";

/** Content that is known before it is sent. */
export interface KnownContent {
  /** Where it goes; names it in errors. */
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * A stream of content that ends in an error unless it has just as many bytes as were said, and the digest: S3 then gets less
 * than it was promised, and stores nothing. Whoever sends it has to listen for the error: the SDK does not.
 */
export function createUpload(source: AsyncIterable<Uint8Array>, known: KnownContent): Readable {
  return Readable.from(checked(source, known), { objectMode: false });
}

async function* checked(
  source: AsyncIterable<Uint8Array>,
  known: KnownContent,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let count = 0;
  // One chunk is held back: with the last one S3 would have all that it was promised, before it is known to be right.
  let held: Uint8Array | undefined;
  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    count += chunk.length;
    if (count > known.bytes) throw wrongSize(known, count);
    hash.update(chunk);
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (count !== known.bytes) throw wrongSize(known, count);
  const actual = hash.digest("hex");
  if (actual !== known.sha256) throw mismatch(known.key, known.sha256, actual);
  if (held !== undefined) yield held;
}

function wrongSize({ key, bytes }: KnownContent, count: number): FleetError {
  const had = count > bytes ? `${count} bytes or more` : `${count} bytes`;
  return new FleetError({
    kind: "config",
    message: `What was to be written to ${key} has ${had}, not ${bytes}`,
    details: { code: "wrong-size", bytes },
  });
}
