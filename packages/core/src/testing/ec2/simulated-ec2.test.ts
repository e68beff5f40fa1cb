import { describe, expect, it } from "vitest";
import { createSeededEntropy } from "../seeded-entropy.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import type { CreateFleetInput } from "./api.ts";
import { createSimulatedEc2, type SimulatedEc2Options } from "./simulated-ec2.ts";
import type { Ec2News } from "./world.ts";

const minutes = 60_000;

function setUp(options: Partial<SimulatedEc2Options> = {}) {
  const clock = createVirtualClock(1_790_000_000_000);
  const news: Ec2News[] = [];
  const ec2 = createSimulatedEc2({
    clock,
    entropy: createSeededEntropy(3),
    onNews: (item) => news.push(item),
    ...options,
  });
  const run = (parts: object = {}) =>
    ec2.api.runInstances({
      MinCount: 1,
      MaxCount: 1,
      LaunchTemplate: { LaunchTemplateName: "linux-arm64" },
      InstanceType: "c7g.large",
      SubnetId: "subnet-us-east-1a",
      ...parts,
    });
  const states = () => ec2.instances().map(({ State }) => State.Name);
  return { clock, ec2, news, run, states };
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "none",
    (error: Error) => error.name,
  );
}

function fleet(
  types: readonly string[],
  count: number,
  market: "spot" | "on-demand" = "on-demand",
): CreateFleetInput {
  return {
    Type: "instant",
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: { LaunchTemplateName: "linux-arm64", Version: "1" },
        Overrides: types.map((InstanceType) => ({ InstanceType, SubnetId: "subnet-us-east-1a" })),
      },
    ],
    TargetCapacitySpecification: { TotalTargetCapacity: count, DefaultTargetCapacityType: market },
    SpotOptions: { AllocationStrategy: "price-capacity-optimized" },
    OnDemandOptions: { AllocationStrategy: "lowest-price" },
  };
}

