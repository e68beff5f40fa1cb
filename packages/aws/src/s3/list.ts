import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { type CallOptions, FleetError } from "@runs-fleet/core";
import { callS3 } from "./call.ts";
import type { S3Tools } from "./tools.ts";

/** An object as a listing shows it. */
export interface S3Entry {
  /** Its key, without the prefix of all. */
  readonly key: string;
  /** Its size. */
  readonly bytes: number;
  /** Names its content; for `when: { etag }`. */
  readonly etag: string;
  /** When it was written, epoch milliseconds. */
  readonly modifiedAtMs: number;
}

/** Lists objects page after page. */
export async function* listObjects(
  tools: S3Tools,
  prefix: string,
  options: CallOptions | undefined,
): AsyncGenerator<S3Entry, void, undefined> {
  const { client, bucket, keys } = tools;
  const Prefix = keys.beginning(prefix);
  let token: string | undefined;
  do {
    const input = { Bucket: bucket, Prefix, ContinuationToken: token };
    const page = await callS3(`list ${Prefix}`, options, (http) =>
      client.send(new ListObjectsV2Command(input), http),
    );
    for (const { Key = "", Size = 0, ETag = "", LastModified } of page.Contents ?? []) {
      const modifiedAtMs = LastModified?.getTime() ?? 0;
      yield { key: keys.own(Key), bytes: Size, etag: ETag, modifiedAtMs };
    }
    const next = page.IsTruncated ? page.NextContinuationToken : undefined;
    if (page.IsTruncated && (next === undefined || next === token)) {
      throw new FleetError({
        kind: "unknown",
        message: `S3 does not say how the list of ${Prefix} goes on`,
      });
    }
    token = next;
  } while (token !== undefined);
}
