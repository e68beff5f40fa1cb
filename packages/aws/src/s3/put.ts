import { PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import { type CallOptions, FleetError } from "@runs-fleet/core";
import { assertInteger } from "@runs-fleet/core/embedded/rules";
import { readAwsError } from "../failures/aws-error.ts";
import { callS3, s3CodeOf } from "./call.ts";
import type { S3Objects } from "./objects.ts";
import { isOwnWrite, writeIdField } from "./own-write.ts";
import { assertSha256, mismatch, sha256Of, toBase64 } from "./sha256.ts";
import type { S3Tools } from "./tools.ts";
import { createUpload } from "./upload.ts";

/** Under which condition an object is written: that there is none, or that it is the one that was read. */
export type S3Condition = "absent" | { readonly etag: string };

/** How an object is written. */
export interface S3PutOptions extends CallOptions {
  /**
   * Under which condition. ETags tell content, not writes, where a bucket does not encrypt by keys of KMS: what was changed and
   * changed back has not changed. @defaultValue none: it replaces what is there
   */
  readonly when?: S3Condition;
  /** SHA-256 that the content must have, 64 hexadecimal digits; another one is refused as `config` before it is sent. */
  readonly sha256?: string;
  /** Media type. @defaultValue `application/octet-stream` */
  readonly contentType?: string;
}

/** Content that comes in pieces. */
export interface S3Source {
  /** The pieces. */
  readonly body: AsyncIterable<Uint8Array>;
  /** How many bytes they have together, 0 to 5 GiB, which is what S3 takes in one call. */
  readonly bytes: number;
  /** Their SHA-256, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** What became of a write. */
export type S3PutOutcome =
  | {
      /** It is stored. */
      readonly outcome: "stored";
      /** Names its content; for `when: { etag }`. `undefined` when the answer was lost, and only the write is known to be ours. */
      readonly etag: string | undefined;
      /** SHA-256 of the content, 64 hexadecimal digits. */
      readonly sha256: string;
    }
  /** `exists`: it was to be absent, and is not. `changed`: it is another one than was read, or gone. Nothing is written. */
  | { readonly outcome: "exists" | "changed" };

const mostBytes = 5 * 1_024 ** 3;

/** Tries of a write that meets another one of the same key: S3 says so with 409, which the SDK does not repeat. */
const mostTries = 5;
const firstPauseMs = 50;

/** Makes the writes. */
export function createPut(tools: S3Tools): Pick<S3Objects, "put" | "putStream"> {
  const { client, bucket, keys, clock, entropy } = tools;

  function inputOf(
    Key: string,
    content: Pick<PutObjectCommandInput, "Body" | "ContentLength">,
    sha256: string,
    { when, contentType = "application/octet-stream" }: S3PutOptions,
  ): PutObjectCommandInput {
    return {
      Bucket: bucket,
      Key,
      ...content,
      ContentType: contentType,
      ChecksumSHA256: toBase64(sha256),
      ...(when === undefined ? {} : { Metadata: { [writeIdField]: entropy.uuid() } }),
      ...(when === "absent" ? { IfNoneMatch: "*" } : {}),
      ...(typeof when === "object" ? { IfMatch: when.etag } : {}),
    };
  }

  /**
   * Sends a write once. What S3 refuses because of the condition is an outcome.
   *
   * @param tries - Which one of ours it is, from 1.
   */
  async function write(
    input: PutObjectCommandInput,
    sha256: string,
    options: S3PutOptions,
    tries: number,
  ): Promise<S3PutOutcome> {
    const { when } = options;
    try {
      const { ETag } = await callS3(`write ${input.Key}`, options, (http) =>
        client.send(new PutObjectCommand(input), http),
      );
      return { outcome: "stored", etag: ETag, sha256 };
    } catch (error) {
      if (when === undefined || !isRefusal(s3CodeOf(error), when)) throw error;
      // It had been sent before: what stands there may be what the first sending wrote.
      if (tries > 1 || attemptsOf(error) > 1) {
        const own = await isOwnWrite(tools, input, options);
        if (own !== undefined) return { outcome: "stored", etag: own.etag, sha256 };
      }
      return { outcome: when === "absent" ? "exists" : "changed" };
    }
  }

  return {
    async put(key, body, options = {}) {
      const Key = keys.whole(key);
      assertCondition(options.when);
      // A copy: its owner may change it while it is sent.
      const bytes = typeof body === "string" ? Buffer.from(body) : Buffer.from(body);
      const sha256 = sha256Of(bytes);
      if (options.sha256 !== undefined) {
        assertSha256(options.sha256);
        if (options.sha256 !== sha256) throw mismatch(Key, options.sha256, sha256);
      }
      const input = inputOf(Key, { Body: bytes }, sha256, options);
      for (let tries = 1; ; tries += 1) {
        try {
          return await write(input, sha256, options, tries);
        } catch (error) {
          if (!isDispute(error) || tries === mostTries) throw error;
          const pauseMs = firstPauseMs * 2 ** tries * (0.5 + entropy.random() / 2);
          await clock.sleep(pauseMs, options.signal);
        }
      }
    },
    async putStream(key, { body, bytes, sha256 }, options = {}) {
      const Key = keys.whole(key);
      assertCondition(options.when);
      assertInteger(bytes, "bytes", 0);
      if (bytes > mostBytes)
        throw new RangeError(`bytes must be at most ${mostBytes}, is ${bytes}`);
      assertSha256(sha256);
      if (options.sha256 !== undefined && options.sha256 !== sha256) {
        throw mismatch(Key, options.sha256, sha256);
      }
      const stream = createUpload(body, { key: Key, bytes, sha256 });
      // The SDK waits on when the stream that it sends breaks: whatever is wrong with it has to end the call.
      const stop = new AbortController();
      const cancel = (): void => stop.abort(options.signal?.reason);
      stream.once("error", (error) => stop.abort(error));
      options.signal?.addEventListener("abort", cancel, { once: true });
      if (options.signal?.aborted) cancel();
      try {
        const input = inputOf(Key, { Body: stream, ContentLength: bytes }, sha256, options);
        return await write(input, sha256, { ...options, signal: stop.signal }, 1);
      } finally {
        options.signal?.removeEventListener("abort", cancel);
        // Nobody reads on, and an error after this is of no interest.
        stream.once("error", () => undefined).destroy();
      }
    },
  };
}

function assertCondition(when: S3Condition | undefined): void {
  if (when === undefined || when === "absent") return;
  if (typeof when.etag !== "string" || when.etag === "" || when.etag === "*") {
    throw new TypeError("when must be absent, or have the ETag of an object that was read");
  }
}

/** Whether a code says that the condition did not hold. An object that is gone is not the one that was read. */
function isRefusal(code: string | undefined, when: S3Condition): boolean {
  return code === "PreconditionFailed" || (when !== "absent" && code === "NoSuchKey");
}

/** Somebody else is at work on the object, and nobody has won yet. */
function isDispute(error: unknown): boolean {
  return FleetError.isInstance(error) && error.kind === "conflict" && error.retryable;
}

function attemptsOf(error: unknown): number {
  return readAwsError((error as { readonly cause?: unknown }).cause)?.attempts ?? 1;
}
