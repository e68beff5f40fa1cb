import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { createDynamodbStore } from "@runs-fleet/aws/dynamodb";
import { createEc2Clients, createEc2MachineProvider } from "@runs-fleet/aws/ec2";
import { createS3Objects } from "@runs-fleet/aws/s3";
import { createMachineSenders, createSqsQueue } from "@runs-fleet/aws/sqs";
import { applyStack, type StackOutputs } from "@runs-fleet/aws/stack/apply";
import type { Json } from "@runs-fleet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { attemptFor } from "../ec2/attempts.ts";
import { readMotoTypes } from "../ec2/moto-stage.ts";
import { openStackStage, type StackStage } from "./stage.ts";

let aws: TestAws;
let stage: StackStage;
let outputs: StackOutputs;
beforeAll(async () => {
  aws = await openAws();
  stage = await openStackStage(aws);
  ({ outputs } = await applyStack(stage.clients, stage.stack()));
});
afterAll(() => aws.close());

const parse = (body: unknown) => body as Json;
const now = { max: 10, waitMs: 0, visibilityMs: 60_000 };

describe("on a stack that was applied", () => {
  it("the store has leases, deliveries and shards", async () => {
    const { tablePrefix } = outputs;
    const store = createDynamodbStore({
      client: stage.clients.dynamodb,
      tablePrefix,
      owner: "one",
      assignmentKeyPrefix: stage.stack().names.instanceArnPrefix,
    });
    const lease = await store.leases.acquire("ci/us-east-1", "one", 15_000);
    expect(lease?.epoch).toBe(1);
    expect(await store.deliveries.seen("d-1")).toBe(false);
    await store.deliveries.mark("d-1");
    expect(await store.deliveries.seen("d-1")).toBe(true);
    for await (const record of store.load("ci/us-east-1")) expect(record).toBe(undefined);
  });

  it("jobs go through their queue, and what is poison lands behind it", async () => {
    const client = stage.clients.sqs;
    const queue = createSqsQueue({ client, queueUrl: outputs.queueUrls.demand ?? "", parse });
    await queue.send([{ body: { job: 1 } }]);
    const [delivery] = await queue.receive(now);
    expect(delivery?.body).toEqual({ job: 1 });
    if (delivery === undefined) throw new Error("nothing was received");
    await queue.deadLetter(delivery, { code: "deadline-exceeded", message: "cannot be done" });
    const dead = outputs.queueUrls.demand?.replace("-demand", "-demand-dead") ?? "";
    const [letter] = await createSqsQueue({ client, queueUrl: dead, parse }).receive(now);
    expect(letter?.body).toEqual({ job: 1 });
  });

  it("a machine's report is known to be its own", async () => {
    const { SQSClient } = await import("@aws-sdk/client-sqs");
    const { machineRoleId = "" } = outputs;
    const credentials = aws.machine("i-0aaaaaaaaaaaaaaaa", machineRoleId);
    const client = new SQSClient(aws.clientOptions({ credentials }));
    const queueUrl = outputs.queueUrls.reports ?? "";
    await createSqsQueue({ client, queueUrl, parse }).send([{ body: "ready" }]);
    const reports = createSqsQueue({
      client: stage.clients.sqs,
      queueUrl,
      parse,
      senderOf: createMachineSenders({ roleIds: [machineRoleId] }),
    });
    const [report] = await reports.receive(now);
    expect(report?.sender).toBe("i-0aaaaaaaaaaaaaaaa");
  });

  it("objects are kept", async () => {
    const { bucket } = outputs;
    const objects = createS3Objects({ client: stage.clients.s3, bucket });
    await objects.put("configuration/catalog.json", "{}");
    const read = await objects.get("configuration/catalog.json", { maxBytes: 10 });
    expect(Buffer.from(read?.body ?? []).toString()).toBe("{}");
  });

  it("machines are bought from its launch templates", async () => {
    await using clients = createEc2Clients(aws.clientOptions());
    const { client, launchClient } = clients;
    const provider = createEc2MachineProvider({
      client,
      launchClient,
      region: aws.region,
      launchTemplates: outputs.launchTemplates,
      subnetIds: stage.subnetIds,
      instanceTypes: await readMotoTypes(aws),
    });
    const { machines } = await provider.launch(
      attemptFor("stack", { environment: stage.environment, count: 2, markets: ["on-demand"] }),
    );
    expect(machines.length).toBe(2);
    await provider.terminate(machines.map(({ id }) => id));
  });

  it.each([
    ["EC2 Spot Instance Interruption Warning", { "instance-action": "terminate" }, true],
    ["EC2 Instance Rebalance Recommendation", {}, true],
    ["EC2 Instance State-change Notification", { state: "shutting-down" }, true],
    ["EC2 Instance State-change Notification", { state: "pending" }, false],
    ["AWS API Call via CloudTrail", {}, false],
  ])("EC2's %s, %j, comes as a notice: %j", async (type, detail, comes) => {
    const client = new EventBridgeClient(aws.clientOptions());
    const id = `i-${comes}${type.length}`;
    await client.send(
      new PutEventsCommand({
        Entries: [
          {
            Source: "aws.ec2",
            DetailType: type,
            Detail: JSON.stringify({ "instance-id": id, ...detail }),
          },
        ],
      }),
    );
    const queueUrl = outputs.queueUrls.notices ?? "";
    const notices = createSqsQueue({ client: stage.clients.sqs, queueUrl, parse });
    const received = await notices.receive(now);
    expect(received.map(({ body }) => body)).toEqual(
      comes
        ? [
            expect.objectContaining({
              source: "aws.ec2",
              "detail-type": type,
              detail: expect.objectContaining({ "instance-id": id }),
            }),
          ]
        : [],
    );
    await notices.acknowledge(received);
  });
});
