import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { systemClock } from "@runs-fleet/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createDynamodbAssignments,
  createMachineClients,
  createMachineMetadata,
  createS3LogShipper,
  createSqsAgentEvents,
  type MachineClients,
} from "../../src/agent/index.ts";
import { createS3Objects } from "../../src/s3/index.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { type MachineStage, openMachine } from "./stage.ts";

let aws: TestAws;
let stage: MachineStage;
let clients: MachineClients;

beforeAll(async () => {
  aws = await openAws();
});

afterAll(() => aws[Symbol.asyncDispose]());

beforeEach(async () => {
  stage = await openMachine(aws);
  vi.stubEnv("AWS_ENDPOINT_URL", aws.url);
  // What a job could leave behind for the next look of the SDK.
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAOFSOMEBODYELSE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "planted");
  const metadata = createMachineMetadata({ endpoint: stage.metadataUrl });
  clients = createMachineClients({ region: aws.region, metadata });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  aws.faults.clear();
  await clients[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

const keysOf = (service: string, since: ReturnType<TestAws["calls"]["meter"]>) =>
  since.records({ service }).map(({ accessKey }) => accessKey);

describe("the clients of a machine", () => {
  it("act with the credentials of its profile, whatever the environment says", async () => {
    const meter = aws.calls.meter();
    const { names, machineId } = stage;
    await createDynamodbAssignments({ client: clients.dynamodb, ...names }).read(machineId);
    const event = { id: "e", machineId, atMs: 1, sequence: 1, kind: "ready" } as const;
    // The URL by convention: where SQS is, the region and the endpoint say.
    const queueUrl = names.reportsQueueUrl;
    await createSqsAgentEvents({ client: clients.sqs, queueUrl }).send(event);
    const objects = createS3Objects({ client: clients.s3, bucket: names.bucket });
    await objects.put(`${names.logKey}/x`, "x");
    expect(meter.records().map(({ service, accessKey }) => [service, accessKey])).toEqual(
      ["dynamodb", "sqs", "s3"].map((service) => [service, stage.credentials.accessKeyId]),
    );
    const [delivery] = await stage.reports.receive({ max: 1, waitMs: 1_000, visibilityMs: 1_000 });
    expect(delivery?.sender).toBe(machineId);
  });

  it("ask for credentials once, and again before they end", async () => {
    const reads = () =>
      stage.metadata.requests().filter(({ path }) => path.endsWith("/runs-fleet-machine")).length;
    const command = new GetItemCommand({
      TableName: `${stage.names.tablePrefix}assignments`,
      Key: { id: { S: "any" } },
    });
    for (let calls = 0; calls < 5; calls += 1) await clients.dynamodb.send(command);
    expect(reads()).toBe(1);
    // Of those that end in a minute, the next call asks for the ones that follow.
    const meter = aws.calls.meter();
    const short = aws.machine(stage.machineId);
    const role = "runs-fleet-machine";
    const metadata = createMachineMetadata({ endpoint: stage.metadataUrl });
    stage.metadata.setCredentials({ role, ...short, expiresAtMs: systemClock.now() + 60_000 });
    await using fresh = createMachineClients({ region: aws.region, metadata });
    await fresh.dynamodb.send(command);
    const next = aws.machine(stage.machineId);
    stage.metadata.setCredentials({ role, ...next });
    await fresh.dynamodb.send(command);
    await fresh.dynamodb.send(command);
    expect(keysOf("dynamodb", meter)).toEqual([
      short.accessKeyId,
      next.accessKeyId,
      next.accessKeyId,
    ]);
  });

  it("say what is wrong with a machine that has no profile, or cannot reach its metadata", async () => {
    const { read } = createDynamodbAssignments({ client: clients.dynamodb, ...stage.names });
    stage.metadata.setCredentials(undefined);
    await expect(read(stage.machineId)).rejects.toMatchObject({
      kind: "config",
      message: "This instance has no profile: its launch template must name one",
    });
    stage.metadata.setTrouble({ kind: "status", status: 503 });
    await expect(read(stage.machineId)).rejects.toMatchObject({ kind: "unavailable" });
    stage.metadata.setTrouble(undefined);
    stage.metadata.setCredentials({ role: "runs-fleet-machine", ...stage.credentials });
    expect(await read(stage.machineId)).toBeUndefined();
  });
});

describe("the log of a machine in S3", () => {
  const textOf = async (): Promise<readonly string[]> => {
    const parts: string[] = [];
    for await (const { key } of stage.objects.list(`${stage.names.logKey}/`)) {
      const part = await stage.objects.get(key, { maxBytes: 1_000_000 });
      parts.push(Buffer.from(part?.body ?? "").toString("utf8"));
    }
    return parts;
  };
  const shipperOf = () =>
    createS3LogShipper({
      objects: createS3Objects({ client: clients.s3, bucket: stage.names.bucket }),
      key: stage.names.logKey,
      collectMs: 10,
    });

  it("goes on behind the parts of earlier boots, with the leave to put and no other", async () => {
    aws.faults.inject({
      service: "s3",
      action: ["GetObject", "HeadObject", "ListObjectsV2"],
      fault: { kind: "error", side: "before", code: "AccessDenied" },
      where: ({ accessKey }) => accessKey === stage.credentials.accessKeyId,
      times: Number.POSITIVE_INFINITY,
    });
    for (const line of ["first boot", "second boot", "third boot"]) {
      await using shipper = shipperOf();
      shipper.write(line);
      expect(await shipper.flush(10_000)).toBe(true);
    }
    expect(await textOf()).toEqual(["first boot\n", "second boot\n", "third boot\n"]);
  });

  it.each(["allowed", "denied"])(
    "loses no line by an answer that is lost, when looking is %s",
    async (look) => {
      const own = ({ accessKey }: { readonly accessKey: string }): boolean =>
        accessKey === stage.credentials.accessKeyId;
      aws.faults.inject({
        service: "s3",
        action: "PutObject",
        fault: { kind: "reset", side: "after" },
        where: own,
      });
      if (look === "denied") {
        aws.faults.inject({
          service: "s3",
          action: "HeadObject",
          fault: { kind: "error", side: "before", code: "AccessDenied" },
          where: own,
          times: Number.POSITIVE_INFINITY,
        });
      }
      await using shipper = shipperOf();
      shipper.write("only line");
      expect(await shipper.flush(10_000)).toBe(true);
      // Who may not look cannot know that it is there already, and says it again.
      const again = look === "denied" ? ["only line\n"] : [];
      expect(await textOf()).toEqual(["only line\n", ...again]);
    },
  );
});
