import { UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateLaunchTemplateVersionCommand,
  ModifyLaunchTemplateCommand,
} from "@aws-sdk/client-ec2";
import { PutRuleCommand } from "@aws-sdk/client-eventbridge";
import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { PutBucketVersioningCommand, PutPublicAccessBlockCommand } from "@aws-sdk/client-s3";
import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Stack } from "@runs-fleet/aws/stack";
import { applyStack, deleteStack, planStack, type StackClients } from "@runs-fleet/aws/stack/apply";
import { describe, expect, it, vi } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import { openStackStage } from "./stage.ts";

// Some hundred calls each, of emulators that others use as well.
vi.setConfig({ testTimeout: 120_000 });

/** Something that somebody changes by hand, and what a look calls it then. */
interface Change {
  readonly kind: string;
  readonly name: string;
  readonly what: string;
  make(): Promise<unknown>;
}

function changesOf(
  { dynamodb, ec2, eventbridge, iam, s3, sqs }: StackClients,
  { names, bucket, policies }: Stack,
  demandUrl: string,
  securityGroupId: string,
): readonly Change[] {
  const open = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  };
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
  };
  const policy = policies.find(({ name }) => name === names.machine);
  return [
    {
      kind: "time to live",
      name: `${names.tablePrefix}jobs`,
      what: "AttributeName",
      make: async () => {
        const TableName = `${names.tablePrefix}jobs`;
        for (const [AttributeName, Enabled] of [
          ["ttlSeconds", false],
          ["other", true],
        ] as const) {
          const TimeToLiveSpecification = { AttributeName, Enabled };
          await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
        }
      },
    },
    {
      kind: "queue",
      name: names.queues.demand,
      what: "MessageRetentionPeriod",
      make: () =>
        sqs.send(
          new SetQueueAttributesCommand({
            QueueUrl: demandUrl,
            Attributes: { MessageRetentionPeriod: "60" },
          }),
        ),
    },
    {
      kind: "bucket's versions",
      name: bucket.name,
      what: "Status",
      make: () =>
        s3.send(
          new PutBucketVersioningCommand({
            Bucket: bucket.name,
            VersioningConfiguration: { Status: "Suspended" },
          }),
        ),
    },
    {
      kind: "bucket's public access block",
      name: bucket.name,
      what: "BlockPublicPolicy",
      make: () =>
        s3.send(
          new PutPublicAccessBlockCommand({
            Bucket: bucket.name,
            PublicAccessBlockConfiguration: {
              BlockPublicAcls: true,
              IgnorePublicAcls: true,
              RestrictPublicBuckets: true,
              BlockPublicPolicy: false,
            },
          }),
        ),
    },
    {
      kind: "policy",
      name: names.machine,
      what: "document",
      make: () =>
        iam.send(
          new CreatePolicyVersionCommand({
            PolicyArn: policy?.arn,
            PolicyDocument: JSON.stringify(open),
            SetAsDefault: true,
          }),
        ),
    },
    {
      kind: "role",
      name: names.machine,
      what: "trust",
      make: () =>
        iam.send(
          new UpdateAssumeRolePolicyCommand({
            RoleName: names.machine,
            PolicyDocument: JSON.stringify(trust),
          }),
        ),
    },
    {
      kind: "role's policies",
      name: names.machine,
      what: "policies",
      make: () =>
        iam.send(
          new AttachRolePolicyCommand({
            RoleName: names.machine,
            PolicyArn: policies.find(({ name }) => name === names.orchestrator)?.arn,
          }),
        ),
    },
    {
      kind: "security group",
      name: names.machine,
      what: "waysIn",
      make: () =>
        ec2.send(
          new AuthorizeSecurityGroupIngressCommand({
            GroupId: securityGroupId,
            IpPermissions: [
              { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
            ],
          }),
        ),
    },
    {
      kind: "launch template",
      name: `${names.prefix}linux-arm64`,
      what: "ImageId",
      make: async () => {
        const LaunchTemplateName = `${names.prefix}linux-arm64`;
        await ec2.send(
          new CreateLaunchTemplateVersionCommand({
            LaunchTemplateName,
            LaunchTemplateData: { ImageId: "ami-99999999" },
          }),
        );
        await ec2.send(
          new ModifyLaunchTemplateCommand({ LaunchTemplateName, DefaultVersion: "2" }),
        );
      },
    },
    {
      kind: "rule",
      name: `${names.prefix}rebalance`,
      what: "State",
      make: () =>
        eventbridge.send(
          new PutRuleCommand({
            Name: `${names.prefix}rebalance`,
            EventPattern: JSON.stringify({ source: ["aws.ec2"] }),
            State: "DISABLED",
          }),
        ),
    },
  ];
}

describe("what somebody has changed by hand", () => {
  it("is told of as what it is, and nothing is made or changed until it is settled", async () => {
    await using aws = await openAws();
    const stage = await openStackStage(aws);
    const { clients } = stage;
    const stack = stage.stack();
    const { outputs } = await applyStack(clients, stack);
    const { queueUrls, securityGroupId = "" } = outputs;
    const changes = changesOf(clients, stack, queueUrls.demand ?? "", securityGroupId);
    const keyOf = ({ kind, name }: { readonly kind: string; readonly name: string }) =>
      `${kind} ${name}`;
    const [first, ...others] = changes;
    await first?.make();
    const alone = (await planStack(clients, stack)).filter(({ state }) => state !== "present");
    expect(alone.map(keyOf)).toEqual(first === undefined ? [] : [keyOf(first)]);
    for (const { make } of others) await make();
    const steps = (await planStack(clients, stack)).filter(({ state }) => state !== "present");
    const known = changes.map(keyOf);
    expect(steps.map(keyOf).sort()).toEqual([...known].sort());
    for (const change of changes) {
      const step = steps.find((one) => keyOf(one) === keyOf(change));
      expect(step?.state, keyOf(change)).toBe("different");
      expect(step?.differences.map(({ what }) => what)).toContain(change.what);
    }
    const meter = aws.calls.meter();
    await expect(applyStack(clients, stack)).rejects.toMatchObject({
      kind: "config",
      details: { code: "stack-differs", different: expect.arrayContaining(known) },
    });
    const writes = meter
      .records()
      .filter(({ action }) => !/^(?:Get|Head|List|Describe)/u.test(action));
    expect(writes).toEqual([]);
    // Whatever was changed, it can be removed.
    await deleteStack(clients, stack);
    expect((await planStack(clients, stack)).filter(({ state }) => state === "different")).toEqual(
      [],
    );
  });
});
