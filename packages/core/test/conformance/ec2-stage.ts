import { expect } from "vitest";
import type { Ec2Api, Ec2Instance, Ec2StateName } from "../../src/testing/ec2/api.ts";

import type { Deviation } from "./emulator.ts";

/** A region to try things in, the model or an emulator. */
export interface Ec2Stage {
  readonly api: Ec2Api;
  /** A launch template with an image and an instance type. */
  readonly templateId: string;
  /** An image that is not the template's. */
  readonly otherImageId: string;
  /** Two zones of the region. */
  readonly zones: readonly [string, string];
  /** The subnet of a zone. */
  subnetOf(zone: string): string;
  /** Lets the time pass that a boot or a stop takes. */
  pass(): Promise<void>;
}

/** A rule of EC2, tried. */
export interface Ec2Case {
  /** A sentence; rows of the strictness table name it. */
  readonly name: string;
  /** How moto fails it; it then must fail in this way. Absent: moto passes. */
  readonly moto?: Deviation;
  run(stage: Ec2Stage): Promise<void>;
}

/** The code of the error with which a call ends, `none` when it succeeds. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "none";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

/** An id that nobody has. */
export const unknownId = "i-0fedcba9876543210";

/** The options of a launch of one machine in the first zone. */
export function runInput(stage: Ec2Stage, count = 1) {
  return {
    MinCount: count,
    MaxCount: count,
    LaunchTemplate: { LaunchTemplateId: stage.templateId },
    SubnetId: stage.subnetOf(stage.zones[0]),
  };
}

/** The options of a fleet of on-demand machines in the first zone. */
export function fleetInput(stage: Ec2Stage, count = 1, market: "spot" | "on-demand" = "on-demand") {
  const options =
    market === "spot"
      ? { SpotOptions: { AllocationStrategy: "price-capacity-optimized" } }
      : { OnDemandOptions: { AllocationStrategy: "lowest-price" } };
  return {
    Type: "instant",
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: { LaunchTemplateId: stage.templateId, Version: "1" },
        Overrides: [{ InstanceType: "c7g.large", SubnetId: stage.subnetOf(stage.zones[0]) }],
      },
    ],
    TargetCapacitySpecification: {
      TotalTargetCapacity: count,
      DefaultTargetCapacityType: market,
    },
    ...options,
  };
}

/** Launches, waits until all run, and answers the ids. */
export async function running(stage: Ec2Stage, count = 1): Promise<readonly string[]> {
  const { Instances } = await stage.api.runInstances(runInput(stage, count));
  await stage.pass();
  return Instances.map(({ InstanceId }) => InstanceId);
}

/** What a listing shows of these instances. */
export async function described(
  { api }: Ec2Stage,
  ids: readonly string[],
): Promise<readonly Ec2Instance[]> {
  const { Reservations } = await api.describeInstances({ InstanceIds: ids });
  return Reservations.flatMap(({ Instances }) => Instances);
}

/** Expects that the listing shows these states. */
export async function expectStates(
  stage: Ec2Stage,
  ids: readonly string[],
  ...states: readonly Ec2StateName[]
): Promise<void> {
  const shown = await described(stage, ids);
  const byId = new Map(shown.map(({ InstanceId, State }) => [InstanceId, State.Name]));
  expect(ids.map((id) => byId.get(id))).toEqual(states);
}
