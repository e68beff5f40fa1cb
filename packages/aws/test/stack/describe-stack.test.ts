import { ec2TagKeys } from "@runs-fleet/aws/ec2";
import { ec2NoticeTypes } from "@runs-fleet/aws/sqs";
import { describeStack, type StackOptions } from "@runs-fleet/aws/stack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const place = { region: "ap-southeast-2", accountId: "123456789012", vpcId: "vpc-0a1b" };
const images = { "linux-arm64": { imageId: "ami-0a1b" } };
const stackOf = (options: Partial<StackOptions> = {}) =>
  describeStack({ environment: "ci", ...place, images, intake: true, ...options });

const environments = fc
  .stringMatching(/^[a-z](?:[a-z0-9-]{0,22}[a-z0-9])?$/u)
  .filter((name) => name.length <= 24);

describe("a stack", () => {
  it("has names that every service takes, whatever its environment is called", () => {
    fc.assert(
      fc.property(environments, (environment) => {
        const { bucket, queues, tables, roles, policies, rules, launchTemplates } = stackOf({
          environment,
          fifo: ["demand", "reports"],
        });
        expect(bucket.name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/u);
        for (const { name } of queues) expect(name).toMatch(/^[\w-]{1,75}(?:\.fifo)?$/u);
        for (const { name } of tables) expect(name).toMatch(/^[\w.-]{3,255}$/u);
        for (const { name } of [...roles, ...rules]) expect(name).toMatch(/^[\w+=,.@-]{1,64}$/u);
        for (const { name } of policies) expect(name).toMatch(/^[\w+=,.@-]{1,128}$/u);
        for (const { name } of launchTemplates) expect(name).toMatch(/^[\w()./-]{3,128}$/u);
      }),
    );
  });

  it("has nothing that another environment has as well", () => {
    const namesOf = (environment: string) => {
      const stack = stackOf({ environment });
      const { tables, queues, roles, policies, rules, launchTemplates, bucket } = stack;
      const all = [...tables, ...queues, ...roles, ...policies, ...rules, ...launchTemplates];
      return new Set([...all.map(({ name }) => name), bucket.name]);
    };
    fc.assert(
      fc.property(environments, environments, (one, two) => {
        fc.pre(one !== two);
        const names = namesOf(one);
        expect([...namesOf(two)].filter((name) => names.has(name))).toEqual([]);
      }),
    );
  });

  it("puts aside what cannot be done after a controller has, and keeps it as long as SQS does", () => {
    const { queues } = stackOf();
    for (const queue of queues.filter(({ redrive }) => redrive !== undefined)) {
      const dead = queues.find(({ arn }) => arn === queue.redrive?.deadLetterArn);
      expect(queue.redrive?.maxReceives).toBeGreaterThan(50);
      expect(dead).toMatchObject({ sourceArn: queue.arn, isFifo: queue.isFifo });
      // A dead letter's age counts from when it was sent first.
      expect(dead?.retentionSeconds).toBe(1_209_600);
      expect(dead?.retentionSeconds).toBeGreaterThan(queue.retentionSeconds);
    }
    expect(queues.map(({ redrive }) => redrive !== undefined)).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  it("keeps no backups of assignments, which hold credentials, and of everything else", () => {
    const without = stackOf().tables.filter(({ pointInTimeRecovery }) => !pointInTimeRecovery);
    expect(without.map(({ kind }) => kind)).toEqual(["assignments"]);
  });

  it("lets the rules send to the queue of notices, and to no other", () => {
    const { queues, rules, names } = stackOf();
    expect(queues.filter(({ policy }) => policy !== undefined).map(({ name }) => name)).toEqual([
      names.queues.notices,
    ]);
    const [notices] = queues.filter(({ policy }) => policy !== undefined);
    expect(notices?.policy?.Statement).toEqual([
      expect.objectContaining({
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: notices?.arn,
        Condition: { ArnEquals: { "aws:SourceArn": rules.map(({ arn }) => arn) } },
      }),
    ]);
    for (const rule of rules) expect(rule.queueArn).toBe(notices?.arn);
  });

  it("sends what can be read as a notice, and all of it", () => {
    const types = stackOf().rules.flatMap(({ pattern }) => pattern["detail-type"]);
    expect([...types].sort()).toEqual([...ec2NoticeTypes].sort());
  });

  it("tags everything with its environment, whatever other tags there are", () => {
    expect(stackOf({ tags: { team: "ci" } }).tags).toEqual({
      team: "ci",
      [ec2TagKeys.environment]: "ci",
    });
  });

  it("says who EC2 is in China", () => {
    const { roles, policies } = stackOf({ region: "cn-north-1" });
    expect(JSON.stringify(roles)).toContain('"ec2.amazonaws.com.cn"');
    expect(JSON.stringify(policies)).not.toContain("arn:aws:");
  });

  it.each<[Partial<StackOptions>, string]>([
    [{ environment: "" }, "environment must be"],
    [{ environment: "a".repeat(25) }, "environment must be"],
    [{ environment: "CI" }, "environment must be"],
    [{ environment: "ci-" }, "environment must be"],
    [{ region: "europe" }, "region must be"],
    [{ accountId: "1" }, "accountId must be 12 digits"],
    [{ accountId: undefined as never }, "must be given both"],
    [{ vpcId: "default" }, "vpcId must be"],
    [{ images: {} }, "images must have"],
    [{ images: { mac: {} } as never }, "images may have linux-arm64"],
    [{ images: { "linux-x64": { imageId: "ubuntu" } } }, "images.linux-x64: must be"],
    [
      {
        images: {
          "linux-x64": { imageId: "ami-1", rootVolume: { deviceName: "sda", sizeGib: 8 } },
        },
      },
      "images.linux-x64.rootVolume.deviceName",
    ],
    [{ securityGroupIds: ["default"] }, "securityGroupIds must be"],
    [{ fifo: ["notices"] }, "notices must be standard"],
    [{ fifo: ["other"] as never }, "fifo may have"],
    [{ hosts: [] }, "hosts must name"],
    [{ hosts: ["laptop"] as never }, "hosts may have"],
    [{ logDays: 0 }, "logDays must be"],
    [{ logDays: 1.5 }, "logDays must be"],
    [{ tags: { "aws:x": "y" } }, "tags: "],
    [{ tags: { [ec2TagKeys.environment]: "prod" } }, "is runs-fleet's own"],
    [{ tags: { team: "a;b" } }, "IAM does not take"],
  ])("refuses %j at once", (options, words) => {
    expect(() => stackOf(options)).toThrow(words);
  });
});
