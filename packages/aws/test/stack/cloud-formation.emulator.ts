import { renderCloudFormation } from "@runs-fleet/aws/stack";
import { planStack } from "@runs-fleet/aws/stack/apply";
import { expect, it, vi } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { openStackStage } from "./stage.ts";

// Some hundred calls, of emulators that others use as well.
vi.setConfig({ testTimeout: 120_000 });

/** What moto's CloudFormation passes over, whatever the template says. */
const leftOut: ReadonlySet<string> = new Set([
  "time to live",
  "point-in-time recovery",
  "role's policies",
  "bucket's public access block",
  "bucket's ownership",
  "bucket's versions",
  "bucket's lifecycle",
]);

/** One call of CloudFormation, in its query protocol: no client of it is needed for anything else. */
async function cloudFormation(aws: TestAws, action: string, input: Record<string, string>) {
  const scope = `${aws.credentials.accessKeyId}/20261128/${aws.region}/cloudformation/aws4_request`;
  const response = await fetch(aws.url, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ Action: action, Version: "2010-05-15", ...input }),
  });
  return { status: response.status, text: await response.text() };
}

it("what CloudFormation makes of the template is what the stack says, as far as moto goes", async () => {
  await using aws = await openAws({ tables: "moto" });
  const stage = await openStackStage(aws);
  const { clients } = stage;
  const options = { intake: true, hosts: ["ecs", "ec2"] } as const;
  const template = renderCloudFormation(stage.stack(options));
  const made = await cloudFormation(aws, "CreateStack", {
    StackName: "runs-fleet-ci",
    TemplateBody: template,
    "Parameters.member.1.ParameterKey": "SubnetIds",
    "Parameters.member.1.ParameterValue": stage.subnetIds.join(","),
    "Capabilities.member.1": "CAPABILITY_NAMED_IAM",
  });
  expect(made).toMatchObject({ status: 200 });
  const steps = (await planStack(clients, stage.stack(options))).filter(
    ({ kind, state }) => state !== "present" && !leftOut.has(kind),
  );
  // The policy of a queue is a resource of its own, which moto does not put on the queue.
  expect(steps.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    `queue ${stage.stack().names.queues.notices}`,
  ]);
  expect(steps[0]?.differences.map(({ what }) => what)).toEqual(["Policy"]);
});
