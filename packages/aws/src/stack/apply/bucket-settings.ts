import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { lifecycleRules } from "../bucket-lifecycle.ts";
import type { StackBucket } from "../stack.ts";
import { noBucket } from "./bucket.ts";
import { createCaller } from "./call.ts";
import {
  absent,
  compare,
  parseJson,
  type StackLook,
  type StackResource,
  same,
  tagList,
} from "./resource.ts";

const { call, find } = createCaller("S3");

/** What every way in must be. */
const closed = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
} as const;

/** The settings of the bucket, each a thing of its own. */
export function bucketSettings(
  client: S3Client,
  bucket: StackBucket,
  tags: Readonly<Record<string, string>>,
): readonly StackResource[] {
  const { name: Bucket } = bucket;
  const Rules = lifecycleRules(bucket);
  const setting = <A>(
    kind: string,
    codes: readonly string[],
    get: () => Promise<A>,
    judge: (answer: A) => StackLook,
    put: () => Promise<unknown>,
  ): StackResource => ({
    kind,
    name: Bucket,
    async look() {
      const answer = await find(`look at the ${kind} of ${Bucket}`, [...noBucket, ...codes], get);
      return answer === undefined ? absent : judge(answer);
    },
    async create() {
      await call(`set the ${kind} of ${Bucket}`, put);
    },
  });
  return [
    setting(
      "bucket encryption",
      ["ServerSideEncryptionConfigurationNotFoundError"],
      () => client.send(new GetBucketEncryptionCommand({ Bucket })),
      ({ ServerSideEncryptionConfiguration: is }) => {
        const [rule] = is?.Rules ?? [];
        return compare(
          { algorithm: "AES256" },
          { algorithm: rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm },
        );
      },
      () =>
        client.send(
          new PutBucketEncryptionCommand({
            Bucket,
            ServerSideEncryptionConfiguration: {
              Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
            },
          }),
        ),
    ),
    setting(
      "bucket's public access block",
      ["NoSuchPublicAccessBlockConfiguration"],
      () => client.send(new GetPublicAccessBlockCommand({ Bucket })),
      ({ PublicAccessBlockConfiguration: is }) => compare(closed, { ...is }),
      () =>
        client.send(
          new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: closed }),
        ),
    ),
    setting(
      "bucket's ownership",
      ["OwnershipControlsNotFoundError"],
      () => client.send(new GetBucketOwnershipControlsCommand({ Bucket })),
      ({ OwnershipControls: is }) =>
        compare(
          { ownership: "BucketOwnerEnforced" },
          { ownership: is?.Rules?.[0]?.ObjectOwnership },
        ),
      () =>
        client.send(
          new PutBucketOwnershipControlsCommand({
            Bucket,
            OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
          }),
        ),
    ),
    setting(
      "bucket's versions",
      [],
      () => client.send(new GetBucketVersioningCommand({ Bucket })),
      ({ Status }) => (Status === undefined ? absent : compare({ Status: "Enabled" }, { Status })),
      () =>
        client.send(
          new PutBucketVersioningCommand({
            Bucket,
            VersioningConfiguration: { Status: "Enabled" },
          }),
        ),
    ),
    setting(
      "bucket's lifecycle",
      ["NoSuchLifecycleConfiguration"],
      () => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      ({ Rules: is }) => compare({ Rules }, { Rules: is?.map(withoutEmpty) }),
      () =>
        client.send(
          new PutBucketLifecycleConfigurationCommand({
            Bucket,
            LifecycleConfiguration: { Rules: [...Rules] },
          }),
        ),
    ),
    policyResource(client, bucket),
    setting(
      "bucket's tags",
      ["NoSuchTagSet"],
      () => client.send(new GetBucketTaggingCommand({ Bucket })),
      ({ TagSet = [] }) =>
        compare(tags, Object.fromEntries(TagSet.map(({ Key = "", Value }) => [Key, Value]))),
      () =>
        client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tagList(tags) } })),
    ),
  ];
}

/** The policy that refuses whoever comes without TLS; there is none where S3 is played without TLS. */
function policyResource(client: S3Client, { name: Bucket, policy }: StackBucket): StackResource {
  return {
    kind: "bucket policy",
    name: Bucket,
    async look() {
      let protocol: string | undefined;
      const command = new GetBucketPolicyCommand({ Bucket });
      command.middlewareStack.add(
        (next) => (args) => {
          protocol = (args.request as { readonly protocol?: string }).protocol;
          return next(args);
        },
        { step: "finalizeRequest", name: "protocol" },
      );
      const codes = [...noBucket, "NoSuchBucketPolicy"];
      const answer = await find(`look at the policy of ${Bucket}`, codes, () =>
        client.send(command),
      );
      if (answer !== undefined) return compare({ policy }, { policy: parseJson(answer.Policy) });
      if (protocol !== "http:") return absent;
      return { ...same, unseen: "this S3 is reached without TLS, which the policy would refuse" };
    },
    async create() {
      await call(`set the policy of ${Bucket}`, () =>
        client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) })),
      );
    },
  };
}

/** Without what is not set. */
function withoutEmpty(rule: object): object {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined));
}
