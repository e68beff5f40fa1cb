import { describeStack, type StackPolicy } from "@runs-fleet/aws/stack";
import { describe, expect, it } from "vitest";
import { accountId, allows, type PolicyQuestion, trusts } from "./simulate.ts";

const region = "eu-west-1";
const stack = describeStack({
  environment: "ci",
  region,
  accountId,
  vpcId: "vpc-0a1b",
  images: {
    "linux-arm64": { imageId: "ami-0a1b" },
    "linux-x64": { imageId: "resolve:ssm:/images/runner:3" },
    "windows-x64": { imageId: "resolve:ssm:/aws/service/ami-windows-latest/core" },
  },
  hosts: ["ecs", "ec2", "lambda"],
  intake: true,
});
const policyOf = (suffix: string): StackPolicy => {
  const found = stack.policies.find(({ name }) => name === `runs-fleet-ci-${suffix}`);
  if (found === undefined) throw new Error(`There is no policy ${suffix}`);
  return found;
};
const trustOf = (suffix: string) => {
  const found = stack.roles.find(({ name }) => name === `runs-fleet-ci-${suffix}`);
  if (found === undefined) throw new Error(`There is no role ${suffix}`);
  return found.trust;
};

const ec2 = (rest: string) => `arn:aws:ec2:${region}:${accountId}:${rest}`;
const table = (name: string) => `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
const queue = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
const object = (key: string, bucket = `runs-fleet-ci-${accountId}-${region}`) =>
  `arn:aws:s3:::${bucket}/${key}`;
const log = (name: string) => `arn:aws:logs:${region}:${accountId}:log-group:/aws/lambda/${name}`;
const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;

const machine = ec2("instance/i-0aaaaaaaaaaaaaaaa");
const other = ec2("instance/i-0bbbbbbbbbbbbbbbb");
const environment = "runs-fleet:environment";
const own = { [`aws:ResourceTag/${environment}`]: "ci" };
const foreign = { [`aws:ResourceTag/${environment}`]: "ci-2" };
const tagged = { [`aws:RequestTag/${environment}`]: "ci", "aws:TagKeys": [environment] };
const taggedForeign = { [`aws:RequestTag/${environment}`]: "prod", "aws:TagKeys": [environment] };
const inVpc = { "ec2:Vpc": ec2("vpc/vpc-0a1b") };
const elsewhere = { "ec2:Vpc": ec2("vpc/vpc-0c2d") };
const asMachine = { "ec2:SourceInstanceARN": machine };
const key = (...arns: string[]) => ({ ...asMachine, "dynamodb:LeadingKeys": arns });

type Case = PolicyQuestion & { readonly words: string };
const ask = (
  words: string,
  action: string,
  resource: string,
  context?: PolicyQuestion["context"],
): Case => ({ words, action, resource, ...(context === undefined ? {} : { context }) });

const stateActions = ["GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"];
const receiveActions = [
  "ReceiveMessage",
  "DeleteMessage",
  "ChangeMessageVisibility",
  "GetQueueAttributes",
  "GetQueueUrl",
];

const cases: Readonly<Record<string, { allowed: readonly Case[]; refused: readonly Case[] }>> = {
  machine: {
    allowed: [
      ask("its own document", "dynamodb:GetItem", table("runs-fleet-ci-assignments"), key(machine)),
      ask(
        "blanking its own document",
        "dynamodb:UpdateItem",
        table("runs-fleet-ci-assignments"),
        key(machine),
      ),
      ask("a report", "sqs:SendMessage", queue("runs-fleet-ci-reports")),
      ask("its own logs", "s3:PutObject", object(`logs/${machine}/agent/00000001.log`), asMachine),
      ask("its own logs", "s3:GetObject", object(`logs/${machine}/agent/00000001.log`), asMachine),
      ask("the runner", "s3:GetObject", object("runners/aa/runner.tar.gz"), asMachine),
    ],
    refused: [
      ask(
        "another machine's document",
        "dynamodb:GetItem",
        table("runs-fleet-ci-assignments"),
        key(other),
      ),
      ask(
        "another machine's document beside its own",
        "dynamodb:GetItem",
        table("runs-fleet-ci-assignments"),
        key(machine, other),
      ),
      ask(
        "blanking another machine's document",
        "dynamodb:UpdateItem",
        table("runs-fleet-ci-assignments"),
        key(other),
      ),
      ask("no key at all", "dynamodb:GetItem", table("runs-fleet-ci-assignments"), asMachine),
      ask(
        "a document as somebody who is no machine",
        "dynamodb:GetItem",
        table("runs-fleet-ci-assignments"),
        {
          "dynamodb:LeadingKeys": [machine],
        },
      ),
      ...["Scan", "Query", "BatchGetItem", "PutItem", "DeleteItem"].map((action) =>
        ask(
          `documents by ${action}`,
          `dynamodb:${action}`,
          table("runs-fleet-ci-assignments"),
          key(machine),
        ),
      ),
      ask(
        "a document by PartiQL",
        "dynamodb:PartiQLSelect",
        table("runs-fleet-ci-assignments"),
        key(machine),
      ),
      ask(
        "its own machine's record",
        "dynamodb:GetItem",
        table("runs-fleet-ci-machines"),
        key(machine),
      ),
      ask(
        "a document of ci-2",
        "dynamodb:GetItem",
        table("runs-fleet-ci-2-assignments"),
        key(machine),
      ),
      ask("a job that nobody queued", "sqs:SendMessage", queue("runs-fleet-ci-demand")),
      ask("a notice that EC2 never gave", "sqs:SendMessage", queue("runs-fleet-ci-notices")),
      ask("a report for ci-2", "sqs:SendMessage", queue("runs-fleet-ci-2-reports")),
      ask("others' reports", "sqs:ReceiveMessage", queue("runs-fleet-ci-reports")),
      ask(
        "another machine's logs",
        "s3:PutObject",
        object(`logs/${other}/agent/00000001.log`),
        asMachine,
      ),
      ask(
        "another machine's logs",
        "s3:GetObject",
        object(`logs/${other}/agent/00000001.log`),
        asMachine,
      ),
      ask(
        "a machine whose id begins alike",
        "s3:GetObject",
        object(`logs/${machine}0/a`),
        asMachine,
      ),
      ask(
        "another runner in the mirror",
        "s3:PutObject",
        object("runners/aa/runner.tar.gz"),
        asMachine,
      ),
      ask("the catalog", "s3:GetObject", object("configuration/catalog.json"), asMachine),
      ask(
        "the runner of ci-2",
        "s3:GetObject",
        object("runners/a", `runs-fleet-ci-2-${accountId}-${region}`),
        asMachine,
      ),
      ask(
        "a listing",
        "s3:ListBucket",
        `arn:aws:s3:::runs-fleet-ci-${accountId}-${region}`,
        asMachine,
      ),
      ask("ending itself", "ec2:TerminateInstances", machine, own),
      ask(
        "a parameter",
        "ssm:GetParameter",
        `arn:aws:ssm:${region}:${accountId}:parameter/images/runner`,
      ),
      ask("a session", "ssm:StartSession", machine),
      ask("a role", "iam:PassRole", role("runs-fleet-ci-orchestrator")),
      ask("a key", "iam:CreateAccessKey", `arn:aws:iam::${accountId}:user/somebody`),
      ask("another role", "sts:AssumeRole", role("runs-fleet-ci-orchestrator")),
    ],
  },
  orchestrator: {
    allowed: [
      ...["Instances", "InstanceTypes", "InstanceTypeOfferings", "Images", "Subnets"].map((what) =>
        ask("a look", `ec2:Describe${what}`, "*"),
      ),
      ...["ec2:CreateFleet", "ec2:RunInstances"].flatMap((action) => [
        ask("a machine of ci", action, ec2("instance/*"), tagged),
        ask("its volume", action, ec2("volume/*"), tagged),
        ask("its template", action, ec2("launch-template/lt-0a1b"), own),
        ask("its subnet", action, ec2("subnet/subnet-0a1b"), inVpc),
        ask("its image", action, `arn:aws:ec2:${region}::image/ami-0a1b`),
      ]),
      ask("its group", "ec2:RunInstances", ec2("security-group/sg-0a1b"), inVpc),
      ask("its interface", "ec2:RunInstances", ec2("network-interface/*"), inVpc),
      ask("the fleet", "ec2:CreateFleet", ec2("fleet/*")),
      ...["CreateFleet", "RunInstances"].flatMap((action) => [
        ask("tags of what it buys", "ec2:CreateTags", ec2("instance/i-0a1b"), {
          ...tagged,
          "ec2:CreateAction": action,
        }),
        ask("tags of its volumes", "ec2:CreateTags", ec2("volume/vol-0a1b"), {
          ...tagged,
          "ec2:CreateAction": action,
        }),
      ]),
      ...["Start", "Stop", "Terminate"].map((verb) =>
        ask("a machine of ci", `ec2:${verb}Instances`, machine, own),
      ),
      ask("a ring", "ec2:CreateTags", machine, {
        ...own,
        "aws:RequestTag/runs-fleet:ring": "7",
        "aws:TagKeys": ["runs-fleet:ring"],
      }),
      ask("the machines' role for EC2", "iam:PassRole", role("runs-fleet-ci-machine"), {
        "iam:PassedToService": "ec2.amazonaws.com",
      }),
      ask(
        "the image's parameter",
        "ssm:GetParameters",
        `arn:aws:ssm:${region}:${accountId}:parameter/images/runner`,
      ),
      ...stack.tables.flatMap(({ name }) =>
        [...stateActions, "Query", "ConditionCheckItem"].map((action) =>
          ask(`state in ${name}`, `dynamodb:${action}`, table(name)),
        ),
      ),
      ...stack.tables
        .filter(({ index }) => index !== undefined)
        .map(({ name }) => ask("what is open", "dynamodb:Query", `${table(name)}/index/open`)),
      ...["demand", "reports", "notices"].flatMap((name) =>
        [`runs-fleet-ci-${name}`, `runs-fleet-ci-${name}-dead`].flatMap((full) =>
          receiveActions.map((action) => ask("messages", `sqs:${action}`, queue(full))),
        ),
      ),
      ...["demand", "demand-dead", "reports-dead", "notices-dead"].map((name) =>
        ask("a message", "sqs:SendMessage", queue(`runs-fleet-ci-${name}`)),
      ),
      ...["configuration/a", "runners/a", "logs/a"].flatMap((name) => [
        ask("an object", "s3:GetObject", object(name)),
        ask("an object", "s3:PutObject", object(name)),
      ]),
      ask("a listing", "s3:ListBucket", `arn:aws:s3:::runs-fleet-ci-${accountId}-${region}`),
    ],
    refused: [
      ...["ec2:CreateFleet", "ec2:RunInstances"].flatMap((action) => [
        ask("a machine of prod", action, ec2("instance/*"), taggedForeign),
        ask("a machine without tags", action, ec2("instance/*")),
        ask("a volume without tags", action, ec2("volume/*")),
        ask("the template of ci-2", action, ec2("launch-template/lt-0c2d"), foreign),
        ask("a template of nobody", action, ec2("launch-template/lt-0c2d")),
        ask("a subnet of another VPC", action, ec2("subnet/subnet-0c2d"), elsewhere),
      ]),
      ask("a group of another VPC", "ec2:RunInstances", ec2("security-group/sg-0c2d"), elsewhere),
      ask("a key pair", "ec2:RunInstances", ec2("key-pair/mine")),
      ask(
        "a machine in another region",
        "ec2:RunInstances",
        `arn:aws:ec2:us-east-1:${accountId}:instance/*`,
        tagged,
      ),
      ask("a request for spot machines that stays", "ec2:RequestSpotFleet", "*"),
      ask("tags of what others buy", "ec2:CreateTags", ec2("instance/i-0a1b"), tagged),
      ask("tags of a stranger's machine", "ec2:CreateTags", ec2("instance/i-0a1b"), {
        ...tagged,
        "ec2:CreateAction": "CreateImage",
      }),
      ask("tags of prod", "ec2:CreateTags", ec2("instance/i-0a1b"), {
        ...taggedForeign,
        "ec2:CreateAction": "RunInstances",
      }),
      ask("a ring at ci-2", "ec2:CreateTags", machine, {
        ...foreign,
        "aws:TagKeys": ["runs-fleet:ring"],
      }),
      ask("taking a machine over", "ec2:CreateTags", machine, { ...own, ...tagged }),
      ask("a ring that says nothing", "ec2:CreateTags", machine, own),
      ask("a ring with another tag", "ec2:CreateTags", machine, {
        ...own,
        "aws:TagKeys": ["runs-fleet:ring", environment],
      }),
      ...["Start", "Stop", "Terminate"].flatMap((verb) => [
        ask("a machine of ci-2", `ec2:${verb}Instances`, machine, foreign),
        ask("a machine of nobody", `ec2:${verb}Instances`, machine),
      ]),
      ask("deleting tags", "ec2:DeleteTags", machine, { ...own, "aws:TagKeys": [environment] }),
      ask("changing a machine", "ec2:ModifyInstanceAttribute", machine, own),
      ask(
        "changing a template",
        "ec2:CreateLaunchTemplateVersion",
        ec2("launch-template/lt-0a1b"),
        own,
      ),
      ask("another role", "iam:PassRole", role("admin"), {
        "iam:PassedToService": "ec2.amazonaws.com",
      }),
      ask("its own role", "iam:PassRole", role("runs-fleet-ci-orchestrator"), {
        "iam:PassedToService": "ec2.amazonaws.com",
      }),
      ask("the role for Lambda", "iam:PassRole", role("runs-fleet-ci-machine"), {
        "iam:PassedToService": "lambda.amazonaws.com",
      }),
      ask("the machines of ci-2", "iam:PassRole", role("runs-fleet-ci-2-machine"), {
        "iam:PassedToService": "ec2.amazonaws.com",
      }),
      ask(
        "changing a policy",
        "iam:CreatePolicyVersion",
        `arn:aws:iam::${accountId}:policy/runs-fleet-ci-machine`,
      ),
      ask("a user", "iam:CreateUser", `arn:aws:iam::${accountId}:user/somebody`),
      ask(
        "another parameter",
        "ssm:GetParameters",
        `arn:aws:ssm:${region}:${accountId}:parameter/secret`,
      ),
      ask("a command on a machine", "ssm:SendCommand", machine),
      ...[...stateActions, "Query", "ConditionCheckItem"].map((action) =>
        ask("state of ci-2", `dynamodb:${action}`, table("runs-fleet-ci-2-jobs")),
      ),
      ask("a whole table", "dynamodb:Scan", table("runs-fleet-ci-jobs")),
      ask("a table's end", "dynamodb:DeleteTable", table("runs-fleet-ci-jobs")),
      ...receiveActions.map((action) =>
        ask("messages of ci-2", `sqs:${action}`, queue("runs-fleet-ci-2-demand")),
      ),
      ask("a report in the name of a machine", "sqs:SendMessage", queue("runs-fleet-ci-reports")),
      ask("a queue's end", "sqs:DeleteQueue", queue("runs-fleet-ci-demand")),
      ask("an empty queue", "sqs:PurgeQueue", queue("runs-fleet-ci-demand")),
      ask("an object elsewhere in the bucket", "s3:PutObject", object("other/a")),
      ask("an object elsewhere in the bucket", "s3:GetObject", object("other/a")),
      ask("an object's end", "s3:DeleteObject", object("configuration/a")),
      ask(
        "a listing of ci-2",
        "s3:ListBucket",
        `arn:aws:s3:::runs-fleet-ci-2-${accountId}-${region}`,
      ),
    ],
  },
  intake: {
    allowed: [
      ask("a job", "sqs:SendMessage", queue("runs-fleet-ci-demand")),
      ask("a look at the queue", "sqs:GetQueueAttributes", queue("runs-fleet-ci-demand")),
      ask("a delivery", "dynamodb:GetItem", table("runs-fleet-ci-deliveries")),
      ask("a delivery", "dynamodb:PutItem", table("runs-fleet-ci-deliveries")),
      ask("the configuration", "dynamodb:GetItem", table("runs-fleet-ci-configurations")),
      ask("a pool of it", "dynamodb:GetItem", table("runs-fleet-ci-pools")),
      ask("the catalog", "s3:GetObject", object("configuration/catalog.json")),
      ask("a line", "logs:PutLogEvents", `${log("runs-fleet-ci-intake")}:log-stream:a`),
      ask("a stream", "logs:CreateLogStream", `${log("runs-fleet-ci-intake")}:log-stream:a`),
      ask("a log", "logs:CreateLogGroup", `${log("runs-fleet-ci-intake")}:*`),
    ],
    refused: [
      ask("a report", "sqs:SendMessage", queue("runs-fleet-ci-reports")),
      ask("a job for ci-2", "sqs:SendMessage", queue("runs-fleet-ci-2-demand")),
      ask("a look at reports", "sqs:GetQueueAttributes", queue("runs-fleet-ci-reports")),
      ask("taking a job", "sqs:ReceiveMessage", queue("runs-fleet-ci-demand")),
      ask("a machine", "ec2:RunInstances", ec2("instance/*"), tagged),
      ask("an assignment", "dynamodb:GetItem", table("runs-fleet-ci-assignments")),
      ask("an assignment", "dynamodb:PutItem", table("runs-fleet-ci-assignments")),
      ask("a role", "iam:PassRole", role("runs-fleet-ci-machine")),
      ask("another configuration", "dynamodb:PutItem", table("runs-fleet-ci-configurations")),
      ask("another catalog", "s3:PutObject", object("configuration/catalog.json")),
      ask("logs", "s3:GetObject", object(`logs/${machine}/a`)),
      ask("another's log", "logs:PutLogEvents", `${log("other")}:log-stream:a`),
      ask("another's log", "logs:CreateLogStream", `${log("other")}:log-stream:a`),
      ask("another log", "logs:CreateLogGroup", `${log("other")}:*`),
      ask("reading its log", "logs:GetLogEvents", `${log("runs-fleet-ci-intake")}:log-stream:a`),
    ],
  },
};

describe.each(Object.entries(cases))("the policy of %s", (who, { allowed, refused }) => {
  const policy = policyOf(who);

  it.each(allowed)("allows $words: $action on $resource", async (question) => {
    expect(await allows([policy.document], question)).toBe(true);
  });

  it.each(refused)("refuses $words: $action on $resource", async (question) => {
    expect(await allows([policy.document], question)).toBe(false);
  });

  it("is tried at every statement and action, both ways", async () => {
    const untried: string[] = [];
    for (const permission of policy.permissions) {
      const alone = {
        ...policy.document,
        Statement: policy.document.Statement.filter(({ Sid }) => Sid === permission.sid),
      };
      for (const action of Object.keys(permission.actions)) {
        const of = (list: readonly Case[]) => list.filter((one) => one.action === action);
        const used = await Promise.all(of(allowed).map((one) => allows([alone], one)));
        if (!used.includes(true)) untried.push(`${permission.sid} ${action} is never used`);
        // What knows no resources is allowed or not.
        const isOpen = permission.resources.includes("*");
        if (!isOpen && of(refused).length === 0) untried.push(`${action} is never refused`);
      }
    }
    expect(untried).toEqual([]);
  });

  it("has no condition without which it would refuse the same", async () => {
    const idle: string[] = [];
    for (const [index, statement] of policy.document.Statement.entries()) {
      for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
        for (const name of Object.keys(keys)) {
          const { [name]: _, ...rest } = keys;
          const weaker = { ...statement, Condition: { ...statement.Condition, [operator]: rest } };
          const document = {
            ...policy.document,
            Statement: policy.document.Statement.with(index, weaker),
          };
          const answers = await Promise.all(refused.map((one) => allows([document], one)));
          if (!answers.includes(true)) idle.push(`${statement.Sid} ${operator} ${name}`);
        }
      }
    }
    expect(idle).toEqual([]);
  });

  it("gives a reason for every action", () => {
    for (const { actions, scope } of policy.permissions) {
      for (const reason of [...Object.values(actions), scope]) expect(reason).toMatch(/^\S.{9,}$/u);
    }
  });
});

describe("trust", () => {
  it("in the machines' role is in EC2 alone, or somebody could speak for a machine", async () => {
    const trust = trustOf("machine");
    expect(await trusts(trust, "ec2.amazonaws.com")).toBe(true);
    for (const service of [
      "lambda.amazonaws.com",
      "ecs-tasks.amazonaws.com",
      "ssm.amazonaws.com",
    ]) {
      expect(await trusts(trust, service)).toBe(false);
    }
    expect(await trusts(trust, `arn:aws:iam::${accountId}:role/admin`)).toBe(false);
    expect(await trusts(trust, "arn:aws:iam::999999999999:root")).toBe(false);
  });

  it("in the role of a task is in clusters of the account", async () => {
    const context = (account: string) => ({
      "aws:SourceAccount": account,
      "aws:SourceArn": `arn:aws:ecs:${region}:${account}:task/a/b`,
    });
    const trust = trustOf("orchestrator");
    expect(await trusts(trust, "ecs-tasks.amazonaws.com", context(accountId))).toBe(true);
    expect(await trusts(trust, "ecs-tasks.amazonaws.com", context("999999999999"))).toBe(false);
  });
});

it("names AWS's own parameters as AWS does, without an account", () => {
  const statement = policyOf("orchestrator").permissions.find(
    ({ sid }) => sid === "ImageParameters",
  );
  expect(statement?.resources).toEqual([
    `arn:aws:ssm:${region}:${accountId}:parameter/images/runner`,
    `arn:aws:ssm:${region}::parameter/aws/service/ami-windows-latest/core`,
  ]);
});

it("keeps every policy within what IAM takes, whatever the environment is called", () => {
  const { policies } = describeStack({
    environment: "a".repeat(24),
    region: "ap-southeast-2",
    accountId,
    vpcId: `vpc-${"0".repeat(17)}`,
    intake: true,
  });
  // Source: IAM quotas, characters of a managed policy without white space, read 2026-11-28.
  for (const { document } of policies) expect(JSON.stringify(document).length).toBeLessThan(6_144);
});
