import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";

/** An emulator that takes its time, and counts how many calls it has at once. */
const emulator = createServer((incoming, response) => {
  incoming.resume().once("end", async () => {
    atOnce += 1;
    served += 1;
    most = Math.max(most, atOnce);
    await sleep(10);
    atOnce -= 1;
    response.end("{}");
  });
});
let atOnce = 0;
let most = 0;
let served = 0;
let onMoto: FaultProxy;
let onDynamodbLocal: FaultProxy;

beforeAll(async () => {
  await new Promise<void>((resolve) => emulator.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`;
  const accountId = "123456789012";
  onMoto = await startFaultProxy({ accountId, upstreams: { moto: url } });
  const upstreams = { moto: url, dynamodbLocal: url, fauxqs: url };
  onDynamodbLocal = await startFaultProxy({ accountId, upstreams });
});
afterEach(() => {
  most = 0;
});
afterAll(async () => {
  await Promise.all([onMoto.close(), onDynamodbLocal.close()]);
  emulator.close();
});

/** How many calls the emulator had at once when six clients called. */
async function together(proxy: FaultProxy, service: string, action: string): Promise<number> {
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=a/20261128/us-east-1/${service}/aws4_request`,
    "x-amz-target": `Target.${action}`,
  };
  const body = JSON.stringify({ QueueUrl: "queue", WaitTimeSeconds: 0 });
  const call = async () => (await fetch(proxy.url, { method: "POST", headers, body })).text();
  await Promise.all(Array.from({ length: 6 }, call));
  return most;
}

it.each([
  ["dynamodb", "PutItem"],
  ["dynamodb", "GetItem"],
  ["ec2", "RunInstances"],
  ["ec2", "TerminateInstances"],
  ["sqs", "SendMessage"],
  ["sqs", "ReceiveMessage"],
  ["s3", "PutObject"],
])("lets moto serve one %s %s at a time", async (service, action) => {
  expect(await together(onMoto, service, action)).toBe(1);
});

it.each([
  ["ec2", "DescribeInstances"],
  ["sqs", "GetQueueAttributes"],
])("lets moto serve any number of %s %s", async (service, action) => {
  expect(await together(onMoto, service, action)).toBeGreaterThan(1);
});

it.each([
  ["dynamodb", "PutItem"],
  ["sqs", "ReceiveMessage"],
])("leaves %s %s to emulators that can", async (service, action) => {
  expect(await together(onDynamodbLocal, service, action)).toBeGreaterThan(1);
});

it("does not make the call of a client that gave up before its turn", async () => {
  served = 0;
  const headers = {
    authorization: "AWS4-HMAC-SHA256 Credential=a/20261128/us-east-1/sqs/aws4_request",
    "x-amz-target": "Target.SendMessage",
  };
  const body = JSON.stringify({ QueueUrl: "queue" });
  const call = (patienceMs: number) =>
    fetch(onMoto.url, { method: "POST", headers, body, signal: AbortSignal.timeout(patienceMs) });
  // The emulator takes 10 ms for each: the last of a hundred would be served after a second.
  const hasty = Array.from({ length: 100 }, () => call(100));
  const outcomes = await Promise.allSettled([...hasty, call(5_000)]);
  expect(outcomes.at(-1)?.status).toBe("fulfilled");
  expect(outcomes[99]?.status).toBe("rejected");
  expect(served).toBeLessThan(100);
});
