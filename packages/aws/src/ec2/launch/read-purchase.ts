import type { CreateFleetCommandOutput, Instance } from "@aws-sdk/client-ec2";
import type { FailureKind, LaunchFailure, ObservedMachine } from "@runs-fleet/core";
import { ec2FailureKind } from "../failure-kind.ts";
import { observeInstance } from "../observe-instance.ts";
import type { Purchase } from "./purchase.ts";
import type { Ec2Subnet } from "./subnets.ts";

/** What one call bought, and why not all. */
export interface Bought {
  /** What it bought. */
  readonly machines: readonly ObservedMachine[];
  /** One for each offering that was tried in vain; never empty when something is missing. */
  readonly failures: readonly LaunchFailure[];
}

/** Longest text of EC2 that is passed on. */
const longestMessage = 300;

/**
 * What an instant fleet answers.
 *
 * @returns `undefined` when it names neither machines nor errors: a repeated token, of which nothing can be learnt.
 */
export function readFleet(
  purchase: Purchase,
  answer: Pick<CreateFleetCommandOutput, "Instances" | "Errors">,
  nowMs: number,
): Bought | undefined {
  const { Instances = [], Errors = [] } = answer;
  if (Instances.length === 0 && Errors.length === 0) return undefined;
  const { attempt, market, offerings } = purchase;
  const subnets = new Map(offerings.map(({ subnet }) => [subnet.id, subnet]));
  const machines = Instances.flatMap((part) => {
    const zone = zoneOf(part.LaunchTemplateAndOverrides?.Overrides, subnets);
    const type = part.InstanceType;
    return (part.InstanceIds ?? []).map((id) => ({
      id,
      attemptId: attempt.id,
      state: "pending" as const,
      market: part.Lifecycle === "spot" ? ("spot" as const) : ("on-demand" as const),
      ...(zone === undefined ? {} : { zone }),
      ...(type === undefined ? {} : { instanceType: type }),
      launchedAtMs: nowMs,
    }));
  });
  const failures = Errors.map(({ ErrorCode = "", ErrorMessage = "", ...part }) => {
    const overrides = part.LaunchTemplateAndOverrides?.Overrides;
    const where = zoneOf(overrides, subnets) ?? overrides?.SubnetId ?? attempt.region;
    return {
      kind: ec2FailureKind(ErrorCode),
      offering: `${overrides?.InstanceType ?? "any"}:${where}:${market}`,
      message: `${ErrorCode}: ${ErrorMessage}`.slice(0, longestMessage),
    };
  });
  return complete(purchase, machines, failures);
}

/** What a launch of one type in one zone answers; for a repeated token, its machines as they are now. */
export function readRun(
  purchase: Purchase,
  answer: { readonly Instances?: readonly Instance[] | undefined },
): Bought {
  const machines = (answer.Instances ?? []).map((instance) => ({
    ...observeInstance(instance),
    attemptId: purchase.attempt.id,
  }));
  return complete(purchase, machines, []);
}

/** What may come of a failure: the best first, for a controller acts by the first. */
const order: readonly FailureKind[] = [
  "capacity",
  "quota",
  "throttled",
  "unavailable",
  "conflict",
  "unknown",
  "not-found",
  "auth",
  "config",
];

function complete(
  purchase: Purchase,
  machines: readonly ObservedMachine[],
  failures: readonly LaunchFailure[],
): Bought {
  const { attempt, market, count, offerings } = purchase;
  if (machines.length >= count) return { machines, failures: [] };
  if (failures.length > 0) {
    const sorted = [...failures].sort(
      (left, right) => order.indexOf(left.kind) - order.indexOf(right.kind),
    );
    return { machines, failures: sorted };
  }
  const what = attempt.zone === undefined ? "any" : offerings[0].type;
  const offering = `${what}:${attempt.zone ?? attempt.region}:${market}`;
  const message = `EC2 launched ${machines.length} of ${count} and does not say why`;
  return { machines, failures: [{ kind: "capacity", offering, message }] };
}

/** Whether another market may have what this one lacks. What is wrong with every offering is wrong there too, or wants an operator. */
export function mayBeHadElsewhere(failures: readonly LaunchFailure[]): boolean {
  return failures.some(({ kind }) => kind !== "config" && kind !== "auth");
}

function zoneOf(
  overrides:
    | { readonly SubnetId?: string | undefined; readonly AvailabilityZone?: string | undefined }
    | undefined,
  subnets: ReadonlyMap<string, Ec2Subnet>,
): string | undefined {
  return overrides?.AvailabilityZone ?? subnets.get(overrides?.SubnetId ?? "")?.zone;
}
