import { describeStack, renderCloudFormation } from "@runs-fleet/aws/stack";
import { applyStack, createStackClients, type StackOutputs } from "@runs-fleet/aws/stack/apply";

/** For CloudFormation: VPC, subnets and images are its parameters. */
export const template = renderCloudFormation(describeStack({ environment: "ci", intake: true }));

/** For emulators and trials: makes what is missing, and tells what hosts have to know. */
export async function makeStack(accountId: string, vpcId: string): Promise<StackOutputs> {
  const region = "eu-west-1";
  const images = { "linux-arm64": { imageId: "ami-0123456789abcdef0" } };
  const stack = describeStack({ environment: "trial", region, accountId, vpcId, images });
  await using clients = createStackClients({ region });
  return (await applyStack(clients, stack)).outputs;
}
