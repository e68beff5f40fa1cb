import type { Instance } from "@aws-sdk/client-ec2";
import { FleetError, type ObservedMachine, type ObservedState } from "@runs-fleet/core";
import { ec2TagKeys } from "./tag-rules.ts";

const states: ReadonlySet<string> = new Set<ObservedState>([
  "pending",
  "running",
  "stopping",
  "stopped",
  "shutting-down",
  "terminated",
]);

/**
 * An instance as the port speaks of it. Without the tag of its attempt nobody knows whose it is: tags may be late.
 *
 * @throws A {@link FleetError} `unknown` when the answer lacks what every instance has: an answer that cannot be read is not an
 *   instance less.
 */
export function observeInstance(instance: Instance): ObservedMachine {
  const {
    InstanceId: id,
    State,
    LaunchTime,
    InstanceLifecycle,
    Placement,
    InstanceType,
  } = instance;
  const state = State?.Name;
  if (id === undefined || LaunchTime === undefined || state === undefined || !states.has(state)) {
    const message = `EC2 shows an instance that cannot be read: ${id ?? "no id"}, ${state ?? "no state"}`;
    throw new FleetError({ kind: "unknown", message });
  }
  const attemptId = instance.Tags?.find(({ Key }) => Key === ec2TagKeys.attempt)?.Value;
  const zone = Placement?.AvailabilityZone;
  return {
    id,
    ...(attemptId === undefined ? {} : { attemptId }),
    state: state as ObservedState,
    market: InstanceLifecycle === "spot" ? "spot" : "on-demand",
    ...(zone === undefined ? {} : { zone }),
    ...(InstanceType === undefined ? {} : { instanceType: InstanceType }),
    launchedAtMs: LaunchTime.getTime(),
  };
}
