import { createHash } from "node:crypto";
import type { CreateFleetCommandInput, RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import type { LaunchAttempt, Market } from "@runs-fleet/core";
import type { LaunchTags } from "../tags.ts";
import type { Ec2Offerings } from "./plan-offerings.ts";

/** One call that buys: a part of an attempt, in one market. */
export interface Purchase {
  /** The attempt. */
  readonly attempt: LaunchAttempt;
  /** The market. */
  readonly market: Market;
  /** Ways to launch, the best first. */
  readonly offerings: Ec2Offerings;
  /** How many machines. */
  readonly count: number;
  /** Its client token: {@link tokenOf}. */
  readonly token: string;
  /** Tags of what it launches. */
  readonly tags: LaunchTags;
}

/** Longest token of EC2. */
const longestToken = 64;

/**
 * The client token of the n-th call of an attempt, from 0. The first has the attempt's own. EC2 remembers a token together
 * with the request, so two calls never share one.
 */
export function tokenOf(attemptToken: string, place: number): string {
  if (place === 0) return attemptToken;
  const suffix = `.${place}`;
  const room = longestToken - suffix.length;
  const stem =
    attemptToken.length <= room
      ? attemptToken
      : createHash("sha256").update(attemptToken).digest("hex").slice(0, room);
  return `${stem}${suffix}`;
}

/** Strategies are always said: EC2's defaults have changed, and differ between its clients. */
const strategies = {
  spot: { SpotOptions: { AllocationStrategy: "price-capacity-optimized" } },
  "on-demand": { OnDemandOptions: { AllocationStrategy: "lowest-price" } },
} as const satisfies Record<Market, Partial<CreateFleetCommandInput>>;

/** An instant fleet over all offerings: one launch template configuration for each template, so that one call holds both architectures. */
export function fleetRequest(purchase: Purchase): CreateFleetCommandInput {
  const { market, offerings, count, token, tags } = purchase;
  const templates = new Map(offerings.map(({ template }) => [JSON.stringify(template), template]));
  return {
    ClientToken: token,
    Type: "instant",
    LaunchTemplateConfigs: [...templates].map(([key, template]) => ({
      LaunchTemplateSpecification: template,
      Overrides: offerings
        .filter((offering) => JSON.stringify(offering.template) === key)
        .map(({ type, subnet, image, root }) => ({
          InstanceType: type as InstanceTypeName,
          SubnetId: subnet.id,
          ...(image === undefined ? {} : { ImageId: image }),
          ...(root === undefined ? {} : { BlockDeviceMappings: [root] }),
        })),
    })),
    TargetCapacitySpecification: {
      TotalTargetCapacity: count,
      DefaultTargetCapacityType: market,
    },
    ...strategies[market],
    TagSpecifications: specifications(tags),
  };
}

/** The best offering alone. */
export function runRequest(purchase: Purchase): RunInstancesCommandInput {
  const { market, count, token, tags } = purchase;
  const [{ type, subnet, template, image, root }] = purchase.offerings;
  return {
    ClientToken: token,
    MinCount: 1,
    MaxCount: count,
    LaunchTemplate: template,
    InstanceType: type as InstanceTypeName,
    SubnetId: subnet.id,
    ...(image === undefined ? {} : { ImageId: image }),
    ...(root === undefined ? {} : { BlockDeviceMappings: [root] }),
    ...(market === "spot" ? { InstanceMarketOptions: { MarketType: "spot" } } : {}),
    TagSpecifications: specifications(tags),
  };
}

/** The SDK knows the types of its own day; EC2 sells newer ones. */
type InstanceTypeName = NonNullable<RunInstancesCommandInput["InstanceType"]>;

function specifications({ instance, volume }: LaunchTags) {
  return [
    { ResourceType: "instance" as const, Tags: [...instance] },
    { ResourceType: "volume" as const, Tags: [...volume] },
  ];
}
