import type { SimulatedEc2 } from "@runs-fleet/core/testing";
import { describeImages } from "./describe-images.ts";
import type { Parameters } from "./read-form.ts";
import { refusal } from "./refusal.ts";

/** What the server can be asked. */
export type Operation = (input: Parameters) => Promise<object>;

/** The operations of a region by their names. The model checks what it gets, so forms are handed to it as they are. */
export function operationsOf(ec2: SimulatedEc2): ReadonlyMap<string, Operation> {
  const { api } = ec2;
  const ofModel = <Input>(operation: (input: Input) => Promise<unknown>): Operation => {
    return async (input) => {
      const output = await operation(input as Input);
      return typeof output === "object" && output !== null ? output : { Return: true };
    };
  };
  return new Map<string, Operation>([
    ["CreateFleet", ofModel(api.createFleet)],
    ["CreateTags", ofModel(api.createTags)],
    ["DescribeInstanceTypeOfferings", ofModel(api.describeInstanceTypeOfferings)],
    ["DescribeInstances", ofModel(api.describeInstances)],
    ["RunInstances", ofModel(api.runInstances)],
    ["StartInstances", ofModel(api.startInstances)],
    ["StopInstances", ofModel(api.stopInstances)],
    ["TerminateInstances", ofModel(api.terminateInstances)],
    ["DescribeInstanceTypes", async () => ({ InstanceTypes: typesOf(ec2) })],
    ["DescribeImages", async (input) => describeImages(ec2.images.all(), input)],
    ["DescribeSubnets", async ({ SubnetIds }) => ({ Subnets: subnetsOf(ec2, SubnetIds) })],
  ]);
}

/** The model's types in the words of EC2; it has no burstable, accelerated or bare ones. */
function typesOf({ types }: SimulatedEc2) {
  return types.map(({ name, vcpus, memoryGib, arch }) => ({
    InstanceType: name,
    CurrentGeneration: true,
    SupportedUsageClasses: ["on-demand", "spot"],
    BareMetal: false,
    ProcessorInfo: { SupportedArchitectures: [arch === "arm64" ? "arm64" : "x86_64"] },
    VCpuInfo: { DefaultVCpus: vcpus },
    MemoryInfo: { SizeInMiB: memoryGib * 1_024 },
    BurstablePerformanceSupported: false,
  }));
}

/** The model has one subnet in each zone, `subnet-<zone>`. */
function subnetsOf({ zones }: SimulatedEc2, wanted: Parameters[string] | undefined) {
  const ids = Array.isArray(wanted) ? (wanted as readonly string[]) : undefined;
  const all = zones.map((zone) => ({ SubnetId: `subnet-${zone}`, AvailabilityZone: zone }));
  const missing = ids?.find((id) => !all.some(({ SubnetId }) => SubnetId === id));
  if (missing !== undefined) {
    throw refusal("InvalidSubnetID.NotFound", `The subnet ID '${missing}' does not exist`);
  }
  return ids === undefined ? all : all.filter(({ SubnetId }) => ids.includes(SubnetId));
}
