import type {
  CreateFleetInput,
  Ec2Api,
  Ec2Filter,
  Ec2FleetMarketOptions,
  Ec2FleetOverride,
  Ec2Paging,
  Ec2Tag,
  Ec2TagSpecification,
  Ec2TemplateReference,
  RunInstancesInput,
} from "./api.ts";
import { ec2Error } from "./ec2-error.ts";

/** What a request may hold; `true`: a value, whatever is in it. */
type Parameters = { readonly [name: string]: true | Parameters };
/** The same, typed so that no field of the model can be forgotten. */
type ParametersOf<Input> = { readonly [Name in keyof Required<Input>]: true | Parameters };

const tag: ParametersOf<Ec2Tag> = { Key: true, Value: true };
const filter: ParametersOf<Ec2Filter> = { Name: true, Values: true };
const tagSpecification: ParametersOf<Ec2TagSpecification> = { ResourceType: true, Tags: tag };
const template: ParametersOf<Ec2TemplateReference> = {
  LaunchTemplateId: true,
  LaunchTemplateName: true,
  Version: true,
};
const marketOptions: ParametersOf<Ec2FleetMarketOptions> = {
  AllocationStrategy: true,
  MinTargetCapacity: true,
  SingleInstanceType: true,
  SingleAvailabilityZone: true,
};
const override: ParametersOf<Ec2FleetOverride> = {
  InstanceType: true,
  SubnetId: true,
  AvailabilityZone: true,
  ImageId: true,
  Priority: true,
};
const paging: ParametersOf<Ec2Paging> = { Filters: filter, MaxResults: true, NextToken: true };
const ids = { InstanceIds: true } as const;

const runInstances: ParametersOf<RunInstancesInput> = {
  ClientToken: true,
  MinCount: true,
  MaxCount: true,
  LaunchTemplate: template,
  ImageId: true,
  InstanceType: true,
  SubnetId: true,
  Placement: { AvailabilityZone: true },
  InstanceMarketOptions: { MarketType: true },
  MetadataOptions: { InstanceMetadataTags: true },
  InstanceInitiatedShutdownBehavior: true,
  UserData: true,
  TagSpecifications: tagSpecification,
};
const createFleet: ParametersOf<CreateFleetInput> = {
  ClientToken: true,
  Type: true,
  LaunchTemplateConfigs: { LaunchTemplateSpecification: template, Overrides: override },
  TargetCapacitySpecification: {
    TotalTargetCapacity: true,
    DefaultTargetCapacityType: true,
    OnDemandTargetCapacity: true,
    SpotTargetCapacity: true,
  },
  SpotOptions: marketOptions,
  OnDemandOptions: marketOptions,
  TagSpecifications: tagSpecification,
};

function assertKnown(value: unknown, known: true | Parameters, path: string): void {
  if (known === true || typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) assertKnown(item, known, path);
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const own = `${path}${path === "" ? "" : "."}${name}`;
    const parameters = Object.hasOwn(known, name) ? known[name] : undefined;
    if (parameters === undefined)
      throw ec2Error("UnknownParameter", `The parameter ${own} is not recognized`);
    assertKnown(member, parameters, own);
  }
}

/**
 * The same operations, which reject with `UnknownParameter` what the model does not know: a parameter that it passed over
 * would seem to work.
 */
export function withKnownParameters(api: Ec2Api): Ec2Api {
  const checked =
    <Input extends object, Output>(
      known: Parameters,
      operation: (input: Input) => Promise<Output>,
    ): ((input?: Input) => Promise<Output>) =>
    async (input = {} as Input) => {
      assertKnown(input, known, "");
      return operation(input);
    };
  return {
    runInstances: checked(runInstances, api.runInstances),
    createFleet: checked(createFleet, api.createFleet),
    startInstances: checked(ids, api.startInstances),
    stopInstances: checked(ids, api.stopInstances),
    terminateInstances: checked(ids, api.terminateInstances),
    createTags: checked({ Resources: true, Tags: tag }, api.createTags),
    describeInstances: checked({ ...paging, ...ids }, api.describeInstances),
    describeInstanceTypeOfferings: checked(
      { ...paging, LocationType: true },
      api.describeInstanceTypeOfferings,
    ),
    describeSpotPriceHistory: checked(
      { ...paging, InstanceTypes: true },
      api.describeSpotPriceHistory,
    ),
  };
}
