/** Operations of S3 whose permission has another name. Source: Service authorization reference, S3, read 2026-11-28. */
const s3Actions: Readonly<Record<string, string>> = {
  GetBucketEncryption: "GetEncryptionConfiguration",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  HeadBucket: "ListBucket",
  ListBuckets: "ListAllMyBuckets",
};

/** How policies call services whose clients have another name. */
const prefixes: Readonly<Record<string, string>> = {
  eventbridge: "events",
  "service-quotas": "servicequotas",
};

/**
 * What a policy has to allow for a call.
 *
 * @param service - As the SDK's package is called behind `client-`.
 * @param operation - As the API has it.
 */
export function iamActionOf(service: string, operation: string): string {
  const action = service === "s3" ? (s3Actions[operation] ?? operation) : operation;
  return `${prefixes[service] ?? service}:${action}`;
}
