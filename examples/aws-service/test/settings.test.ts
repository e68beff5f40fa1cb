import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readArguments } from "../src/arguments.ts";
import { readSettings } from "../src/settings.ts";
import { variables } from "../src/variables.ts";

const whole = {
  RUNS_FLEET_ENVIRONMENT: "ci",
  RUNS_FLEET_CATALOG: "s3://acme-fleet/catalog.json",
  RUNS_FLEET_WEBHOOK_SECRET: "long enough",
  RUNS_FLEET_GITHUB_APP_ID: "12345",
  RUNS_FLEET_GITHUB_PRIVATE_KEY: "-----BEGIN\\nKEY-----",
  AWS_REGION: "eu-west-1",
  RUNS_FLEET_ACCOUNT_ID: "123456789012",
  RUNS_FLEET_SUBNET_IDS: "subnet-0a1b, subnet-2c3d",
  RUNS_FLEET_MACHINE_ROLE_IDS: "AROAEXAMPLE",
} as const;

function problemsOf(...given: Parameters<typeof readSettings>): readonly string[] {
  const read = readSettings(...given);
  return read.ok ? [] : read.problems;
}

describe("readSettings", () => {
  it("derives the names of the stack", () => {
    const read = readSettings("both", whole);
    expect(read).toMatchObject({
      ok: true,
      settings: {
        controller: {
          tablePrefix: "runs-fleet-ci-",
          demandQueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/runs-fleet-ci-demand",
          noticesQueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/runs-fleet-ci-notices",
          reportsQueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/runs-fleet-ci-reports",
          assignmentKeyPrefix: "arn:aws:ec2:eu-west-1:123456789012:instance/",
          launchTemplates: {
            "linux-arm64": "runs-fleet-ci-linux-arm64",
            "linux-x64": "runs-fleet-ci-linux-x64",
          },
          subnetIds: ["subnet-0a1b", "subnet-2c3d"],
          github: { privateKey: "-----BEGIN\nKEY-----" },
        },
      },
    });
  });

  it("takes two secrets while one is being replaced", () => {
    const read = readSettings("intake", {
      ...whole,
      RUNS_FLEET_WEBHOOK_SECRET_OLD: "the one before",
    });
    expect(read.ok && read.settings.intake?.webhookSecrets).toEqual([
      "long enough",
      "the one before",
    ]);
  });

  it("asks each role only for what it needs", () => {
    const { RUNS_FLEET_WEBHOOK_SECRET: _, ...withoutSecret } = whole;
    expect(problemsOf("controller", withoutSecret)).toEqual([]);
    const intake = Object.fromEntries(
      Object.entries(whole).filter(([name]) => !/GITHUB|SUBNET|ROLE/.test(name)),
    );
    expect(problemsOf("intake", intake)).toEqual([]);
  });

  it("tells everything that is missing at once, by the variables' names", () => {
    expect(problemsOf("both", {})).toEqual([
      "RUNS_FLEET_CATALOG or RUNS_FLEET_CONFIG_REPOSITORY is needed, and only one of them",
      "RUNS_FLEET_ENVIRONMENT is needed",
      "AWS_REGION is needed",
      "RUNS_FLEET_ACCOUNT_ID is needed",
      "RUNS_FLEET_WEBHOOK_SECRET is needed",
      "RUNS_FLEET_GITHUB_APP_ID is needed",
      "RUNS_FLEET_SUBNET_IDS is needed",
      "RUNS_FLEET_MACHINE_ROLE_IDS is needed",
      "RUNS_FLEET_GITHUB_PRIVATE_KEY or RUNS_FLEET_GITHUB_PRIVATE_KEY_FILE is needed",
    ]);
  });

  it("takes its configuration from one place, a catalog or a repository", () => {
    const repository = { RUNS_FLEET_CONFIG_REPOSITORY: "acme/.github-private" };
    expect(problemsOf("both", { ...whole, ...repository })).toEqual([
      "RUNS_FLEET_CATALOG or RUNS_FLEET_CONFIG_REPOSITORY is needed, and only one of them",
    ]);
    const read = readSettings("both", { ...whole, RUNS_FLEET_CATALOG: "", ...repository });
    expect(read).toMatchObject({
      ok: true,
      settings: {
        common: {
          configuration: { repository: "acme/.github-private", path: ".github/runs-fleet.yml" },
        },
      },
    });
  });

  it.each([
    ["RUNS_FLEET_ENVIRONMENT", "CI", /lower case/],
    ["AWS_REGION", "eu-west", /must be a region/],
    ["RUNS_FLEET_ACCOUNT_ID", "1234", /12 digits/],
    ["RUNS_FLEET_SUBNET_IDS", "subnet-0a1b,vpc-1", /subnet-/],
    ["RUNS_FLEET_MACHINE_ROLE_IDS", "runs-fleet-ci-machine", /AROA/],
    ["RUNS_FLEET_LAUNCH_TEMPLATES", "linux-arm64", /key=value/],
    ["RUNS_FLEET_TIMINGS", "{", /must be JSON/],
    ["RUNS_FLEET_TIMINGS", '{"leaseMs":"5"}', /numbers of milliseconds/],
    ["RUNS_FLEET_DEMAND_QUEUE_URL", "demand", /must be a URL/],
    ["RUNS_FLEET_WEBHOOK_SECRET", "short", /8 characters/],
    ["RUNS_FLEET_GITHUB_PRIVATE_KEY", "", /PRIVATE_KEY or RUNS_FLEET_GITHUB_PRIVATE_KEY_FILE/],
    ["PORT", "http", /whole number/],
    ["STATUS_PORT", "70000", /at most 65535/],
  ])("names %s when it is %j", (name, value, words) => {
    const problems = problemsOf("both", { ...whole, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(words);
    expect(problems[0]?.startsWith(name)).toBe(true);
  });

  it("never repeats a secret in what it says", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 20 }), (secret) => {
        const given = { RUNS_FLEET_GITHUB_PRIVATE_KEY: secret, RUNS_FLEET_WEBHOOK_SECRET: secret };
        return problemsOf("both", given).every((line) => !line.includes(secret));
      }),
    );
  });

  it("describes every variable that it reads", () => {
    const known = new Set(Object.keys(variables));
    for (const problem of problemsOf("both", {})) {
      expect(known.has(problem.split(" ")[0] ?? "")).toBe(true);
    }
  });
});

describe("readArguments", () => {
  it.each([
    [[], { kind: "serve", role: "both" }],
    [["--role", "intake"], { kind: "serve", role: "intake" }],
    [["--check", "--role=controller"], { kind: "check", role: "controller" }],
    [["--role=intake", "--help"], { kind: "help" }],
  ])("reads %j", (given, command) => {
    expect(readArguments(given)).toEqual({ ok: true, command });
  });

  it.each([[["--role"]], [["--role", "all"]], [["--rolle=intake"]], [["serve"]]])(
    "refuses %j",
    (given) => {
      expect(readArguments(given)).toMatchObject({ ok: false });
    },
  );
});
