/**
 * The part of EC2's API that the model speaks, with EC2's own names, so that whoever speaks to EC2 can be put before it.
 * Fields that are not here are not modelled, and are refused with `UnknownParameter`.
 */

/** A tag. A value may be empty, a key may not. */
export interface Ec2Tag {
  /** Up to 127 characters, distinct within one resource; must not begin with `aws:`. */
  readonly Key: string;
  /** Up to 256 characters. */
  readonly Value: string;
}

/** Tags that a launch gives to what it makes. */
export interface Ec2TagSpecification {
  /** What to tag, such as `instance` or `volume`; the model keeps the tags of `instance` only. */
  readonly ResourceType: string;
  /** Tags for each resource of that type. */
  readonly Tags: readonly Ec2Tag[];
}

/** Which launch template. Exactly one of id and name. */
export interface Ec2TemplateReference {
  /** Such as `lt-01`. */
  readonly LaunchTemplateId?: string;
  /** Such as `linux-arm64`. */
  readonly LaunchTemplateName?: string;
  /** `1`, `$Default` or `$Latest`: templates of the model never change. A fleet must say it. Absent: the default. */
  readonly Version?: string;
}

/** Input of {@link Ec2Api.runInstances}. */
export interface RunInstancesInput {
  /** 1 to 64 printable ASCII characters; sent again, it answers the first launch. Absent: every call launches. */
  readonly ClientToken?: string;
  /** Fewest instances to launch, at least 1; with room for fewer, none is launched. */
  readonly MinCount: number;
  /** Most instances to launch, at least `MinCount`. */
  readonly MaxCount: number;
  /** What to launch from; the model refuses a launch without it. */
  readonly LaunchTemplate?: Ec2TemplateReference;
  /** An image of any template of the model. Absent: that of the template. */
  readonly ImageId?: string;
  /** Such as `c7g.large`. Absent: that of the template. */
  readonly InstanceType?: string;
  /** Launches in the zone of this subnet, `subnet-<zone>`. */
  readonly SubnetId?: string;
  /** Launches in this zone. With neither it nor a subnet: the first zone that has room. */
  readonly Placement?: { readonly AvailabilityZone?: string };
  /** `spot` or `on-demand`. Absent: on demand. */
  readonly InstanceMarketOptions?: { readonly MarketType: string };
  /** `enabled` shows the tags in the instance's metadata. Absent: what the template says. */
  readonly MetadataOptions?: { readonly InstanceMetadataTags?: string };
  /** What a shutdown from inside does: `stop`, or `terminate`, the only one for spot. Absent: as the template says. */
  readonly InstanceInitiatedShutdownBehavior?: string;
  /** Base64. */
  readonly UserData?: string;
  /** Tags to launch with, at most one entry for each type of resource. */
  readonly TagSpecifications?: readonly Ec2TagSpecification[];
}

/** One way in which a fleet may launch. */
export interface Ec2FleetOverride {
  /** Such as `c7g.large`. Absent: that of the template. */
  readonly InstanceType?: string;
  /** Launches in the zone of this subnet, `subnet-<zone>`. */
  readonly SubnetId?: string;
  /** Launches in this zone. With neither it nor a subnet: any zone. */
  readonly AvailabilityZone?: string;
  /** An image of any template of the model. Absent: that of the template. */
  readonly ImageId?: string;
  /** The lowest is tried first, by strategies that go by priority. Absent: tried last. */
  readonly Priority?: number;
}

/** How a fleet spends one market. */
export interface Ec2FleetMarketOptions {
  /** Which pools come first, such as `lowest-price`; the model wants it for every market that is used. */
  readonly AllocationStrategy?: string;
  /** Fewest instances; with room for fewer, none is launched in this market. Needs one of the two below. */
  readonly MinTargetCapacity?: number;
  /** One type throughout: the first in the order of the strategy that has room for all, else the one with most. */
  readonly SingleInstanceType?: boolean;
  /** One zone throughout, chosen likewise; with both, one type of one zone. */
  readonly SingleAvailabilityZone?: boolean;
}

/** Input of {@link Ec2Api.createFleet}. */
export interface CreateFleetInput {
  /** 1 to 64 printable ASCII characters; sent again, it launches nothing. Absent: every call launches. */
  readonly ClientToken?: string;
  /** Must be `instant`; the model refuses all others. */
  readonly Type?: string;
  /** From what, and in which ways, to launch; at least one, and no type twice in one zone. */
  readonly LaunchTemplateConfigs: readonly {
    readonly LaunchTemplateSpecification: Ec2TemplateReference;
    readonly Overrides?: readonly Ec2FleetOverride[];
  }[];
  /** How many instances, and how many of them in which market; the rest goes to the default, else on demand. */
  readonly TargetCapacitySpecification: {
    readonly TotalTargetCapacity: number;
    readonly DefaultTargetCapacityType?: string;
    readonly OnDemandTargetCapacity?: number;
    readonly SpotTargetCapacity?: number;
  };
  /** How to spend the spot share; needed when there may be one. */
  readonly SpotOptions?: Ec2FleetMarketOptions;
  /** How to spend the on-demand share; needed when there may be one. */
  readonly OnDemandOptions?: Ec2FleetMarketOptions;
  /** Tags to launch with, at most one entry for each type of resource. */
  readonly TagSpecifications?: readonly Ec2TagSpecification[];
}

