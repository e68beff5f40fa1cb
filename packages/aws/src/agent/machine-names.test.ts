import { describe, expect, it } from "vitest";
import { machineNames } from "./machine-names.ts";

const identity = { accountId: "123456789012", instanceId: "i-0a1b", region: "eu-west-1" };

describe("machineNames", () => {
  it("are those of the environment's stack, and of the machine's own ARN", () => {
    expect(machineNames("ci", identity)).toEqual({
      tablePrefix: "runs-fleet-ci-",
      assignmentKeyPrefix: "arn:aws:ec2:eu-west-1:123456789012:instance/",
      reportsQueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/runs-fleet-ci-reports",
      bucket: "runs-fleet-ci-123456789012-eu-west-1",
      logKey: "logs/arn:aws:ec2:eu-west-1:123456789012:instance/i-0a1b/agent",
    });
  });

  it("know where else AWS is", () => {
    const names = machineNames("ci", { ...identity, region: "cn-north-1" });
    expect(names.assignmentKeyPrefix).toBe("arn:aws-cn:ec2:cn-north-1:123456789012:instance/");
    expect(new URL(names.reportsQueueUrl).host).toBe("sqs.cn-north-1.amazonaws.com.cn");
  });

  it("refuse what no environment is called", () => {
    expect(() => machineNames("CI", identity)).toThrow(TypeError);
  });
});
