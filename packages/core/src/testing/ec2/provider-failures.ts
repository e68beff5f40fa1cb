import { type FailureKind, FleetError } from "../../ports/failure.ts";
import { isEc2Error } from "./ec2-error.ts";

/** What to do about the codes that EC2 answers; those that begin with `Invalid` are `config` unless they are here. */
const kinds: Readonly<Record<string, FailureKind>> = {
  InsufficientInstanceCapacity: "capacity",
  InsufficientFreeAddressesInSubnet: "capacity",
  UnfulfillableCapacity: "capacity",
  Unsupported: "capacity",
  VcpuLimitExceeded: "quota",
  InstanceLimitExceeded: "quota",
  MaxSpotInstanceCountExceeded: "quota",
  MaxFleetCountExceeded: "quota",
  RequestLimitExceeded: "throttled",
  AuthFailure: "auth",
  UnauthorizedOperation: "auth",
  IdempotentParameterMismatch: "config",
  MissingParameter: "config",
  TagLimitExceeded: "config",
  UnknownParameter: "config",
  UnsupportedOperation: "config",
  "InvalidInstanceID.NotFound": "not-found",
  IncorrectInstanceState: "conflict",
  InternalError: "unavailable",
  Unavailable: "unavailable",
};

/** What to do about a code. */
export function kindOfCode(code: string): FailureKind {
  return kinds[code] ?? (code.startsWith("Invalid") ? "config" : "unknown");
}

/** The error as the port speaks of it; what EC2 did not answer stays what it is. */
export function toFleetError(error: unknown): unknown {
  if (!isEc2Error(error)) return error;
  return new FleetError({
    kind: kindOfCode(error.name),
    message: `EC2 answers ${error.name}: ${error.message}`,
    cause: error,
  });
}
