import type { Readable } from "node:stream";
import { GetObjectCommand, type GetObjectCommandOutput } from "@aws-sdk/client-s3";
import type { CallOptions } from "@runs-fleet/core";
import { assertInteger } from "@runs-fleet/core/embedded/rules";
import { callS3, s3CodeOf } from "./call.ts";
import type { S3Objects } from "./objects.ts";
import { readVerified } from "./read-verified.ts";
import { assertSha256, tooLarge } from "./sha256.ts";
import type { S3Tools } from "./tools.ts";

/** How an object is read. */
export interface S3GetOptions extends CallOptions {
  /** Most bytes that it may have, at least 1; a larger one is refused as `config`. */
  readonly maxBytes: number;
  /** Its SHA-256, 64 hexadecimal digits; another content is refused as `config`. @defaultValue any */
  readonly sha256?: string;
}

/** What there is about an object that was read. */
export interface S3Description {
  /** Its size. */
  readonly bytes: number;
  /** Names its content; for `when: { etag }`. */
  readonly etag: string;
  /** When it was written, epoch milliseconds. */
  readonly modifiedAtMs: number;
}

/** An object that was read whole. */
export interface S3Content extends S3Description {
  /** Its content. */
  readonly body: Uint8Array;
  /** SHA-256 of the content that was read, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** An object that is being read. Dispose of it when its content is not read to the end, or not at all: it holds a connection. */
export interface S3ContentStream extends S3Description, AsyncDisposable {
  /** Its content, to be read once. It throws at the end when it was not all or not the right one: use nothing of it before the end. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Makes the reads. */
export function createGet(tools: S3Tools): Pick<S3Objects, "get" | "getStream"> {
  const { client, bucket, keys } = tools;

  async function open(key: string, options: S3GetOptions) {
    const { maxBytes, sha256, signal } = options;
    const Key = keys.whole(key);
    assertInteger(maxBytes, "maxBytes", 1);
    if (sha256 !== undefined) assertSha256(sha256);
    let answer: GetObjectCommandOutput;
    try {
      answer = await callS3(`read ${Key}`, options, (http) =>
        client.send(new GetObjectCommand({ Bucket: bucket, Key }), http),
      );
    } catch (error) {
      if (s3CodeOf(error) === "NoSuchKey") return undefined;
      throw error;
    }
    const { Body, ContentLength = 0, ETag = "", LastModified } = answer;
    // In Node the SDK answers with a stream of Node.
    const body = Body as Readable;
    if (ContentLength > maxBytes) {
      body.destroy();
      throw tooLarge(Key, ContentLength, maxBytes);
    }
    const chunks = readVerified(body, { key: Key, bytes: ContentLength, maxBytes, sha256, signal });
    return { chunks, body, description: describe(ContentLength, ETag, LastModified) };
  }

  return {
    async get(key, options) {
      const opened = await open(key, options);
      if (opened === undefined) return undefined;
      const parts: Uint8Array[] = [];
      for (;;) {
        const step = await opened.chunks.next();
        if (step.done) {
          const { sha256 } = step.value;
          return { ...opened.description, body: new Uint8Array(Buffer.concat(parts)), sha256 };
        }
        parts.push(step.value);
      }
    },
    async getStream(key, options) {
      const opened = await open(key, options);
      if (opened === undefined) return undefined;
      const { body, chunks, description } = opened;
      return {
        ...description,
        body: chunks,
        async [Symbol.asyncDispose]() {
          body.destroy();
        },
      };
    },
  };
}

function describe(bytes: number, etag: string, modified: { getTime(): number } | undefined) {
  return { bytes, etag, modifiedAtMs: modified?.getTime() ?? 0 };
}
