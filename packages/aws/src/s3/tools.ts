import type { S3Client } from "@aws-sdk/client-s3";
import type { Clock, Entropy } from "@runs-fleet/core";
import type { Keys } from "./keys.ts";

/** What the parts of a bucket's objects share. */
export interface S3Tools {
  readonly client: S3Client;
  readonly bucket: string;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly entropy: Entropy;
}