describe("the simulated EC2", () => {
  it("takes a machine through its states in time, and shows its end for an hour", async () => {
    const { clock, ec2, run, states } = setUp();
    const { Instances } = await run();
    const InstanceIds = Instances.map(({ InstanceId }) => InstanceId);
    expect(states()).toEqual(["pending"]);
    await clock.advance(minutes);
    expect(states()).toEqual(["running"]);
    await ec2.api.terminateInstances({ InstanceIds });
    expect(states()).toEqual(["shutting-down"]);
    await clock.advance(2 * minutes);
    expect(states()).toEqual(["terminated"]);
    await clock.advance(57 * minutes);
    expect(states()).toEqual(["terminated"]);
    await clock.advance(3 * minutes);
    expect(states()).toEqual([]);
    expect(await codeOf(ec2.api.terminateInstances({ InstanceIds }))).toBe(
      "InvalidInstanceID.NotFound",
    );
  });

  it("boots Windows more slowly than Linux", async () => {
    const { news, run } = setUp();
    await run({ MaxCount: 20 });
    await run({
      MaxCount: 20,
      LaunchTemplate: { LaunchTemplateName: "windows-x64" },
      InstanceType: "c7i.large",
    });
    const ready = news.flatMap((item) => (item.kind === "booting" ? [item.readyAtMs] : []));
    expect(ready.length).toBe(40);
    expect(Math.max(...ready.slice(0, 20)) < Math.min(...ready.slice(20))).toBe(true);
    expect(new Set(ready.slice(0, 20)).size > 10).toBe(true);
  });

  it("says why an offering that has no room launched nothing", async () => {
    const { ec2, run } = setUp();
    ec2.setCapacity({ type: "c7g.large", zone: "us-east-1a" }, 2);
    expect((await run({ MaxCount: 5 })).Instances.length).toBe(2);
    expect(await codeOf(run())).toBe("InsufficientInstanceCapacity");
    expect(await codeOf(run({ SubnetId: "subnet-us-east-1b" }))).toBe("none");
    ec2.setCapacity({ type: "c7g.large", zone: "us-east-1a" }, 3);
    expect(await codeOf(run())).toBe("none");
  });

  it("launches a fleet in part, and tells what it launched and what it could not", async () => {
    const { ec2 } = setUp();
    ec2.setCapacity({ type: "c7g.large" }, 2);
    ec2.setCapacity({ type: "m7g.large" }, 0);
    const { Instances, Errors } = await ec2.api.createFleet(fleet(["c7g.large", "m7g.large"], 3));
    expect(Instances.flatMap(({ InstanceIds }) => InstanceIds).length).toBe(2);
    expect(Errors.map(({ ErrorCode }) => ErrorCode)).toEqual([
      "InsufficientInstanceCapacity",
      "InsufficientInstanceCapacity",
    ]);
  });

  it("tells an error beside a fleet that came up complete", async () => {
    const { ec2 } = setUp();
    ec2.setCapacity({ type: "c7g.large" }, 1);
    const { Instances, Errors } = await ec2.api.createFleet(fleet(["c7g.large", "m7g.large"], 3));
    expect(Instances.flatMap(({ InstanceIds }) => InstanceIds).length).toBe(3);
    expect(Errors.length).toBe(1);
  });

  it("refuses an offering that is not sold, which a listing would have told", async () => {
    const { ec2, run } = setUp({ isSold: ({ zone }) => zone !== "us-east-1a" });
    expect(await codeOf(run())).toBe("Unsupported");
    const { InstanceTypeOfferings } = await ec2.api.describeInstanceTypeOfferings({
      LocationType: "availability-zone",
      Filters: [{ Name: "instance-type", Values: ["c7g.large"] }],
    });
    expect(InstanceTypeOfferings.map(({ Location }) => Location)).toEqual([
      "us-east-1b",
      "us-east-1c",
    ]);
  });

  it("counts vCPUs of each market against its quota, stopped machines not", async () => {
    const { clock, ec2, run } = setUp({ quotas: { "on-demand": 4, spot: 2 } });
    const { Instances } = await run({ MinCount: 2, MaxCount: 2 });
    expect(await codeOf(run())).toBe("VcpuLimitExceeded");
    const spot = { InstanceMarketOptions: { MarketType: "spot" } };
    expect(await codeOf(run(spot))).toBe("none");
    expect(await codeOf(run(spot))).toBe("MaxSpotInstanceCountExceeded");
    await clock.advance(minutes);
    const InstanceIds = Instances.map(({ InstanceId }) => InstanceId);
    await ec2.api.stopInstances({ InstanceIds });
    await clock.advance(2 * minutes);
    expect(await codeOf(run({ MinCount: 2, MaxCount: 2 }))).toBe("none");
    expect(await codeOf(ec2.api.startInstances({ InstanceIds }))).toBe("VcpuLimitExceeded");
    const parts = await ec2.api.createFleet(fleet(["c7g.large", "m7g.large"], 1));
    expect(parts.Instances).toEqual([]);
    expect(new Set(parts.Errors.map(({ ErrorCode }) => ErrorCode))).toEqual(
      new Set(["VcpuLimitExceeded"]),
    );
  });

  it("keeps a fleet of several types within the quota", async () => {
    const { ec2 } = setUp({ quotas: { "on-demand": 6 } });
    ec2.setCapacity({ type: "c7g.large" }, 2);
    const { Instances } = await ec2.api.createFleet(fleet(["c7g.large", "m7g.large"], 5));
    expect(Instances.flatMap(({ InstanceIds }) => InstanceIds).length).toBe(3);
  });

  it("answers a repeated token with machines that have ended since", async () => {
    const { clock, ec2, run } = setUp();
    const first = await run({ ClientToken: "t" });
    const InstanceIds = first.Instances.map(({ InstanceId }) => InstanceId);
    await clock.advance(minutes);
    await ec2.api.terminateInstances({ InstanceIds });
    await clock.advance(2 * minutes);
    const again = await run({ ClientToken: "t" });
    expect(again.Instances.map(({ InstanceId, State }) => [InstanceId, State.Name])).toEqual([
      [InstanceIds[0], "terminated"],
    ]);
  });

  it("remembers no token of a launch that was refused", async () => {
    const { ec2, run } = setUp();
    ec2.setCapacity({}, 0);
    expect(await codeOf(run({ ClientToken: "t" }))).toBe("InsufficientInstanceCapacity");
    ec2.setCapacity({}, 1);
    expect((await run({ ClientToken: "t" })).Instances.length).toBe(1);
  });

  it("limits calls and instances by buckets that fill in time", async () => {
    const { clock, ec2, run } = setUp();
    const codes = await Promise.all(Array.from({ length: 6 }, () => codeOf(run())));
    expect(codes.filter((code) => code === "RequestLimitExceeded").length).toBe(1);
    await clock.advance(1_000);
    expect([await codeOf(run()), await codeOf(run()), await codeOf(run())]).toEqual([
      "none",
      "none",
      "RequestLimitExceeded",
    ]);
    await clock.advance(5_000);
    expect(await codeOf(run({ MinCount: 1, MaxCount: 1_000 }))).toBe("none");
    expect(await codeOf(run({ MinCount: 1, MaxCount: 100 }))).toBe("RequestLimitExceeded");
    expect(ec2.usage()["RunInstances"]).toEqual({ calls: 11, throttled: 3 });
  });

  it("counts calls and refuses none where it is told to have no buckets", async () => {
    const { ec2, run } = setUp({ limits: false });
    for (let call = 0; call < 20; call += 1) await run();
    expect(ec2.usage()["RunInstances"]).toEqual({ calls: 20, throttled: 0 });
  });

  it("gives a listing of everything a smaller bucket than one by pages", async () => {
    const { ec2 } = setUp();
    for (let call = 0; call < 50; call += 1) await ec2.api.describeInstances();
    expect(await codeOf(ec2.api.describeInstances())).toBe("RequestLimitExceeded");
    expect(await codeOf(ec2.api.describeInstances({ MaxResults: 1_000 }))).toBe("none");
  });

  it("may leave young machines out, show them without tags, and lag in state", async () => {
    const { clock, ec2, run } = setUp();
    const TagSpecifications = [
      { ResourceType: "instance", Tags: [{ Key: "runs-fleet:attempt", Value: "a" }] },
    ];
    const { Instances } = await run({ MaxCount: 50, TagSpecifications });
    const list = async () => {
      const { Reservations } = await ec2.api.describeInstances({ MaxResults: 1_000 });
      return Reservations.flatMap((reservation) => reservation.Instances);
    };
    const reads = { omitChance: 0.5, untaggedChance: 0.5, youngMs: 5 * minutes };
    ec2.change({ reads: { ...reads, lagChance: 0.5, lagMs: minutes } });
    await clock.advance(25_000);
    const seen = await list();
    expect(seen.length > 5 && seen.length < 45).toBe(true);
    expect(seen.some(({ Tags }) => Tags.length === 0)).toBe(true);
    expect(seen.some(({ Tags }) => Tags.length === 1)).toBe(true);
    expect(new Set(seen.map(({ State }) => State.Name))).toEqual(new Set(["pending", "running"]));
    await clock.advance(5 * minutes);
    const old = await list();
    expect(old.length).toBe(Instances.length);
    expect(old.every(({ Tags }) => Tags.length === 1)).toBe(true);
  });

  it("tells changed tags in metadata late, or never", async () => {
    const { clock, ec2, news, run } = setUp();
    const { Instances } = await run({ MaxCount: 40 });
    const Resources = Instances.map(({ InstanceId }) => InstanceId);
    const tags = () => news.filter(({ kind }) => kind === "tags").length;
    await ec2.api.createTags({ Resources, Tags: [{ Key: "ring", Value: "1" }] });
    expect(tags()).toBe(40);
    ec2.change({ metadataTags: { delayMs: [1_000, 60_000], neverChance: 0.5 } });
    await ec2.api.createTags({ Resources, Tags: [{ Key: "ring", Value: "2" }] });
    expect(tags()).toBe(40);
    await clock.advance(minutes);
    expect(tags() > 45 && tags() < 75).toBe(true);
  });

  it("fails a launch whose tag cannot be shown in metadata, unless that is off", async () => {
    const { ec2, run } = setUp();
    const Tags = [{ Key: "cost centre", Value: "1" }];
    const TagSpecifications = [{ ResourceType: "instance", Tags }];
    expect(await codeOf(run({ TagSpecifications }))).toBe("InvalidParameterValue");
    expect(ec2.instances()).toEqual([]);
    const MetadataOptions = { InstanceMetadataTags: "disabled" };
    expect(await codeOf(run({ TagSpecifications, MetadataOptions }))).toBe("none");
    const input = { ...fleet(["c7g.large"], 1), TagSpecifications };
    expect(await codeOf(ec2.api.createFleet(input))).toBe("InvalidParameterValue");
  });

  it("gives spot machines a notice of two minutes, and others none", async () => {
    const { clock, ec2, news, run } = setUp();
    const spot = await run({ InstanceMarketOptions: { MarketType: "spot" } });
    const other = await run();
    const ids = [...spot.Instances, ...other.Instances].map(({ InstanceId }) => InstanceId);
    await clock.advance(minutes);
    const atMs = clock.now();
    ec2.interrupt(ids);
    ec2.interrupt(ids);
    expect(news.filter(({ kind }) => kind === "interruption")).toEqual([
      { kind: "interruption", id: ids[0], endsAtMs: atMs + 2 * minutes },
    ]);
    await clock.advance(2 * minutes - 1);
    expect(ec2.instances().map(({ State }) => State.Name)).toEqual(["running", "running"]);
    await clock.advance(minutes);
    const [gone, kept] = ec2.instances();
    expect([gone?.State.Name, kept?.State.Name]).toEqual(["terminated", "running"]);
    expect(gone?.StateReason?.Code).toBe("Server.SpotInstanceTermination");
  });

  it("takes spot machines away in the end when they do not live for ever", async () => {
    const { clock, run, states } = setUp({ spotLifeMs: 60 * minutes });
    await run({ MaxCount: 30, InstanceMarketOptions: { MarketType: "spot" } });
    await clock.advance(60 * minutes);
    const left = states().filter((state) => state === "running").length;
    expect(left > 3 && left < 27).toBe(true);
  });

  it("launches machines that fail, never boot or hang", async () => {
    const { clock, news, run, states } = setUp();
    const { ec2 } = setUp();
    expect(ec2.instances()).toEqual([]);
    const sick = setUp({
      conditions: { fates: { failsToLaunch: 0.3, neverBoots: 0.3, hangs: 0.3 } },
    });
    await sick.run({ MaxCount: 60 });
    await sick.clock.advance(minutes);
    expect(new Set(sick.states())).toEqual(new Set(["running", "terminated"]));
    const boots = sick.news.flatMap((item) => (item.kind === "booting" ? [item] : []));
    expect(new Set(boots.map(({ fate }) => fate))).toEqual(
      new Set(["never-boots", "hangs", "sound"]),
    );
    for (const { fate, readyAtMs, hangsAtMs } of boots) {
      expect([readyAtMs < Number.POSITIVE_INFINITY, hangsAtMs < Number.POSITIVE_INFINITY]).toEqual([
        fate !== "never-boots",
        fate === "hangs",
      ]);
    }
    await run({ MaxCount: 10 });
    await clock.advance(minutes);
    expect(new Set(states())).toEqual(new Set(["running"]));
    expect(news.length).toBe(10);
  });

  it("answers no call while the region is down, and lets machines run", async () => {
    const { clock, ec2, run, states } = setUp();
    await run();
    ec2.change({ isDown: true });
    expect(await codeOf(run())).toBe("Unavailable");
    expect(await codeOf(ec2.api.describeInstances({ MaxResults: 5 }))).toBe("Unavailable");
    await clock.advance(minutes);
    expect(states()).toEqual(["running"]);
    ec2.change({ isDown: false });
    expect(await codeOf(run())).toBe("none");
  });

  it("ends a machine whose system shuts down, or stops it where it was told to", async () => {
    const { clock, ec2, run, states } = setUp();
    const one = await run();
    const two = await run({ InstanceInitiatedShutdownBehavior: "stop" });
    await clock.advance(minutes);
    for (const { InstanceId } of [...one.Instances, ...two.Instances]) ec2.shutDown(InstanceId);
    await clock.advance(5 * minutes);
    expect(states()).toEqual(["terminated", "stopped"]);
  });

  it("sells spot below the price on demand, and changes its mind in time", async () => {
    const { clock, ec2 } = setUp();
    const price = async () => {
      const { SpotPriceHistory } = await ec2.api.describeSpotPriceHistory({
        InstanceTypes: ["c7g.large"],
      });
      return SpotPriceHistory.map(({ SpotPrice }) => Number(SpotPrice));
    };
    const before = await price();
    expect(before.length).toBe(3);
    expect(before.every((usd) => usd > 0.02 && usd < 0.0725)).toBe(true);
    await clock.advance(24 * 60 * minutes);
    expect(await price()).not.toEqual(before);
  });

  it("is the same for the same seed", async () => {
    const story = async () => {
      const { clock, ec2, news, run } = setUp({ spotLifeMs: 10 * minutes });
      await run({ MaxCount: 10, InstanceMarketOptions: { MarketType: "spot" } });
      await clock.advance(60 * minutes);
      return JSON.stringify([news, ec2.instances()]);
    };
    expect(await story()).toBe(await story());
  });

  it("refuses options that make no region", () => {
    expect(() => setUp({ zones: [] })).toThrow(RangeError);
    expect(() => setUp({ region: "" })).toThrow(RangeError);
    expect(() => setUp({ terminatedVisibleMs: -1 })).toThrow(RangeError);
  });
});