/** What a fleet launched in one way, or why it could not. */
export interface Ec2TemplateAndOverrides {
  /** The template, by its id. */
  readonly LaunchTemplateSpecification: Ec2TemplateReference;
  /** The way in which it was tried, as the request gave it. */
  readonly Overrides: Ec2FleetOverride;
}

/** Answer of {@link Ec2Api.createFleet}. Both lists may hold something; a replayed token has neither. */
export interface CreateFleetOutput {
  /** `fleet-` and hexadecimal digits; a replayed token answers the first one. */
  readonly FleetId: string;
  /** What was launched, one entry for each pool and market. */
  readonly Instances: readonly {
    readonly LaunchTemplateAndOverrides: Ec2TemplateAndOverrides;
    readonly Lifecycle: string;
    readonly InstanceIds: readonly string[];
    readonly InstanceType: string;
  }[];
  /** What could not be had, one entry for each pool and market, with EC2's code. */
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
  /** 0 pending, 16 running, 32 shutting down, 48 terminated, 64 stopping, 80 stopped. */
  readonly Code: number;
  /** The same in words. */
  readonly Name: Ec2StateName;
}

/** An instance as a listing shows it. */
export interface Ec2Instance {
  /** `i-` and 17 hexadecimal digits. */
  readonly InstanceId: string;
  /** Such as `c7g.large`. */
  readonly InstanceType: string;
  /** What it does, as far as this listing knows; listings may lag. */
  readonly State: Ec2State;
  /** Why it stopped or ended, such as `Client.UserInitiatedShutdown`; absent while it boots or runs. */
  readonly StateReason?: { readonly Code: string; readonly Message: string };
  /** Its zone, such as `us-east-1a`. */
  readonly Placement: { readonly AvailabilityZone: string };
  /** The subnet of its zone, `subnet-<zone>`. */
  readonly SubnetId: string;
  /** The image it was launched from. */
  readonly ImageId: string;
  /** What its type has. */
  readonly Architecture: "arm64" | "x86_64";
  /** Absent for Linux. */
  readonly Platform?: "windows";
  /** Epoch milliseconds; the SDKs make a date of it. A start sets it anew. */
  readonly LaunchTime: number;
  /** `spot`, or absent. */
  readonly InstanceLifecycle?: string;
  /** `sir-` and 8 hexadecimal digits for spot, else absent. */
  readonly SpotInstanceRequestId?: string;
  /** The token of its launch; empty where there was none, and for fleets. */
  readonly ClientToken: string;
  /** What it is tagged with; empty where a listing does not know the tags yet. */
  readonly Tags: readonly Ec2Tag[];
}

/** The instances of one launch. */
export interface Ec2Reservation {
  /** `r-` and 17 hexadecimal digits, shared by all instances of one launch. */
  readonly ReservationId: string;
  /** Those of the launch that this answer is about; a page may hold a part. */
  readonly Instances: readonly Ec2Instance[];
}

/** A condition: any of the values, `*` and `?` are wildcards. */
export interface Ec2Filter {
  /** What to compare, such as `instance-state-name` or `tag:<key>`; an unknown one is refused. */
  readonly Name: string;
  /** At least one; at most 200 over all filters of a request. */
  readonly Values: readonly string[];
}

/** What pages are made of. */
export interface Ec2Paging {
  /** Conditions that must all hold. Absent: everything passes. */
  readonly Filters?: readonly Ec2Filter[];
  /** Most items of a page, 5 to 1000. Absent: all on one page. */
  readonly MaxResults?: number;
  /** The token of the page before. Absent: the first page. */
  readonly NextToken?: string;
}

/** What a start, stop or termination changed. */
export interface Ec2StateChange {
  /** `i-` and 17 hexadecimal digits. */
  readonly InstanceId: string;
  /** The state when the call came. */
  readonly PreviousState: Ec2State;
  /** The state right after; the same where there was nothing to do. */
  readonly CurrentState: Ec2State;
}

/** Which instances. */
export interface Ec2Ids {
  /** 1 to 1000 ids; one that does not exist refuses the whole call. */
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
