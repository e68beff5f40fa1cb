import { commonRules } from "./common.ts";
import { rulesFrom, tableOf } from "./rule.ts";
import { sources } from "./sources.ts";

/**
 * What EC2's codes mean to somebody who buys, stops and ends machines. A subnet, an image or a template that is not there is a
 * mistake of the configuration, not a machine that has gone.
 */
export const ec2Failures = tableOf(
  commonRules,
  rulesFrom(sources.ec2, {
    capacity: [
      "InsufficientAddressCapacity",
      "InsufficientCapacity",
      "InsufficientFreeAddressesInSubnet",
      "InsufficientHostCapacity",
      "InsufficientInstanceCapacity",
      "InsufficientReservedInstanceCapacity",
      "InsufficientReservedInstancesCapacity",
      "InsufficientVolumeCapacity",
      "ReservationCapacityExceeded",
      "SpotMaxPriceTooLow",
      "UnfulfillableCapacity",
      "Unsupported",
      "VolumeTypeNotAvailableInZone",
    ],
    quota: [
      "AddressLimitExceeded",
      "InstanceLimitExceeded",
      "MaxIOPSLimitExceeded",
      "MaxSpotFleetRequestCountExceeded",
      "MaxSpotInstanceCountExceeded",
      "MaxTemplateLimitExceeded",
      "MaxTemplateVersionLimitExceeded",
      "NetworkInterfaceLimitExceeded",
      "ResourceLimitExceeded",
      "VcpuLimitExceeded",
      "VolumeLimitExceeded",
    ],
    auth: [
      "AccountDisabled",
      "AuthFailure",
      "Blocked",
      "PendingVerification",
      "UnauthorizedOperation",
    ],
    config: [
      "DryRunOperation",
      "IdempotentParameterMismatch",
      "Invalid*",
      "OperationNotPermitted",
      "RequestResourceCountExceeded",
      "ResourceCountExceeded",
      "TagLimitExceeded",
      "TagPolicyViolation",
      "UnknownParameter",
      "UnknownVolumeType",
      "UnsupportedInstanceAttribute",
      "UnsupportedOperation",
      "VPCIdNotSpecified",
    ],
    "not-found": ["InvalidInstanceID.NotFound"],
    conflict: [
      "IdempotentInstanceTerminated",
      "IncorrectInstanceState",
      "IncorrectSpotRequestState",
      "IncorrectState",
      "InvalidLaunchTemplateName.AlreadyExistsException",
      "InvalidState",
    ],
    throttled: ["ConcurrentTagAccess"],
    unavailable: ["InternalError", "RetryableError", "ServerInternal", "Unavailable"],
  }),
  rulesFrom(sources.karpenter, {
    auth: ["AuthFailure.ServiceLinkedRoleCreationNotPermitted"],
    quota: ["MaxFleetCountExceeded"],
  }),
);
