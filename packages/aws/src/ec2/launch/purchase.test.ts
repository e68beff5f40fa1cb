import type { LaunchAttempt, Market } from "@runs-fleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ec2Offerings } from "./plan-offerings.ts";
import { fleetRequest, type Purchase, runRequest, tokenOf } from "./purchase.ts";
import { rootMapping } from "./root-volume.ts";

const arm = { LaunchTemplateId: "lt-0a", Version: "$Default" };
const intel = { LaunchTemplateName: "intel", Version: "3" };
const [a, b] = [
  { id: "subnet-a", zone: "eu-west-1a" },
  { id: "subnet-b", zone: "eu-west-1b" },
];

const attempt: LaunchAttempt = {
  id: "a-1",
  token: "t-1",
  shard: "ci/eu-west-1",
  environment: "ci",
  region: "eu-west-1",
  count: 5,
  shape: { os: "linux", cpu: { min: 2, max: 2 } },
  markets: ["spot", "on-demand"],
  specHash: "s",
  deadlineMs: 1,
};

function purchase(market: Market, offerings: Ec2Offerings): Purchase {
  const tag = { Key: "team", Value: "ci" };
  const tags = { instance: [{ Key: "runs-fleet:attempt", Value: "a-1" }, tag], volume: [tag] };
  return { attempt, market, offerings, count: 3, token: "t-1.1", tags };
}

const both: Ec2Offerings = [
  { type: "c7g.large", subnet: a, template: arm },
  { type: "c7i.large", subnet: a, template: intel },
  { type: "c7g.large", subnet: b, template: { ...arm } },
];

const tagSpecifications = [
  {
    ResourceType: "instance",
    Tags: [
      { Key: "runs-fleet:attempt", Value: "a-1" },
      { Key: "team", Value: "ci" },
    ],
  },
  { ResourceType: "volume", Tags: [{ Key: "team", Value: "ci" }] },
];

describe("fleetRequest", () => {
  it("holds both architectures in one call, one configuration for each template", () => {
    expect(fleetRequest(purchase("spot", both))).toEqual({
      ClientToken: "t-1.1",
      Type: "instant",
      LaunchTemplateConfigs: [
        {
          LaunchTemplateSpecification: arm,
          Overrides: [
            { InstanceType: "c7g.large", SubnetId: "subnet-a" },
            { InstanceType: "c7g.large", SubnetId: "subnet-b" },
          ],
        },
        {
          LaunchTemplateSpecification: intel,
          Overrides: [{ InstanceType: "c7i.large", SubnetId: "subnet-a" }],
        },
      ],
      TargetCapacitySpecification: { TotalTargetCapacity: 3, DefaultTargetCapacityType: "spot" },
      SpotOptions: { AllocationStrategy: "price-capacity-optimized" },
      TagSpecifications: tagSpecifications,
    });
  });

  it("says the strategy of the market that it buys in, and of no other", () => {
    const request = fleetRequest(purchase("on-demand", both));
    expect(request.OnDemandOptions).toEqual({ AllocationStrategy: "lowest-price" });
    expect(request.SpotOptions).toBeUndefined();
    expect(request.TargetCapacitySpecification?.DefaultTargetCapacityType).toBe("on-demand");
  });

  it("gives each way its disk", () => {
    const root = rootMapping({ deviceName: "/dev/xvda", sizeGib: 30 }, 200);
    const [first] = both;
    const request = fleetRequest(purchase("spot", [{ ...first, root }]));
    expect(request.LaunchTemplateConfigs?.[0]?.Overrides?.[0]?.BlockDeviceMappings).toEqual([root]);
  });
});

describe("runRequest", () => {
  it("launches the best alone, between one and all", () => {
    const expected = {
      ClientToken: "t-1.1",
      MinCount: 1,
      MaxCount: 3,
      LaunchTemplate: arm,
      InstanceType: "c7g.large",
      SubnetId: "subnet-a",
      TagSpecifications: tagSpecifications,
    };
    expect(runRequest(purchase("on-demand", both))).toEqual(expected);
    expect(runRequest(purchase("spot", both))).toEqual({
      ...expected,
      InstanceMarketOptions: { MarketType: "spot" },
    });
  });
});

describe("tokenOf", () => {
  const token = fc.stringMatching(/^[\x21-\x7e]{1,64}$/u);

  it("is the attempt's own for the first call, and another one for each further call", () => {
    fc.assert(
      fc.property(token, (own) => {
        const tokens = [0, 1, 2].map((place) => tokenOf(own, place));
        expect(tokens[0]).toBe(own);
        expect(new Set(tokens).size).toBe(3);
        for (const each of tokens) expect(each).toMatch(/^[\x21-\x7e]{1,64}$/u);
      }),
    );
  });

  it("differs where attempts differ, also at their ends", () => {
    fc.assert(
      fc.property(token, token, (one, two) => {
        fc.pre(one !== two);
        expect(tokenOf(one, 1)).not.toBe(tokenOf(two, 1));
      }),
    );
    const stem = "x".repeat(63);
    expect(tokenOf(`${stem}1`, 1)).not.toBe(tokenOf(`${stem}2`, 1));
  });
});
