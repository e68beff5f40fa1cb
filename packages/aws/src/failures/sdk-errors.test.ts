import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { EC2ServiceException } from "@aws-sdk/client-ec2";
import { NoSuchKey } from "@aws-sdk/client-s3";
import { QueueDoesNotExist } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { readAwsError } from "./aws-error.ts";

const common = {
  message: "no",
  $metadata: { httpStatusCode: 400, requestId: "r-1" },
};

it.each([
  ["ConditionalCheckFailedException", new ConditionalCheckFailedException(common)],
  ["NoSuchKey", new NoSuchKey(common)],
  ["QueueDoesNotExist", new QueueDoesNotExist(common)],
  [
    "VcpuLimitExceeded",
    new EC2ServiceException({ ...common, name: "VcpuLimitExceeded", $fault: "client" }),
  ],
])("reads the code %s of the SDK's own error", (code, error) => {
  expect(readAwsError(error)).toMatchObject({ code, status: 400, requestId: "r-1" });
});
