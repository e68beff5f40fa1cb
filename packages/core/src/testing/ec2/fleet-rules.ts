import type { CreateFleetInput, Ec2FleetMarketOptions, Ec2FleetOverride } from "./api.ts";
import { ec2Error } from "./ec2-error.ts";
import type { Ec2Image } from "./images.ts";
import type { Ec2InstanceType } from "./instance-types.ts";
import { resolveImage, resolveTemplate, resolveType, resolveZone } from "./launch.ts";
import type { Ec2LaunchTemplate, Ec2World } from "./world.ts";

/** A type in a zone from which a fleet may launch. */
export interface FleetPool {
  readonly template: Ec2LaunchTemplate;
  readonly image: Ec2Image;
  readonly type: Ec2InstanceType;
  readonly zone: string;
  readonly override: Ec2FleetOverride;
  readonly priority: number | undefined;
}

const spotStrategies: ReadonlySet<string> = new Set([
  "price-capacity-optimized",
  "capacity-optimized",
  "capacity-optimized-prioritized",
  "lowest-price",
  "diversified",
]);
const onDemandStrategies: ReadonlySet<string> = new Set(["lowest-price", "prioritized"]);

function assertMarket(
  name: string,
  options: Ec2FleetMarketOptions | undefined,
  strategies: ReadonlySet<string>,
): void {
  const strategy = options?.AllocationStrategy;
  // EC2 has defaults; runs-fleet never relies on one, and moto falls over without a strategy.
  if (strategy === undefined) {
    throw ec2Error("MissingParameter", `${name} needs an AllocationStrategy`);
  }
  if (!strategies.has(strategy)) {
    throw ec2Error("InvalidParameterValue", `Invalid AllocationStrategy '${strategy}' of ${name}`);
  }
  const { MinTargetCapacity, SingleInstanceType, SingleAvailabilityZone } = options ?? {};
  const single = SingleInstanceType === true || SingleAvailabilityZone === true;
  if (MinTargetCapacity !== undefined && !single) {
    throw ec2Error(
      "InvalidParameterCombination",
      "MinTargetCapacity needs SingleInstanceType or SingleAvailabilityZone",
    );
  }
}

/**
 * What every fleet must look like.
 *
 * @throws An {@link Ec2Error} that says what is wrong.
 */
export function assertFleet(input: CreateFleetInput): void {
  if (input.Type !== "instant") {
    throw ec2Error("UnsupportedOperation", `The model has instant fleets, not ${input.Type}`);
  }
  if (input.LaunchTemplateConfigs.length === 0) {
    throw ec2Error("MissingParameter", "A fleet needs LaunchTemplateConfigs");
  }
  const { TotalTargetCapacity, ...rest } = input.TargetCapacitySpecification;
  if (!Number.isSafeInteger(TotalTargetCapacity) || TotalTargetCapacity < 1) {
    throw ec2Error("InvalidParameterValue", `TotalTargetCapacity is ${TotalTargetCapacity}`);
  }
  const usual = rest.DefaultTargetCapacityType ?? "on-demand";
  if (usual !== "spot" && usual !== "on-demand") {
    throw ec2Error("InvalidParameterValue", `Invalid DefaultTargetCapacityType '${usual}'`);
  }
  const { SpotTargetCapacity = 0, OnDemandTargetCapacity = 0 } = rest;
  if (SpotTargetCapacity + OnDemandTargetCapacity > TotalTargetCapacity) {
    throw ec2Error("InvalidTargetCapacitySpecification", "The parts exceed the total");
  }
  if (usual === "spot" || SpotTargetCapacity > 0) {
    assertMarket("SpotOptions", input.SpotOptions, spotStrategies);
  }
  if (usual === "on-demand" || OnDemandTargetCapacity > 0) {
    assertMarket("OnDemandOptions", input.OnDemandOptions, onDemandStrategies);
  }
}

/**
 * Every pool of a fleet. An override that names no zone stands for all of them.
 *
 * @throws An {@link Ec2Error} when one does not exist, or when two are the same: also two subnets of one zone.
 */
export function fleetPools(world: Ec2World, input: CreateFleetInput): readonly FleetPool[] {
  const pools: FleetPool[] = [];
  const seen = new Set<string>();
  for (const { LaunchTemplateSpecification, Overrides } of input.LaunchTemplateConfigs) {
    const template = resolveTemplate(world, LaunchTemplateSpecification);
    if (LaunchTemplateSpecification.Version === undefined) {
      throw ec2Error("MissingParameter", "A fleet needs the Version of its launch template");
    }
    for (const override of Overrides ?? [{}]) {
      const type = resolveType(world, override.InstanceType ?? template.instanceType);
      const image = resolveImage(world, template, type, override.ImageId);
      const zone = resolveZone(world, override.SubnetId, override.AvailabilityZone);
      for (const own of zone === undefined ? world.zones : [zone]) {
        const key = `${type.name} ${own}`;
        if (seen.has(key)) {
          throw ec2Error("InvalidFleetConfiguration", `Duplicate instance pools: ${key}`);
        }
        seen.add(key);
        pools.push({ template, image, type, zone: own, override, priority: override.Priority });
      }
    }
  }
  return pools;
}
