import { expect, it } from "vitest";
import { iamActionOf } from "./iam-action.ts";

it.each([
  ["dynamodb", "DescribeTable", "dynamodb:DescribeTable"],
  ["ec2", "CreateFleet", "ec2:CreateFleet"],
  ["s3", "HeadBucket", "s3:ListBucket"],
  ["s3", "GetBucketEncryption", "s3:GetEncryptionConfiguration"],
  ["s3", "ListBuckets", "s3:ListAllMyBuckets"],
  ["eventbridge", "DescribeRule", "events:DescribeRule"],
  ["service-quotas", "GetServiceQuota", "servicequotas:GetServiceQuota"],
])("%s %s needs %s", (service, operation, action) => {
  expect(iamActionOf(service, operation)).toBe(action);
});
