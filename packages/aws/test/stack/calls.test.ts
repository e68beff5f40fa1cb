import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describeStack } from "@runs-fleet/aws/stack";
import { describe, expect, it } from "vitest";

const source = join(import.meta.dirname, "../../src");

/** Calls that IAM knows by other names. Source: Service authorization reference, read 2026-11-28. */
const askedFor: Readonly<Record<string, readonly string[]>> = {
  TransactWriteItems: ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"],
  DeleteMessageBatch: ["DeleteMessage"],
  SendMessageBatch: ["SendMessage"],
  ChangeMessageVisibilityBatch: ["ChangeMessageVisibility"],
  HeadObject: ["GetObject"],
  ListObjectsV2: ["ListBucket"],
};

/** The actions that the code of a folder needs, by what it sends. */
function actionsOf(folder: string, service?: string): readonly string[] {
  const files = readdirSync(join(source, folder), { recursive: true, encoding: "utf8" });
  const found = new Set<string>();
  for (const file of files) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const text = readFileSync(join(source, folder, file), "utf8");
    const client = /from "@aws-sdk\/client-(?<name>\w+)"/u.exec(text)?.groups?.["name"];
    const prefix = service ?? client;
    for (const [, call = ""] of text.matchAll(/\bnew (?<call>[A-Z]\w+)Command\(/gu)) {
      for (const action of askedFor[call] ?? [call]) found.add(`${prefix}:${action}`);
    }
    if (/\bpaginate(?<list>\w+)\(/u.test(text)) {
      for (const [, list = ""] of text.matchAll(/\bpaginate(?<list>\w+)\(/gu)) {
        for (const action of askedFor[list] ?? [list]) found.add(`${prefix}:${action}`);
      }
    }
  }
  return [...found].sort();
}

const { policies } = describeStack({ environment: "ci", intake: true });
const allowed = (who: string) =>
  policies
    .filter(({ name }) => name === `runs-fleet-ci-${who}`)
    .flatMap(({ permissions }) => permissions.flatMap(({ actions }) => Object.keys(actions)));

describe("every call that is made is allowed", () => {
  it.each(["ec2", "dynamodb", "sqs", "s3"])("to the host: those of %s", (service) => {
    const needed = actionsOf(service, service);
    expect(needed.length).toBeGreaterThan(2);
    expect(needed.filter((action) => !allowed("orchestrator").includes(action))).toEqual([]);
  });

  it("to machines: those of the agent", () => {
    const needed = [...actionsOf("agent"), "s3:PutObject", "s3:GetObject"];
    expect(needed).toEqual(expect.arrayContaining(["dynamodb:GetItem", "dynamodb:UpdateItem"]));
    expect(needed.filter((action) => !allowed("machine").includes(action))).toEqual([]);
  });

  it("and nothing is allowed to the host that nobody calls", () => {
    const called = ["ec2", "dynamodb", "sqs", "s3"].flatMap((service) =>
      actionsOf(service, service),
    );
    // EC2 asks for these two of who buys.
    const implied = ["iam:PassRole", "ssm:GetParameters"];
    const idle = allowed("orchestrator").filter(
      (action) => !called.includes(action) && !implied.includes(action),
    );
    expect(idle).toEqual([]);
  });
});
