import {
  CreateBucketCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { createS3Objects, type S3Objects, type S3ObjectsOptions } from "../../src/s3/index.ts";
import type { TestAws } from "../../testing/test-aws.ts";

/** A bucket that nobody else uses. */
export interface BucketStage {
  /** Patient, and never spoilt by what a case does to its own. */
  readonly client: S3Client;
  readonly bucket: string;
  /** Its objects as another process would have them. */
  objects(options?: Partial<S3ObjectsOptions>): S3Objects;
  /** The text of an object, by its whole key; `undefined` when there is none. */
  text(key: string): Promise<string | undefined>;
  /** Writes an object behind everybody's back. */
  write(key: string, text: string): Promise<void>;
}

/** Makes a bucket. */
export async function openBucket(aws: TestAws): Promise<BucketStage> {
  const client = new S3Client(aws.clientOptions());
  const bucket = aws.name("case");
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    client,
    bucket,
    objects: (replace = {}) => createS3Objects({ client, bucket, ...replace }),
    async text(Key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
        return await Body?.transformToString();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async write(Key, Body) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    },
  };
}
