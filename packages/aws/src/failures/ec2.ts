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
      "InsufficientVolumeCapacity",
      "ReservationCapacityExceeded",
      "SpotMaxPriceTooLow",
      "Unsupported",
    ],
    quota: [
      "AddressLimitExceeded",
      "InstanceLimitExceeded",
      "MaxSpotFleetRequestCountExceeded",
      "MaxSpotInstanceCountExceeded",
      "ResourceLimitExceeded",
      "VcpuLimitExceeded",
      "VolumeLimitExceeded",
    ],
    auth: [
      "AuthFailure",
      "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
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
      "UnknownVolumeType.Unsupported",
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
    ],
    throttled: ["ConcurrentTagAccess"],
    unavailable: ["InternalError", "ServerInternal", "Unavailable"],
  }),
  rulesFrom(sources.fleet, {
    capacity: ["UnfulfillableCapacity"],
    quota: ["MaxFleetCountExceeded"],
  }),
);
