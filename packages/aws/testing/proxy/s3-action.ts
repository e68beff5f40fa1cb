import type { IncomingHttpHeaders } from "node:http";

/** Sub-resources that make an operation of their own, by the method. */
const ofSubresource: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  uploads: { POST: "CreateMultipartUpload", GET: "ListMultipartUploads" },
  uploadId: {
    PUT: "UploadPart",
    POST: "CompleteMultipartUpload",
    DELETE: "AbortMultipartUpload",
    GET: "ListParts",
  },
  delete: { POST: "DeleteObjects" },
  versioning: { PUT: "PutBucketVersioning", GET: "GetBucketVersioning" },
  versions: { GET: "ListObjectVersions" },
  lifecycle: {
    PUT: "PutBucketLifecycleConfiguration",
    GET: "GetBucketLifecycleConfiguration",
    DELETE: "DeleteBucketLifecycle",
  },
  policy: { PUT: "PutBucketPolicy", GET: "GetBucketPolicy", DELETE: "DeleteBucketPolicy" },
  publicAccessBlock: { PUT: "PutPublicAccessBlock", GET: "GetPublicAccessBlock" },
  ownershipControls: { PUT: "PutBucketOwnershipControls", GET: "GetBucketOwnershipControls" },
  encryption: { PUT: "PutBucketEncryption", GET: "GetBucketEncryption" },
  tagging: { PUT: "PutTagging", GET: "GetTagging", DELETE: "DeleteTagging" },
  location: { GET: "GetBucketLocation" },
};

const ofObject: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "HeadObject",
  PUT: "PutObject",
  DELETE: "DeleteObject",
};

const ofBucket: Readonly<Record<string, string>> = {
  HEAD: "HeadBucket",
  PUT: "CreateBucket",
  DELETE: "DeleteBucket",
};

/** What a call of S3 means, for path-style URLs: S3 has no action by name. */
export function s3ActionOf(method: string, url: URL, headers: IncomingHttpHeaders): string {
  for (const [name, actions] of Object.entries(ofSubresource)) {
    if (url.searchParams.has(name)) return actions[method] ?? `${method} ?${name}`;
  }
  const [, bucket = "", ...key] = url.pathname.split("/");
  if (bucket === "") return method === "GET" ? "ListBuckets" : method;
  if (key.join("/") !== "") {
    if (method === "PUT" && headers["x-amz-copy-source"] !== undefined) return "CopyObject";
    return ofObject[method] ?? method;
  }
  if (method !== "GET") return ofBucket[method] ?? method;
  return url.searchParams.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects";
}
