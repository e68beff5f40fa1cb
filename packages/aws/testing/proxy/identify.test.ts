import { describe, expect, it } from "vitest";
import { identify } from "./identify.ts";

const scope = (service: string) => `AKIA1/20261128/eu-west-1/${service}/aws4_request`;
const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${scope(service)}, SignedHeaders=host, Signature=0`,
});
const nothing = Buffer.alloc(0);

describe("identify", () => {
  it("takes the action from the target, and who and where from the signature", () => {
    const headers = {
      ...signed("dynamodb"),
      "x-amz-target": "DynamoDB_20120810.PutItem",
      "amz-sdk-request": "attempt=2; max=3",
    };
    expect(identify({ method: "POST", url: "/", headers, body: nothing })).toEqual({
      service: "dynamodb",
      region: "eu-west-1",
      accessKey: "AKIA1",
      action: "PutItem",
      attempt: 2,
    });
  });

  it("takes the action from a form", () => {
    const headers = { ...signed("ec2"), "content-type": "application/x-www-form-urlencoded" };
    const body = Buffer.from("Action=StopInstances&Version=2016-11-15");
    const identity = identify({ method: "POST", url: "/", headers, body });
    expect(identity).toMatchObject({ service: "ec2", action: "StopInstances", attempt: 1 });
  });

  it("reads a URL that was signed before", () => {
    const url = `/bucket/key?X-Amz-Credential=${encodeURIComponent(scope("s3"))}&X-Amz-Signature=0`;
    const identity = identify({ method: "GET", url, headers: {}, body: nothing });
    expect(identity).toMatchObject({ service: "s3", accessKey: "AKIA1", action: "GetObject" });
  });

  it("knows nobody without a signature", () => {
    expect(identify({ method: "GET", url: "/", headers: {}, body: nothing })).toBeUndefined();
  });

  it.each([
    ["GET", "/", "ListBuckets"],
    ["PUT", "/bucket", "CreateBucket"],
    ["HEAD", "/bucket/", "HeadBucket"],
    ["GET", "/bucket?list-type=2&prefix=a", "ListObjectsV2"],
    ["GET", "/bucket", "ListObjects"],
    ["POST", "/bucket?delete", "DeleteObjects"],
    ["PUT", "/bucket?versioning", "PutBucketVersioning"],
    ["PUT", "/bucket/a/b", "PutObject"],
    ["HEAD", "/bucket/a%20b", "HeadObject"],
    ["DELETE", "/bucket/a", "DeleteObject"],
    ["POST", "/bucket/a?uploads", "CreateMultipartUpload"],
    ["PUT", "/bucket/a?partNumber=1&uploadId=u", "UploadPart"],
    ["POST", "/bucket/a?uploadId=u", "CompleteMultipartUpload"],
    ["DELETE", "/bucket/a?uploadId=u", "AbortMultipartUpload"],
  ])("reads %s %s as S3's %s", (method, url, action) => {
    expect(identify({ method, url, headers: signed("s3"), body: nothing })?.action).toBe(action);
  });
});
