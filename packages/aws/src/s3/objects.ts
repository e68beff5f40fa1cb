import type { S3Client } from "@aws-sdk/client-s3";
import {
  type CallOptions,
  type Clock,
  type Entropy,
  systemClock,
  systemEntropy,
} from "@runs-fleet/core";
import { createGet, type S3Content, type S3ContentStream, type S3GetOptions } from "./get.ts";
import { createKeys } from "./keys.ts";
import { listObjects, type S3Entry } from "./list.ts";
import { createPut, type S3PutOptions, type S3PutOutcome, type S3Source } from "./put.ts";

/** Options of {@link createS3Objects}. */
export interface S3ObjectsOptions {
  /**
   * How S3 is reached: region, credentials, retries and timeouts are its own. Give it timeouts, such as 3 s to connect, and 30 s
   * (`socketTimeout`) in which nothing comes: the SDK's default is to wait for ever. It is never closed here.
   */
  readonly client: S3Client;
  /** Name of the bucket. */
  readonly bucket: string;
  /** Begins all keys: empty, or segments with a slash behind them, such as `runs-fleet/ci/`. @defaultValue nothing */
  readonly prefix?: string;
  /** Decides about pauses. @defaultValue `systemClock` */
  readonly clock?: Clock;
  /** Makes the ids of writes, and jitter. @defaultValue `systemEntropy` */
  readonly entropy?: Entropy;
}

/**
 * Objects of one bucket behind one prefix.
 *
 * Keys have 1 to 1,024 bytes, the prefix included, in segments between slashes of which none is empty, `.` or `..`. Every call
 * throws a RangeError for other keys, and rejects with a `FleetError`: `config` when the bucket is missing or content is not what it
 * should be, `auth`, `throttled`, `unavailable`.
 */
export interface S3Objects {
  /**
   * Writes an object whole; S3 checks it against its SHA-256. With a condition, of any number of writers at once one is told
   * that it has stored its object, also when an answer was lost and the SDK has sent it again. A call that is rejected as
   * `unavailable` may have written: look before it is repeated.
   */
  put(key: string, body: Uint8Array | string, options?: S3PutOptions): Promise<S3PutOutcome>;
  /**
   * Writes an object from a stream, whose size and digest are known. Nothing is stored unless it has both. It is sent once; when
   * that fails, call it again with another stream. An error of the stream is the error of the call.
   */
  putStream(key: string, source: S3Source, options?: S3PutOptions): Promise<S3PutOutcome>;
  /**
   * Reads an object whole; `undefined` when there is none. That there is none is answered only to those who may list the bucket: others
   * are told `auth`.
   */
  get(key: string, options: S3GetOptions): Promise<S3Content | undefined>;
  /** As `get`, for objects that are too large to be held in memory. */
  getStream(key: string, options: S3GetOptions): Promise<S3ContentStream | undefined>;
  /** All objects whose keys begin so, in the order of the bytes of their keys; pages are fetched as they are needed. */
  list(prefix: string, options?: CallOptions): AsyncIterable<S3Entry>;
}

/**
 * Objects in S3: the mirror of the runner, logs, snapshots of the configuration.
 *
 * @throws A TypeError or a RangeError for options that cannot work.
 * @example
 * const objects = createS3Objects({ client: new S3Client({}), bucket: "acme-runs-fleet", prefix: "ci/" });
 * const { outcome } = await objects.put("snapshots/7", json, { when: "absent" });
 */
export function createS3Objects(options: S3ObjectsOptions): S3Objects {
  const { client, bucket, prefix = "" } = options;
  const { clock = systemClock, entropy = systemEntropy } = options;
  if (typeof client?.send !== "function") throw new TypeError("client must be an S3Client");
  // Names, and the ARNs of access points.
  if (typeof bucket !== "string" || !/^[\w.:/-]{3,255}$/u.test(bucket)) {
    throw new TypeError("bucket must be the name of a bucket");
  }
  const tools = { client, bucket, keys: createKeys(prefix), clock, entropy };
  return {
    ...createPut(tools),
    ...createGet(tools),
    list: (own, call) => listObjects(tools, own, call),
  };
}
