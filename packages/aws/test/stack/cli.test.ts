import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { problemOf } from "../../src/main/problem.ts";
import { runCli } from "../../src/main/run-cli.ts";
import { fakeCliHost } from "./fake-cli-host.ts";

async function run(...args: readonly string[]) {
  const { host, written } = fakeCliHost();
  return { code: await runCli(args, host), ...written };
}

describe("runs-fleet-aws", () => {
  it("tells what it can do, and that this is nothing wrong", async () => {
    for (const args of [["--help"], ["stack", "--help"], ["stack", "apply", "--help"]]) {
      const { code, out, err } = await run(...args);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain("Usage: runs-fleet-aws");
    }
    expect(await run("--version")).toEqual({ code: 0, out: "0.0.0-test\n", err: "" });
  });

  it.each([
    [["stak"], "unknown command 'stak'"],
    [["stack", "render"], "--environment"],
    [["stack", "render", "-e", "ci", "--image", "mac=ami-1"], "--image"],
    [["stack", "render", "-e", "ci", "--format", "xml"], "yaml, json"],
    [["stack", "render", "-e", "ci", "--host", "laptop"], "ecs, ec2 or lambda"],
    [["stack", "render", "-e", "ci", "--log-days", "many"], "number of days"],
    [["stack", "render", "-e", "CI"], "error[wrong-option] environment must be"],
    [["stack", "render", "-e", "ci", "--region", "eu-west-1"], "--account and --region"],
    [["stack", "render", "-e", "ci", "--account", "1", "--region", "eu-west-1"], "12 digits"],
    [["stack", "render", "-e", "ci", "--vpc", "mine"], "vpcId must be vpc-"],
    [["stack", "render", "-e", "ci", "--tag", "aws:x=y"], "begins with aws:"],
    [["stack", "render", "-e", "ci", "--log-days", "0"], "logDays must be 1 to"],
    // Said before anybody is asked for credentials.
    [["stack", "status", "-e", "-ci"], "error[wrong-option] environment must be"],
  ])("ends with 2 when %j is wrong, and says what", async (args, words) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(words);
  });

  it("renders what was chosen", async () => {
    const { code, out, err } = await run(
      ...["stack", "render", "-e", "ci", "--vpc", "vpc-0a1b", "--intake", "--delete-data"],
      ...["--image", "linux-x64=ami-0a1b", "--image", "windows-x64=resolve:ssm:/images/windows"],
      ...["--security-group", "sg-0a1b", "--security-group", "sg-0c2d", "--host", "ec2"],
      ...["--tag", "team=ci", "--tag", "note=a=b", "--log-days", "7", "--fifo", "demand"],
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { Parameters, Resources } = parse(out);
    expect(Object.keys(Parameters)).toEqual(["SubnetIds"]);
    expect(Resources.LaunchTemplateLinuxX64.Properties.LaunchTemplateData).toMatchObject({
      ImageId: "ami-0a1b",
      SecurityGroupIds: ["sg-0a1b", "sg-0c2d"],
    });
    expect(Resources.LaunchTemplateWindowsX64.Properties.LaunchTemplateData.ImageId).toBe(
      "resolve:ssm:/images/windows",
    );
    expect(Resources.DemandQueue.Properties).toMatchObject({
      QueueName: "runs-fleet-ci-demand.fifo",
      FifoQueue: true,
    });
    expect(Resources.Bucket.DeletionPolicy).toBe("Delete");
    expect(Resources.Bucket.Properties.LifecycleConfiguration.Rules[0].ExpirationInDays).toBe(7);
    expect(Resources.JobsTable.Properties.Tags).toEqual([
      { Key: "team", Value: "ci" },
      { Key: "note", Value: "a=b" },
      { Key: "runs-fleet:environment", Value: "ci" },
    ]);
    expect(Object.keys(Resources)).toEqual(
      expect.arrayContaining(["IntakeRole", "OrchestratorProfile"]),
    );
  });

  it("writes the same as JSON", async () => {
    const yaml = await run("stack", "render", "-e", "ci");
    const json = await run("stack", "render", "-e", "ci", "--format", "json");
    expect(parse(yaml.out)).toEqual(JSON.parse(json.out));
  });
});

describe("a problem in words", () => {
  it.each([
    [new Error("Region is missing"), "no-region", "--region"],
    [
      Object.assign(new Error("x"), { code: "ERR_MODULE_NOT_FOUND" }),
      "ERR_MODULE_NOT_FOUND",
      "npm install",
    ],
    [
      Object.assign(new Error("x"), { name: "CredentialsProviderError", $metadata: {} }),
      "CredentialsProviderError",
      "AWS_PROFILE",
    ],
    [
      Object.assign(new Error("x"), { name: "ExpiredToken", $metadata: { httpStatusCode: 403 } }),
      "ExpiredToken",
      "sign in again",
    ],
  ])("says of %s what helps", (error, code, advice) => {
    const problem = problemOf(error);
    expect(problem.code).toBe(code);
    expect(problem.advice).toContain(advice);
  });

  it("takes one line, and nothing that could steer a terminal", async () => {
    const { err } = await run("stack", "render", "-e", "ci\u001b[2J\nx");
    expect(err).not.toContain("\u001b");
    expect(err.trimEnd().split("\n").length).toBe(1);
  });
});
