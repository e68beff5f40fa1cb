import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { givenEmulators } from "../../../packages/aws/testing/open-aws.ts";
import type { FaultRule } from "../../../packages/aws/testing/proxy/fault.ts";
import { openWorld, type World } from "../dev/world.ts";
import { program } from "./campaign.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({ emulators: givenEmulators(), program });
});
afterAll(() => world[Symbol.asyncDispose]());

/** What the operator reads, and the exit code. */
interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the built host as an operator would. */
function run(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const env = { PATH: process.env["PATH"], ...world.variables, ...variables };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** Runs it while something is wrong with AWS. */
async function withFault(rule: FaultRule, args: readonly string[]): Promise<Told> {
  world.aws.faults.inject(rule);
  try {
    return await run(args);
  } finally {
    world.aws.faults.clear();
  }
}

describe("--check", () => {
  it("says that all is well", async () => {
    const { code, out } = await run(["--check"]);
    expect(out.trim().split("\n")).toEqual([
      "ok    catalog",
      "ok    queue of jobs",
      "ok    tables runs-fleet-ci-*",
      "ok    queue of reports",
      "ok    queue of notices",
      "ok    machines",
      "ok    GitHub App",
      "All is well",
    ]);
    expect(code).toBe(0);
  });

  it("names the tables that are missing, and how they are made", async () => {
    const { code, out } = await run(["--check"], { RUNS_FLEET_TABLE_PREFIX: "runs-fleet-cj-" });
    expect(out).toMatch(
      /^wrong tables runs-fleet-cj-\*: DynamoDB refuses .*ResourceNotFoundException/m,
    );
    expect(out).toMatch(/runs-fleet-aws stack apply makes it/);
    expect(out).toMatch(/^1 of 7 are not well$/m);
    expect(code).toBe(1);
  });

  it("tells another region by what is not there", async () => {
    const { code, out } = await run(["--check"], { AWS_REGION: "eu-west-1" });
    expect(out).toMatch(/^wrong catalog: .* does not have ci in eu-west-1, only in us-east-1$/m);
    expect(out).toMatch(/^wrong tables runs-fleet-ci-\*: /m);
    expect(code).toBe(1);
  });

  it.each([
    ["dynamodb", "Query", "AccessDeniedException", /^wrong tables .*AccessDeniedException/m],
    ["sqs", "GetQueueAttributes", "AccessDenied", /^wrong queue of jobs: .*AccessDenied/m],
    [
      "ec2",
      "DescribeInstances",
      "UnauthorizedOperation",
      /^wrong machines: .*UnauthorizedOperation/m,
    ],
    ["dynamodb", "Query", "ExpiredTokenException", /^wrong tables .*ExpiredTokenException/m],
    ["ec2", "DescribeInstances", "AuthFailure", /^wrong machines: .*AuthFailure/m],
  ])("names what %s %s is denied with %s", async (service, action, code, words) => {
    const told = await withFault(
      {
        service,
        action,
        fault: { kind: "error", side: "before", code },
        times: Number.POSITIVE_INFINITY,
      },
      ["--check"],
    );
    expect(told.out).toMatch(words);
    expect(told.out).toMatch(/Look at the credentials and the policy of this process/);
    expect(told.code).toBe(1);
  });

  it("tells what passes by itself from what needs a person", async () => {
    const told = await withFault(
      {
        service: "sqs",
        action: "GetQueueAttributes",
        fault: { kind: "error", side: "before", code: "ServiceUnavailable" },
        times: Number.POSITIVE_INFINITY,
      },
      ["--check"],
    );
    expect(told.out).toMatch(/^away {2}queue of jobs: /m);
  });

  it("names the App's key when GitHub does not take it", async () => {
    const { out } = await run(["--check"], { RUNS_FLEET_GITHUB_APP_ID: "999999" });
    expect(out).toMatch(/^wrong GitHub App: /m);
    expect(out).not.toContain("PRIVATE KEY");
  });
});

describe("serving", () => {
  it("does not begin without what it needs", async () => {
    const { code, err } = await run([], { RUNS_FLEET_TABLE_PREFIX: "runs-fleet-cj-" });
    expect(err).toMatch(/^wrong tables runs-fleet-cj-\*: /m);
    expect(err).toMatch(/Nothing is served/);
    expect(code).toBe(2);
  });

  it("names every place of a catalog that is not valid", async () => {
    const file = join(world.directory, "broken.json");
    await writeFile(file, JSON.stringify({ version: 1, environments: [{ name: "ci" }] }));
    const { code, err } = await run(["--role", "intake"], { RUNS_FLEET_CATALOG: file });
    expect(err).toMatch(/^wrong catalog: The catalog .*broken\.json is not valid:/m);
    expect(err).toMatch(/environments\.0\.regions: /);
    expect(code).toBe(2);
  });

  it("names every variable that is wrong, and no secret", async () => {
    const { code, err } = await run([], {
      AWS_REGION: "europe",
      RUNS_FLEET_MACHINE_ROLE_IDS: "",
      RUNS_FLEET_WEBHOOK_SECRET: "hush",
    });
    expect(err).toMatch(/^AWS_REGION must be a region/m);
    expect(err).toMatch(/^RUNS_FLEET_MACHINE_ROLE_IDS is needed/m);
    expect(err).toMatch(/^RUNS_FLEET_WEBHOOK_SECRET needs 8 characters or more/m);
    expect(err).not.toContain("hush");
    expect(code).toBe(2);
  });

  it("refuses a tag that instance metadata cannot show, before anything is launched", async () => {
    const { code, err } = await run([], { RUNS_FLEET_TAGS: "cost centre=42" });
    expect(err).toMatch(/tag key "cost centre" cannot be shown in instance metadata/);
    expect(code).toBe(2);
  });
});
