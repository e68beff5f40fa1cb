/**
 * The part of EC2's API that the model speaks, with EC2's own names, so that whoever speaks to EC2 can be put before it.
 * Fields that are not here are not modelled, and are refused.
 */

/** A tag. A value may be empty, a key may not. */
export interface Ec2Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Tags that a launch gives to what it makes. */
export interface Ec2TagSpecification {
  readonly ResourceType: string;
  readonly Tags: readonly Ec2Tag[];
}

/** Which launch template. Exactly one of id and name. */
export interface Ec2TemplateReference {
  readonly LaunchTemplateId?: string;
  readonly LaunchTemplateName?: string;
  readonly Version?: string;
}

/** Input of {@link Ec2Api.runInstances}. */
export interface RunInstancesInput {
  readonly ClientToken?: string;
  readonly MinCount: number;
  readonly MaxCount: number;
  readonly LaunchTemplate?: Ec2TemplateReference;
  readonly ImageId?: string;
  readonly InstanceType?: string;
  readonly SubnetId?: string;
  readonly Placement?: { readonly AvailabilityZone?: string };
  readonly InstanceMarketOptions?: { readonly MarketType: string };
  readonly MetadataOptions?: { readonly InstanceMetadataTags?: string };
  readonly InstanceInitiatedShutdownBehavior?: string;
  /** Base64. */
  readonly UserData?: string;
  readonly TagSpecifications?: readonly Ec2TagSpecification[];
}

/** One way in which a fleet may launch. */
export interface Ec2FleetOverride {
  readonly InstanceType?: string;
  readonly SubnetId?: string;
  readonly AvailabilityZone?: string;
  readonly Priority?: number;
}

/** How a fleet spends one market. */
export interface Ec2FleetMarketOptions {
  readonly AllocationStrategy?: string;
  readonly MinTargetCapacity?: number;
  readonly SingleInstanceType?: boolean;
  readonly SingleAvailabilityZone?: boolean;
}

/** Input of {@link Ec2Api.createFleet}. */
export interface CreateFleetInput {
  readonly ClientToken?: string;
  readonly Type?: string;
  readonly LaunchTemplateConfigs: readonly {
    readonly LaunchTemplateSpecification: Ec2TemplateReference;
    readonly Overrides?: readonly Ec2FleetOverride[];
  }[];
  readonly TargetCapacitySpecification: {
    readonly TotalTargetCapacity: number;
    readonly DefaultTargetCapacityType?: string;
    readonly OnDemandTargetCapacity?: number;
    readonly SpotTargetCapacity?: number;
  };
  readonly SpotOptions?: Ec2FleetMarketOptions;
  readonly OnDemandOptions?: Ec2FleetMarketOptions;
  readonly TagSpecifications?: readonly Ec2TagSpecification[];
}

/** What a fleet launched in one way, or why it could not. */
export interface Ec2TemplateAndOverrides {
  readonly LaunchTemplateSpecification: Ec2TemplateReference;
  readonly Overrides: Ec2FleetOverride;
}

/** Answer of {@link Ec2Api.createFleet}. Both lists may hold something; a replayed token has neither. */
export interface CreateFleetOutput {
  readonly FleetId: string;
  readonly Instances: readonly {
    readonly LaunchTemplateAndOverrides: Ec2TemplateAndOverrides;
    readonly Lifecycle: string;
    readonly InstanceIds: readonly string[];
    readonly InstanceType: string;
  }[];
  readonly Errors: readonly {
    readonly LaunchTemplateAndOverrides: Ec2TemplateAndOverrides;
    readonly Lifecycle: string;
    readonly ErrorCode: string;
    readonly ErrorMessage: string;
  }[];
}

/** Names of states, as EC2 spells them. */
export type Ec2StateName =
  | "pending"
  | "running"
  | "stopping"
  | "stopped"
  | "shutting-down"
  | "terminated";

/** A state with its number. */
export interface Ec2State {
  readonly Code: number;
  readonly Name: Ec2StateName;
}

/** An instance as a listing shows it. */
export interface Ec2Instance {
  readonly InstanceId: string;
  readonly InstanceType: string;
  readonly State: Ec2State;
  readonly StateReason?: { readonly Code: string; readonly Message: string };
  readonly Placement: { readonly AvailabilityZone: string };
  readonly SubnetId: string;
  readonly ImageId: string;
  /** Epoch milliseconds; the SDKs make a date of it. A start sets it anew. */
  readonly LaunchTime: number;
  /** `spot`, or absent. */
  readonly InstanceLifecycle?: string;
  readonly SpotInstanceRequestId?: string;
  readonly ClientToken: string;
  readonly Tags: readonly Ec2Tag[];
}

/** The instances of one launch. */
export interface Ec2Reservation {
  readonly ReservationId: string;
  readonly Instances: readonly Ec2Instance[];
}

/** A condition: any of the values, `*` and `?` are wildcards. */
export interface Ec2Filter {
  readonly Name: string;
  readonly Values: readonly string[];
}

/** What pages are made of. */
export interface Ec2Paging {
  readonly Filters?: readonly Ec2Filter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** What a start, stop or termination changed. */
export interface Ec2StateChange {
  readonly InstanceId: string;
  readonly PreviousState: Ec2State;
  readonly CurrentState: Ec2State;
}

/** Which instances. */
export interface Ec2Ids {
  readonly InstanceIds: readonly string[];
}

/** EC2 in one region. Every operation rejects with an {@link Ec2Error} whose name is EC2's code. */
export interface Ec2Api {
  /** Launches between `MinCount` and `MaxCount` of one type in one zone. A token of that zone launches once. */
  runInstances(input: RunInstancesInput): Promise<Ec2Reservation>;
  /** Launches what it can of a target over many types and zones; `instant` fleets only. */
  createFleet(input: CreateFleetInput): Promise<CreateFleetOutput>;
  /** Starts stopped instances: all of them or none. */
  startInstances(input: Ec2Ids): Promise<{ readonly StartingInstances: readonly Ec2StateChange[] }>;
  /** Stops running instances: all of them or none. */
  stopInstances(input: Ec2Ids): Promise<{ readonly StoppingInstances: readonly Ec2StateChange[] }>;
  /** Ends instances for good: all of them or none. */
  terminateInstances(
    input: Ec2Ids,
  ): Promise<{ readonly TerminatingInstances: readonly Ec2StateChange[] }>;
  /** Adds or overwrites tags of instances. */
  createTags(input: {
    readonly Resources: readonly string[];
    readonly Tags: readonly Ec2Tag[];
  }): Promise<void>;
  /** One page of instances. `MaxResults` counts instances, not reservations. */
  describeInstances(
    input?: Ec2Paging & { readonly InstanceIds?: readonly string[] },
  ): Promise<{ readonly Reservations: readonly Ec2Reservation[]; readonly NextToken?: string }>;
  /** One page of what is sold where. */
  describeInstanceTypeOfferings(input?: Ec2Paging & { readonly LocationType?: string }): Promise<{
    readonly InstanceTypeOfferings: readonly {
      readonly InstanceType: string;
      readonly LocationType: string;
      readonly Location: string;
    }[];
    readonly NextToken?: string;
  }>;
  /** What spot costs now. */
  describeSpotPriceHistory(
    input?: Ec2Paging & { readonly InstanceTypes?: readonly string[] },
  ): Promise<{
    readonly SpotPriceHistory: readonly {
      readonly InstanceType: string;
      readonly AvailabilityZone: string;
      readonly ProductDescription: string;
      readonly SpotPrice: string;
      readonly Timestamp: number;
    }[];
    readonly NextToken?: string;
  }>;
}
