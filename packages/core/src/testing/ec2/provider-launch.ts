import type { LaunchAttempt } from "../../ports/machine-provider.ts";
import { namesFamily } from "../../routing/family.ts";
import type { Market, Shape } from "../../routing/shape.ts";
import type { CreateFleetInput, Ec2TagSpecification, RunInstancesInput } from "./api.ts";
import type { Ec2InstanceType } from "./instance-types.ts";
import type { SimulatedEc2 } from "./simulated-ec2.ts";
import { subnetOf } from "./world.ts";

/** Keys of the tags that the provider goes by. */
export const tagKeys = Object.freeze({
  environment: "runs-fleet:environment",
  attempt: "runs-fleet:attempt",
  pool: "runs-fleet:pool",
  spec: "runs-fleet:spec",
  deadline: "runs-fleet:deadline",
  ring: "runs-fleet:ring",
});

/** Most types of one fleet. */
const mostTypes = 10;

/** The types that fit a shape, the cheapest first. */
export function typesFor(
  types: readonly Ec2InstanceType[],
  shape: Shape,
): readonly Ec2InstanceType[] {
  const { cpu, ramGib, arch, families = [], generation, os } = shape;
  const within = (value: number, { min, max }: { min: number; max?: number }): boolean =>
    value >= min && value <= (max ?? Number.POSITIVE_INFINITY);
  const isFit = (type: Ec2InstanceType): boolean => {
    const family = type.name.slice(0, type.name.indexOf("."));
    return (
      within(type.vcpus, cpu) &&
      (ramGib === undefined || within(type.memoryGib, ramGib)) &&
      (arch === undefined || type.arch === arch) &&
      (os !== "windows" || type.arch === "x64") &&
      (families.length === 0 || families.some((name) => namesFamily(name, type.name))) &&
      (generation === undefined || family.includes(String(generation)))
    );
  };
  return types
    .filter(isFit)
    .sort((one, two) => one.usdPerHour - two.usdPerHour)
    .slice(0, mostTypes);
}

/** All that names a machine; it also makes a token with other fields a mismatch. */
function tagsOf(attempt: LaunchAttempt): readonly Ec2TagSpecification[] {
  const own = {
    ...attempt.tags,
    [tagKeys.environment]: attempt.environment,
    [tagKeys.attempt]: attempt.id,
    [tagKeys.spec]: attempt.specHash,
    [tagKeys.deadline]: String(attempt.deadlineMs),
    ...(attempt.pool === undefined ? {} : { [tagKeys.pool]: attempt.pool }),
  };
  const Tags = Object.entries(own).map(([Key, Value]) => ({ Key, Value }));
  return [{ ResourceType: "instance", Tags }];
}

/** The token of an attempt in one of its markets. */
function tokenFor({ token, markets }: LaunchAttempt, market: Market): string {
  if (market === markets[0]) return token;
  return `${token.slice(0, 62)}.${markets.indexOf(market)}`;
}

/** The template of a type. */
function templateFor({ templates }: SimulatedEc2, type: Ec2InstanceType, { os }: Shape): string {
  const found = templates.find(({ name }) => name === `${os}-${type.arch}`);
  return found?.id ?? templates.find((template) => template.os === os)?.id ?? "";
}

/** A fleet over all types and zones that fit. */
export function fleetInput(
  ec2: SimulatedEc2,
  attempt: LaunchAttempt,
  types: readonly Ec2InstanceType[],
  market: Market,
  count: number,
): CreateFleetInput {
  const zones = attempt.zone === undefined ? ec2.zones : [attempt.zone];
  const templates = [...new Set(types.map((type) => templateFor(ec2, type, attempt.shape)))];
  return {
    ClientToken: tokenFor(attempt, market),
    Type: "instant",
    LaunchTemplateConfigs: templates.map((id) => ({
      LaunchTemplateSpecification: { LaunchTemplateId: id, Version: "1" },
      Overrides: types
        .filter((type) => templateFor(ec2, type, attempt.shape) === id)
        .flatMap(({ name }) =>
          zones.map((zone) => ({ InstanceType: name, SubnetId: subnetOf(zone) })),
        ),
    })),
    TargetCapacitySpecification: {
      TotalTargetCapacity: count,
      DefaultTargetCapacityType: market,
    },
    ...(market === "spot"
      ? { SpotOptions: { AllocationStrategy: "price-capacity-optimized" } }
      : { OnDemandOptions: { AllocationStrategy: "lowest-price" } }),
    TagSpecifications: tagsOf(attempt),
  };
}

/** One type in one zone. */
export function runInput(
  ec2: SimulatedEc2,
  attempt: LaunchAttempt,
  type: Ec2InstanceType,
  market: Market,
  count: number,
): RunInstancesInput {
  const zone = attempt.zone ?? ec2.zones[0] ?? "";
  return {
    ClientToken: tokenFor(attempt, market),
    MinCount: 1,
    MaxCount: count,
    LaunchTemplate: { LaunchTemplateId: templateFor(ec2, type, attempt.shape), Version: "1" },
    InstanceType: type.name,
    SubnetId: subnetOf(zone),
    ...(market === "spot" ? { InstanceMarketOptions: { MarketType: "spot" } } : {}),
    TagSpecifications: tagsOf(attempt),
  };
}
