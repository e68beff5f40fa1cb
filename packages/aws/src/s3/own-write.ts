import {
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import type { CallOptions } from "@runs-fleet/core";
import { callS3, s3CodeOf } from "./call.ts";
import type { S3Tools } from "./tools.ts";

/** The name under which an object carries the id of the call that wrote it, `x-amz-meta-write-id`. */
export const writeIdField = "write-id";

/**
 * Whether the object that stands there was written by this call: an earlier sending of it, whose answer was lost.
 *
 * @returns What names its content; `undefined` when it is another one, or gone.
 */
export async function isOwnWrite(
  { client }: S3Tools,
  { Bucket, Key, Metadata }: PutObjectCommandInput,
  options: CallOptions,
): Promise<{ readonly etag: string | undefined } | undefined> {
  let head: HeadObjectCommandOutput;
  try {
    head = await callS3(`look at ${Key}`, options, (http) =>
      client.send(new HeadObjectCommand({ Bucket, Key }), http),
    );
  } catch (error) {
    // The bucket was there a moment ago.
    if (s3CodeOf(error) === "NotFound") return undefined;
    throw error;
  }
  const isOwn = head.Metadata?.[writeIdField] === Metadata?.[writeIdField];
  return isOwn ? { etag: head.ETag } : undefined;
}
