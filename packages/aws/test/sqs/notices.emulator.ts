import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { MachineNotice, MessageQueue } from "@runs-fleet/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createSqsQueue,
  ec2NoticeTypes,
  parseEc2Notice,
  type SqsPoison,
} from "../../src/sqs/index.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { openQueue, type QueueStage } from "./stage.ts";

let aws: TestAws;
let events: EventBridgeClient;
beforeAll(async () => {
  aws = await openAws();
  events = new EventBridgeClient(aws.clientOptions());
});
afterAll(async () => {
  events.destroy();
  await aws.close();
});

const machineId = "i-0a1b2c3d4e5f60718";

/** A rule of EventBridge whose target is the queue, as the stack makes them. */
async function connect({ client, queueUrl }: QueueStage): Promise<void> {
  const rule = aws.name("notices");
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }),
  );
  const EventPattern = JSON.stringify({ source: ["aws.ec2"], "detail-type": ec2NoticeTypes });
  await events.send(new PutRuleCommand({ Name: rule, EventPattern, State: "ENABLED" }));
  const Targets = [{ Id: "queue", Arn: Attributes?.QueueArn ?? "" }];
  const { FailedEntryCount } = await events.send(new PutTargetsCommand({ Rule: rule, Targets }));
  expect(FailedEntryCount ?? 0).toBe(0);
}

/** AWS refuses events in its own name; moto takes them, which is what plays EC2 here. */
async function happen(type: string, detail: object): Promise<void> {
  const entry = { Source: "aws.ec2", DetailType: type, Detail: JSON.stringify(detail) };
  const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  expect(FailedEntryCount ?? 0).toBe(0);
}

describe("what EventBridge tells of EC2's machines", () => {
  let stage: QueueStage;
  let notices: MessageQueue<MachineNotice>;
  const poison: SqsPoison[] = [];

  beforeEach(async () => {
    stage = await openQueue(aws);
    poison.length = 0;
    await connect(stage);
    notices = createSqsQueue({
      client: stage.client,
      queueUrl: stage.queueUrl,
      parse: (body) => parseEc2Notice(body, { region: aws.region }),
      onPoison: (one) => poison.push(one),
    });
  });

  const receive = async (): Promise<readonly MachineNotice[]> => {
    const deliveries = await notices.receive({ max: 10, waitMs: 0, visibilityMs: 30_000 });
    await notices.acknowledge(deliveries);
    return deliveries.map(({ body }) => body);
  };

  it("comes through a rule and a queue as notices, and is acknowledged", async () => {
    const [warning = "", rebalance = "", state = ""] = ec2NoticeTypes;
    const sentMs = Math.floor(Date.now() / 1_000) * 1_000;
    await happen(warning, { "instance-id": machineId, "instance-action": "terminate" });
    await happen(rebalance, { "instance-id": machineId });
    await happen(state, { "instance-id": machineId, state: "terminated" });
    await happen(state, { "instance-id": machineId, state: "running" });
    const got = await receive();
    expect(got.map(({ kind }) => kind).sort()).toEqual([
      "ended",
      "interruption",
      "other",
      "rebalance",
    ]);
    for (const notice of got) {
      expect(notice.machineId).toBe(machineId);
      expect(notice.atMs).toBeGreaterThanOrEqual(sentMs);
      if (notice.kind === "interruption") expect(notice.endsAtMs - notice.atMs).toBe(120_000);
    }
    expect(await stage.count()).toBe(0);
    expect(poison).toEqual([]);
  });

  it("of another kind does not pass the rule", async () => {
    await happen("EC2 Fleet Instance Change", { "instance-id": machineId });
    expect(await receive()).toEqual([]);
    expect(await stage.count()).toBe(0);
  });

  it("of another region, or in no form that we know, is put aside", async () => {
    const [warning = ""] = ec2NoticeTypes;
    await happen(warning, { "instance-id": "somebody" });
    const elsewhere = createSqsQueue<MachineNotice>({
      client: stage.client,
      queueUrl: stage.queueUrl,
      parse: (body) => parseEc2Notice(body, { region: "ap-south-2" }),
      onPoison: (one) => poison.push(one),
    });
    await happen(warning, { "instance-id": machineId, "instance-action": "terminate" });
    expect(await elsewhere.receive({ max: 10, waitMs: 0, visibilityMs: 30_000 })).toEqual([]);
    expect(poison).toHaveLength(2);
    expect(await stage.count()).toBe(0);
    expect(await stage.count(stage.deadLetterUrl)).toBe(2);
  });
});
