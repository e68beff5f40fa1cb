import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { FleetError } from "@runs-fleet/core";
import type { StackBucket } from "../stack.ts";
import { createCaller } from "./call.ts";
import { absent, type StackResource, same } from "./resource.ts";

const { call, find } = createCaller("S3");
/** What says that there is no bucket. */
export const noBucket = ["NotFound", "NoSuchBucket"];

/** The region whose buckets are made without saying so. */
const firstRegion = "us-east-1";

/** The bucket itself. */
export function bucketResource(
  client: S3Client,
  { name: Bucket }: StackBucket,
  region: string,
): StackResource {
  return {
    kind: "bucket",
    name: Bucket,
    async look() {
      const found = await find(`look for bucket ${Bucket}`, noBucket, () =>
        client.send(new HeadBucketCommand({ Bucket })),
      );
      return found === undefined ? absent : same;
    },
    async create() {
      await call(`make bucket ${Bucket}`, () =>
        client.send(
          new CreateBucketCommand({
            Bucket,
            ObjectOwnership: "BucketOwnerEnforced",
            ...(region === firstRegion
              ? {}
              : { CreateBucketConfiguration: { LocationConstraint: region as "eu-west-1" } }),
          }),
        ),
      );
    },
    async remove() {
      await empty(client, Bucket);
      await find(`delete bucket ${Bucket}`, noBucket, () =>
        client.send(new DeleteBucketCommand({ Bucket })),
      );
    },
  };
}

/** Deletes every version of every object. */
async function empty(client: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const page: ListObjectVersionsCommandOutput | undefined = await find(
      `list the objects of bucket ${Bucket}`,
      noBucket,
      () => client.send(new ListObjectVersionsCommand({ Bucket })),
    );
    const versions = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    if (versions.length === 0) return;
    // What one answer lists, one call deletes: 1,000 at most.
    const Objects = versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
    const { Errors = [] } = await call(`delete objects of bucket ${Bucket}`, () =>
      client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } })),
    );
    const [first] = Errors;
    if (first !== undefined) {
      throw new FleetError({
        kind: "unknown",
        message: `S3 does not delete ${first.Key} of bucket ${Bucket}: ${first.Code}`,
      });
    }
  }
}
