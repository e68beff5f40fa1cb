import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { SQSClient } from "@aws-sdk/client-sqs";
import { describeStack, type StackQueueKind } from "@runs-fleet/aws/stack";
import { applyStack, createStackClients } from "@runs-fleet/aws/stack/apply";
import type { TestAws } from "../../../packages/aws/testing/test-aws.ts";

/** What a world needs to know of its stack. */
export interface Made {
  readonly tableNames: readonly string[];
  readonly queueUrls: Readonly<Record<StackQueueKind, string>>;
  readonly subnetIds: readonly string[];
  readonly machineRoleId: string;
  /** Those of whoever looks on: not the orchestrator's. */
  readonly client: { readonly sqs: SQSClient };
}

/** Nobody looks inside. */
const image = { imageId: "ami-12345678" };

/** Makes an environment's stack on the emulators, as `runs-fleet-aws stack apply` does. */
export async function makeStack(aws: TestAws, environment: string): Promise<Made> {
  const credentials = aws.machine("maker", "AROAMAKER");
  const looking = aws.clientOptions({ credentials });
  const ec2 = new EC2Client(looking);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  ec2.destroy();
  const stack = describeStack({
    environment,
    region: aws.region,
    accountId: aws.accountId,
    vpcId: Subnets[0]?.VpcId ?? "",
    images: { "linux-arm64": image, "linux-x64": image },
  });
  await using clients = createStackClients({ region: aws.region, endpoint: aws.url, credentials });
  const { outputs } = await applyStack(clients, stack);
  const { machineRoleId, queueUrls } = outputs;
  const { demand, reports, notices } = queueUrls;
  if (!machineRoleId || !demand || !reports || !notices) throw new Error("The stack is not whole");
  return {
    tableNames: stack.tables.map(({ name }) => name),
    queueUrls: { demand, reports, notices },
    subnetIds: Subnets.flatMap(({ SubnetId }) => SubnetId ?? []),
    machineRoleId,
    client: { sqs: new SQSClient(looking) },
  };
}
