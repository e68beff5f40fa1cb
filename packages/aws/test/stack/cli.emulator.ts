import { afterEach, describe, expect, it, vi } from "vitest";
import { runCli } from "../../src/main/run-cli.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { fakeCliHost } from "./fake-cli-host.ts";

// Some hundred calls each, of emulators that others use as well.
vi.setConfig({ testTimeout: 120_000 });

afterEach(() => vi.unstubAllEnvs());

/** The command, in a process whose environment points at the account. */
function commandIn(aws: TestAws, environment: string) {
  for (const [name, value] of Object.entries(aws.environment())) vi.stubEnv(name, value);
  return async (args: readonly string[], answer?: string) => {
    const { host, written } = fakeCliHost(
      answer === undefined ? {} : { ask: () => Promise.resolve(answer) },
    );
    const [verb = "", ...rest] = args;
    const code = await runCli(["stack", verb, "-e", environment, ...rest], host);
    return { code, ...written };
  };
}

describe("runs-fleet-aws stack", () => {
  it("plans, makes, shows and removes an environment", async () => {
    await using aws = await openAws();
    const run = commandIn(aws, "ci");
    const apply = ["apply", "--image", "linux-arm64=ami-12345678", "--tag", "team=ci"];

    const plan = await run(apply);
    expect(plan).toMatchObject({
      code: 1,
      err: "Nothing was made: --yes makes what is missing.\n",
    });
    expect(plan.out).toContain("missing table runs-fleet-ci-jobs\n");
    expect(await run(apply)).toEqual(plan);

    const made = await run([...apply, "--yes"]);
    expect(made.code).toBe(0);
    expect(made.err).toContain("made     launch template runs-fleet-ci-linux-arm64\n");
    expect(made.out).toContain("0 missing, 0 different\n");
    const variables = new Map(
      made.out
        .split("\n")
        .filter((line) => /^[A-Z_]+=/u.test(line))
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
    expect(Object.fromEntries(variables)).toEqual({
      RUNS_FLEET_ENVIRONMENT: "ci",
      AWS_REGION: aws.region,
      RUNS_FLEET_ACCOUNT_ID: aws.accountId,
      RUNS_FLEET_MACHINE_ROLE_IDS: expect.stringMatching(/^AROA/u),
      RUNS_FLEET_LAUNCH_TEMPLATES: expect.stringMatching(/^linux-arm64=lt-/u),
      RUNS_FLEET_DEMAND_QUEUE_URL: expect.stringMatching(/runs-fleet-ci-demand$/u),
      RUNS_FLEET_REPORTS_QUEUE_URL: expect.stringMatching(/runs-fleet-ci-reports$/u),
      RUNS_FLEET_NOTICES_QUEUE_URL: expect.stringMatching(/runs-fleet-ci-notices$/u),
    });

    const again = await run([...apply, "--yes"]);
    expect(again).toEqual({ ...made, err: "" });
    // Images and VPC are taken as they are; the tags of launch templates are compared.
    const status = await run(["status", "--tag", "team=ci"]);
    expect(status).toEqual({ code: 0, out: made.out, err: "" });
    const json = await run(["status", "--tag", "team=ci", "--json"]);
    const { steps, outputs } = JSON.parse(json.out);
    expect(steps.every(({ state }: { readonly state: string }) => state === "present")).toBe(true);
    expect(outputs.machineRoleId).toBe(variables.get("RUNS_FLEET_MACHINE_ROLE_IDS"));

    // Another image than the template's is a difference, and nothing is made.
    const other = await run([
      "apply",
      "--image",
      "linux-arm64=ami-99999999",
      "--tag",
      "team=ci",
      "--yes",
    ]);
    expect(other.code).toBe(1);
    expect(other.out).toContain("DIFFERS  launch template runs-fleet-ci-linux-arm64\n");
    expect(other.out).toContain("ImageId: is ami-12345678, should be ami-99999999");
    expect(other.out).toContain("aws ec2 create-launch-template-version");
    expect(other.err).toContain("Nothing was made");
  });

  it("removes nothing until it was said twice", async () => {
    await using aws = await openAws();
    const run = commandIn(aws, "ci");
    await run(["apply", "--image", "linux-arm64=ami-12345678", "--yes"]);
    const before = await run(["status"]);
    expect(before.code).toBe(0);
    for (const [args, answer, code] of [
      [["delete"], undefined, 1],
      [["delete"], "ci", 1],
      [["delete", "--yes"], undefined, 2],
      [["delete", "--yes"], "prod", 2],
      [["delete", "--yes", "--confirm", "prod"], undefined, 2],
    ] as const) {
      expect(await run(args, answer)).toMatchObject({ code, out: "" });
    }
    expect(await run(["status"])).toEqual(before);

    const some = await run(["delete", "--yes", "--confirm", "ci", "--keep-data"]);
    expect(some.code).toBe(0);
    expect(some.out).not.toMatch(/removed {2}(?:table|bucket)/u);
    const rest = await run(["delete", "--yes"], "ci");
    expect(rest.out).toMatch(/^(?:removed {2}(?:table|bucket) .*\n)+11 removed\n$/u);
    const after = await run(["status"]);
    expect(after.code).toBe(1);
    expect(after.out).not.toContain("DIFFERS");
  });

  it("says which action is denied, and what expired credentials are", async () => {
    await using aws = await openAws();
    const run = commandIn(aws, "ci");
    const message = "User: someone is not authorized to perform: iam:GetRole on resource: role x";
    aws.faults.inject({
      action: "GetRole",
      fault: { kind: "error", side: "before", code: "AccessDenied", status: 403, message },
    });
    const denied = await run(["status"]);
    expect(denied).toMatchObject({ code: 2, out: "" });
    expect(denied.err).toContain("error[AccessDenied] IAM refuses to look at role runs-fleet-ci-");
    expect(denied.err).toContain("iam:GetRole");

    aws.faults.clear();
    aws.faults.inject({
      action: "GetCallerIdentity",
      fault: { kind: "error", side: "before", code: "ExpiredToken", status: 403 },
    });
    const expired = await run(["status"]);
    expect(expired.code).toBe(2);
    expect(expired.err).toContain("error[ExpiredToken]");
    expect(expired.err).toContain("sign in again");
  });
});
