import { beforeEach, describe, expect, it } from "vitest";
import { createSeededEntropy } from "../seeded-entropy.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import type { CreateFleetInput, Ec2FleetMarketOptions, RunInstancesInput } from "./api.ts";
import { createSimulatedEc2, type SimulatedEc2 } from "./simulated-ec2.ts";

const none = { medianMs: 0, spread: 0 };
const slow = { medianMs: 300_000, spread: 0 };
const template = { LaunchTemplateName: "linux-arm64", Version: "1" };
let ec2: SimulatedEc2;
/** How long boots take, in their order. */
let bootsMs: number[];

beforeEach(() => {
  const clock = createVirtualClock(1_790_000_000_000);
  bootsMs = [];
  ec2 = createSimulatedEc2({
    clock,
    entropy: createSeededEntropy(3),
    times: { pendingMs: none, bootMs: { linux: none, windows: slow } },
    onNews: (news) => {
      if (news.kind === "booting") bootsMs.push(news.readyAtMs - clock.now());
    },
  });
});

/** Four types in two zones, three machines of them. */
function fleet(options: Ec2FleetMarketOptions): CreateFleetInput {
  const types = ["c7g.large", "m7g.large", "c7g.xlarge", "m7g.xlarge"];
  const Overrides = types.flatMap((InstanceType) =>
    ["a", "b"].map((zone) => ({ InstanceType, SubnetId: `subnet-us-east-1${zone}` })),
  );
  return {
    Type: "instant",
    LaunchTemplateConfigs: [{ LaunchTemplateSpecification: template, Overrides }],
    TargetCapacitySpecification: { TotalTargetCapacity: 3 },
    OnDemandOptions: { AllocationStrategy: "lowest-price", ...options },
  };
}

/** Where machines of a fleet are, such as `c7g.large us-east-1a`. */
async function placesOf(options: Ec2FleetMarketOptions): Promise<readonly string[]> {
  await ec2.api.createFleet(fleet(options));
  return ec2
    .instances()
    .map(({ InstanceType, Placement }) => `${InstanceType} ${Placement.AvailabilityZone}`)
    .sort();
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "none",
    (error: Error) => error.name,
  );
}

describe("a fleet of a single type or zone", () => {
  it("takes several types and zones when it need not be", async () => {
    ec2.setCapacity({}, 1);
    expect(await placesOf({})).toEqual([
      "c7g.large us-east-1a",
      "c7g.large us-east-1b",
      "m7g.large us-east-1a",
    ]);
  });

  it("takes the first type of the strategy that has room for all", async () => {
    ec2.setCapacity({}, 1);
    ec2.setCapacity({ type: "m7g.large", zone: "us-east-1b" }, 2);
    expect(await placesOf({ SingleInstanceType: true })).toEqual([
      "m7g.large us-east-1a",
      "m7g.large us-east-1b",
      "m7g.large us-east-1b",
    ]);
  });

  it("takes the first zone of the strategy that has room for all", async () => {
    ec2.setCapacity({ zone: "us-east-1a" }, 0);
    ec2.setCapacity({ zone: "us-east-1b" }, 2);
    expect(await placesOf({ SingleAvailabilityZone: true })).toEqual([
      "c7g.large us-east-1b",
      "c7g.large us-east-1b",
      "m7g.large us-east-1b",
    ]);
  });

  it("takes one type of one zone when both are asked for, and what it has when no lot has all", async () => {
    ec2.setCapacity({}, 1);
    ec2.setCapacity({ type: "c7g.xlarge", zone: "us-east-1b" }, 2);
    const options = { SingleInstanceType: true, SingleAvailabilityZone: true };
    expect(await placesOf(options)).toEqual(["c7g.xlarge us-east-1b", "c7g.xlarge us-east-1b"]);
  });

  it("launches nothing below its minimum, and says why", async () => {
    ec2.setCapacity({}, 1);
    const options = { SingleInstanceType: true, MinTargetCapacity: 3 };
    const { Instances, Errors } = await ec2.api.createFleet(fleet(options));
    expect(Instances).toEqual([]);
    expect(new Set(Errors.map(({ ErrorCode }) => ErrorCode))).toEqual(
      new Set(["InsufficientInstanceCapacity"]),
    );
  });
});

describe("an image that a launch names", () => {
  const run: RunInstancesInput = { MinCount: 1, MaxCount: 1, LaunchTemplate: template };

  function fleetFrom(ImageId: string): CreateFleetInput {
    const { LaunchTemplateConfigs, ...rest } = fleet({});
    const Overrides = [{ InstanceType: "c7i.large", SubnetId: "subnet-us-east-1a", ImageId }];
    const configs = LaunchTemplateConfigs.map((config) => ({ ...config, Overrides }));
    return { ...rest, LaunchTemplateConfigs: configs };
  }

  it("decides on the system that boots", async () => {
    const InstanceType = "c7i.large";
    await ec2.api.runInstances({ ...run, InstanceType });
    await ec2.api.runInstances({ ...run, InstanceType, ImageId: "ami-windows-x64" });
    await ec2.api.createFleet(fleetFrom("ami-windows-x64"));
    expect(bootsMs).toEqual([0, 300_000, 300_000, 300_000, 300_000]);
    expect(ec2.instances().map(({ ImageId }) => ImageId)).toEqual([
      "ami-linux-arm64",
      ...Array.from({ length: 4 }, () => "ami-windows-x64"),
    ]);
  });

  it("exists, for each override of a fleet", async () => {
    expect(await codeOf(ec2.api.createFleet(fleetFrom("ami-mac")))).toBe("InvalidAMIID.NotFound");
    expect(ec2.instances()).toEqual([]);
  });
});

describe("a parameter that the model does not know", () => {
  const image = { ImageId: "ami-linux-arm64" };
  it.each([
    ["runInstances", { MinCount: 1, MaxCount: 1, LaunchTemplate: template, KeyName: "k" }],
    ["runInstances", { MinCount: 1, MaxCount: 1, LaunchTemplate: { ...template, ...image } }],
    ["createFleet", { ...fleet({}), Context: "c" }],
    ["createFleet", { ...fleet({ MaxTotalPrice: "1" } as Ec2FleetMarketOptions) }],
    ["startInstances", { InstanceIds: ["i-00000000000000001"], DryRun: true }],
    ["stopInstances", { InstanceIds: ["i-00000000000000001"], Force: true }],
    ["terminateInstances", { InstanceIds: ["i-00000000000000001"], Force: true }],
    ["createTags", { Resources: [], Tags: [{ Key: "a", Value: "b", Kind: "c" }] }],
    ["describeInstances", { Filters: [{ Name: "instance-id", Values: [], Not: true }] }],
    ["describeInstanceTypeOfferings", { toString: 1 }],
    ["describeSpotPriceHistory", { StartTime: 1 }],
  ] as const)("is refused by %s: %o", async (operation, input) => {
    const call = ec2.api[operation] as (input: object) => Promise<unknown>;
    expect(await codeOf(call(input))).toBe("UnknownParameter");
    expect(ec2.instances()).toEqual([]);
  });

  it("is none that is undefined", async () => {
    const input = { KeyName: undefined, MaxResults: 5 };
    expect(await codeOf(ec2.api.describeInstances(input))).toBe("none");
  });
});
