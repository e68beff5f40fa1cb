import { applyStack, deleteStack, planStack, type StackStep } from "@runs-fleet/aws/stack/apply";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { openStackStage } from "./stage.ts";

// Some hundred calls each, of emulators that others use as well.
vi.setConfig({ testTimeout: 120_000 });

let aws: TestAws;
beforeAll(async () => {
  aws = await openAws();
});
afterAll(() => aws.close());

const statesOf = (steps: readonly StackStep[]) =>
  steps.map(({ kind, name, state }) => `${kind} ${name}: ${state}`);
const notThere = (steps: readonly StackStep[]) => steps.filter(({ state }) => state !== "present");
const isWrite = ({ action }: { readonly action: string }) =>
  !/^(?:Get|Head|List|Describe)/u.test(action);

describe("a stack", () => {
  it("is absent, is made, is there, is made again without a change, and is gone", async () => {
    const stage = await openStackStage(aws);
    const { clients } = stage;
    const stack = stage.stack({ intake: true, hosts: ["ecs", "ec2"] });
    const before = await planStack(clients, stack);
    // That assignments have no backups is so from the beginning; the others are what emulators do not have.
    const there = before.filter(({ state }) => state !== "absent").map(({ kind }) => kind);
    expect(new Set(there)).toEqual(
      new Set(["no point-in-time recovery", "point-in-time recovery", "bucket policy"]),
    );

    const made: string[] = [];
    const { outputs } = await applyStack(clients, stack, {
      onMade: ({ kind, name }) => made.push(`${kind} ${name}`),
    });
    expect(new Set(made).size).toBe(made.length);
    expect(outputs).toEqual({
      tablePrefix: `runs-fleet-${stage.environment}-`,
      bucket: `runs-fleet-${stage.environment}-${aws.accountId}-us-east-1`,
      queueUrls: {
        demand: expect.stringContaining(`runs-fleet-${stage.environment}-demand`),
        reports: expect.stringContaining(`runs-fleet-${stage.environment}-reports`),
        notices: expect.stringContaining(`runs-fleet-${stage.environment}-notices`),
      },
      machineRoleId: expect.stringMatching(/^AROA\w+$/u),
      launchTemplates: {
        "linux-arm64": expect.stringMatching(/^lt-/u),
        "linux-x64": expect.stringMatching(/^lt-/u),
      },
      securityGroupId: expect.stringMatching(/^sg-/u),
    });
    expect(notThere(await planStack(clients, stack))).toEqual([]);

    const meter = aws.calls.meter();
    const second = await applyStack(clients, stack);
    expect(second.outputs).toEqual(outputs);
    expect(meter.records().filter(isWrite)).toEqual([]);

    await deleteStack(clients, stack);
    expect(statesOf(await planStack(clients, stack))).toEqual(statesOf(before));
    // What is gone is removed again without an error.
    await deleteStack(clients, stack);
  });

  // One call of each step: what stands beside it in the same step is made all the same.
  it.each([
    [["CreateTable", "UpdateTimeToLive", "AttachRolePolicy", "PutBucketVersioning"]],
    [["CreateQueue", "CreateRole", "AddRoleToInstanceProfile", "PutBucketEncryption"]],
    [["CreateBucket", "CreateInstanceProfile", "PutPublicAccessBlock", "CreateLaunchTemplate"]],
    [["CreatePolicy", "PutTargets", "PutBucketLifecycleConfiguration", "PutTagging"]],
    [["CreateSecurityGroup", "PutRule"]],
  ])("goes on where it broke off: %j", async (actions) => {
    const stage = await openStackStage(aws);
    const { clients } = stage;
    const stack = stage.stack();
    for (const action of actions) {
      const fault = { kind: "error", side: "before", code: "AccessDenied", status: 403 } as const;
      const rule = aws.faults.inject({ action, fault });
      await expect(applyStack(clients, stack)).rejects.toMatchObject({ kind: "auth" });
      expect([action, rule.fired]).toEqual([action, 1]);
    }
    await applyStack(clients, stack);
    expect(notThere(await planStack(clients, stack))).toEqual([]);
    await deleteStack(clients, stack);
  });

  it("waits until IAM knows what was made a moment ago", async () => {
    const stage = await openStackStage(aws);
    const { clients } = stage;
    const stack = stage.stack();
    const fault = { kind: "error", side: "before", code: "NoSuchEntity", status: 404 } as const;
    const rules = ["AttachRolePolicy", "AddRoleToInstanceProfile"].map((action) =>
      aws.faults.inject({ action, fault, times: 3 }),
    );
    await applyStack(clients, stack);
    expect(rules.map(({ fired }) => fired)).toEqual([3, 3]);
    expect(notThere(await planStack(clients, stack))).toEqual([]);
    await deleteStack(clients, stack);
  });

  it("is deleted from any point at which it broke off", async () => {
    const stage = await openStackStage(aws);
    const { clients } = stage;
    const stack = stage.stack();
    const before = await planStack(clients, stack);
    for (const action of ["PutTargets", "AddRoleToInstanceProfile"]) {
      const fault = { kind: "error", side: "before", code: "AccessDenied", status: 403 } as const;
      aws.faults.inject({ action, fault });
      await expect(applyStack(clients, stack), action).rejects.toMatchObject({ kind: "auth" });
      await deleteStack(clients, stack);
      expect(statesOf(await planStack(clients, stack))).toEqual(statesOf(before));
    }
  });

  it("leaves its data when that is asked for", async () => {
    const stage = await openStackStage(aws);
    const { clients } = stage;
    const stack = stage.stack();
    await applyStack(clients, stack);
    const removed: string[] = [];
    await deleteStack(clients, stack, {
      keepData: true,
      onRemoved: ({ kind }) => removed.push(kind),
    });
    expect(removed).not.toContain("table");
    expect(removed).not.toContain("bucket");
    const left = (await planStack(clients, stack)).filter(({ state }) => state === "present");
    expect(new Set(left.map(({ kind }) => kind.split(/[ ']/u)[0]))).toEqual(
      new Set(["table", "time", "bucket", "no", "point-in-time"]),
    );
    await applyStack(clients, stack);
    expect(notThere(await planStack(clients, stack))).toEqual([]);
    await deleteStack(clients, stack);
  });

  it("is not applied while CloudFormation's parameters are open", async () => {
    const stage = await openStackStage(aws);
    const images = { "linux-arm64": {} };
    await expect(applyStack(stage.clients, stage.stack({ images }))).rejects.toThrow(
      "images.linux-arm64 is not known",
    );
  });

  it("can be one of two environments of an account whose names begin alike", async () => {
    const stage = await openStackStage(aws);
    const { clients, environment } = stage;
    const [one, two] = [stage.stack(), stage.stack({ environment: `${environment}-2` })];
    await applyStack(clients, one);
    await applyStack(clients, two);
    await deleteStack(clients, two);
    expect(notThere(await planStack(clients, one))).toEqual([]);
    await deleteStack(clients, one);
  });
});
