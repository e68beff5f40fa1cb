export type {
  CreateFleetInput,
  CreateFleetOutput,
  Ec2Api,
  Ec2Filter,
  Ec2FleetMarketOptions,
  Ec2FleetOverride,
  Ec2Ids,
  Ec2Instance,
  Ec2Paging,
  Ec2Reservation,
  Ec2State,
  Ec2StateChange,
  Ec2StateName,
  Ec2Tag,
  Ec2TagSpecification,
  Ec2TemplateAndOverrides,
  Ec2TemplateReference,
  RunInstancesInput,
} from "./api.ts";
export { type Ec2Conditions, soundConditions } from "./conditions.ts";
export { type Ec2Error, isEc2Error } from "./ec2-error.ts";
export { createEc2Host, type Ec2Host, type Ec2HostOptions } from "./ec2-host.ts";
export type { Ec2Image, ImageBook } from "./images.ts";
export type { Ec2Fate } from "./instance.ts";
export { defaultInstanceTypes, type Ec2InstanceType } from "./instance-types.ts";
export type { Ec2Offering, Ec2OfferingMatch } from "./offerings.ts";
export {
  createSimulatedEc2,
  defaultEc2Times,
  type SimulatedEc2,
  type SimulatedEc2Options,
} from "./simulated-ec2.ts";
export {
  createSimulatedEc2Provider,
  type SimulatedEc2ProviderOptions,
} from "./simulated-ec2-provider.ts";
export { defaultEc2Limits, type Ec2Action, type Ec2Limit, type Ec2Usage } from "./throttle.ts";
export type { BucketSize } from "./token-bucket.ts";
export type { Ec2LaunchTemplate, Ec2Lid, Ec2News, Ec2Spread, Ec2Times } from "./world.ts";
