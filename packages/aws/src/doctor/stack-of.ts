import { adopted } from "../main/stack/adopt.ts";
import { describeStack, type Stack, type StackOptions } from "../stack/index.ts";
import { type DoctorContext, known } from "./context.ts";

/** What stands for a VPC and an image in rows that are about neither. */
const noVpc = "vpc-00000000";
const noImages = { "linux-x64": { imageId: "ami-00000000" } };

/** What has to be there, launch templates and what depends on them aside. Calls nothing. */
export function stackOf(context: DoctorContext): Stack {
  return describeStack({ ...placed(context), images: noImages });
}

/** The same, with images and VPC as they are: the policy of the orchestrator speaks of them. */
export async function adoptedStackOf(context: DoctorContext): Promise<Stack> {
  const { clients, facts } = context;
  const { prefix } = stackOf(context).names;
  const { vpcId } = known(facts.subnets, "the subnets");
  return describeStack(await adopted(clients, prefix, { ...placed(context), vpcId }));
}

function placed({
  options,
  facts,
  region,
}: DoctorContext): StackOptions & { readonly vpcId: string } {
  const { environment, fifo } = options;
  const { accountId } = known(facts.identity, "the account");
  return { environment, fifo, region, accountId, vpcId: facts.subnets?.vpcId ?? noVpc };
}
