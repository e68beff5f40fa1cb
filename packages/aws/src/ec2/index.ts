export { createEc2Clients, type Ec2Clients } from "./clients.ts";
export { ec2FailureKind } from "./failure-kind.ts";
export {
  type Ec2LaunchTemplateOptions,
  launchTemplateData,
} from "./launch/launch-template-data.ts";
export type { Ec2RootVolume } from "./launch/root-volume.ts";
export {
  createEc2MachineProvider,
  type Ec2MachineProviderOptions,
  ec2FleetPace,
} from "./machine-provider.ts";
export { ec2TagKeys } from "./tag-rules.ts";
export { fitsShape } from "./types/fit-shape.ts";
export { type Ec2InstanceType, readInstanceType } from "./types/instance-type.ts";
export { type Ec2Prices, rankTypes } from "./types/rank-types.ts";
export {
  createEc2TypeSource,
  type Ec2TypeList,
  type Ec2TypeSource,
  type Ec2TypeSourceOptions,
} from "./types/type-source.ts";
