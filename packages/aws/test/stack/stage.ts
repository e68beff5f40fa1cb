import { DescribeSubnetsCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { describeStack, type Stack, type StackOptions } from "@runs-fleet/aws/stack";
import { createStackClients, type StackClients } from "@runs-fleet/aws/stack/apply";
import type { TestAws } from "../../testing/test-aws.ts";

/** A stack that nobody else has, in an account on emulators. */
export interface StackStage {
  readonly clients: StackClients;
  readonly environment: string;
  /** The same stack, with other options. */
  stack(options?: Partial<StackOptions>): Stack;
  /** Where machines can be launched. */
  readonly subnetIds: readonly string[];
}

/** Describes a stack for an account. Nothing is made yet. */
export async function openStackStage(aws: TestAws): Promise<StackStage> {
  const { endpoint, region, credentials } = aws.clientOptions();
  const clients = createStackClients({ endpoint, region, credentials });
  const { Vpcs = [] } = await clients.ec2.send(new DescribeVpcsCommand({}));
  const vpcId = Vpcs[0]?.VpcId ?? "";
  const { Subnets = [] } = await clients.ec2.send(new DescribeSubnetsCommand({}));
  const environment = aws.name("ci");
  return {
    clients,
    environment,
    subnetIds: Subnets.flatMap(({ SubnetId }) => SubnetId ?? []).slice(0, 2),
    stack: (options = {}) =>
      describeStack({
        environment,
        region,
        accountId: aws.accountId,
        vpcId,
        images: {
          "linux-arm64": { imageId: "ami-12345678" },
          "linux-x64": { imageId: "ami-87654321" },
        },
        tags: { team: "ci" },
        ...options,
      }),
  };
}
