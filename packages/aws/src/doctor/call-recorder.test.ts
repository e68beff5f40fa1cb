import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { systemClock } from "@runs-fleet/core";
import { expect, it } from "vitest";
import { createCallRecorder, isAwsHost } from "./call-recorder.ts";

it.each([
  ["sts.eu-west-1.amazonaws.com", true],
  ["runs-fleet-ci-1.s3.eu-west-1.amazonaws.com", true],
  ["sqs.cn-north-1.amazonaws.com.cn", true],
  ["ec2.eu-west-1.api.aws", true],
  ["127.0.0.1", false],
  ["localhost", false],
  ["amazonaws.com.example.org", false],
  ["notamazonaws.com", false],
])("takes %s for AWS: %s", (host, isAws) => {
  expect(isAwsHost(host)).toBe(isAws);
});

it("knows the call of an error, below errors that were made of it, and that nothing has been AWS", async () => {
  const recorder = createCallRecorder(systemClock);
  const client = new STSClient({
    region: "eu-west-1",
    endpoint: "http://127.0.0.1:9",
    maxAttempts: 1,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  recorder.watch("sts", client);
  expect(recorder.place()).toBe("nowhere");
  const error: unknown = await client.send(new GetCallerIdentityCommand({})).catch((own) => own);
  const call = { service: "sts", operation: "GetCallerIdentity" };
  expect(recorder.callOf(error)).toEqual(call);
  expect(recorder.callOf(new Error("outer", { cause: error }))).toEqual(call);
  expect(recorder.callOf(new Error("another"))).toBeUndefined();
  expect(recorder.sent).toBe(1);
  expect(recorder.answers).toEqual([]);
  expect(recorder.place()).toBe("emulator");
  client.destroy();
});
