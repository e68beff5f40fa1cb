import { expect } from "vitest";
import { codeOf, described, type Ec2Case, fleetInput, runInput } from "./ec2-stage.ts";

/** What launches do and refuse. */
export const launchCases: readonly Ec2Case[] = [
  {
    name: "RunInstances launches as many as asked, in one reservation, pending at first",
    async run(stage) {
      const { Instances, ReservationId } = await stage.api.runInstances(runInput(stage, 2));
      expect(ReservationId).toMatch(/^r-[0-9a-f]+$/u);
      expect(new Set(Instances.map(({ InstanceId }) => InstanceId)).size).toBe(2);
      expect(Instances.map(({ State }) => State)).toEqual([
        { Code: 0, Name: "pending" },
        { Code: 0, Name: "pending" },
      ]);
      expect(Instances[0]?.Placement.AvailabilityZone).toBe(stage.zones[0]);
    },
  },
  {
    name: "RunInstances launches MaxCount when there is room",
    moto: { why: "launches MinCount and ignores MaxCount", shows: "expected 1 to be 3" },
    async run(stage) {
      const input = { ...runInput(stage), MaxCount: 3 };
      expect((await stage.api.runInstances(input)).Instances.length).toBe(3);
    },
  },
  {
    name: "RunInstances refuses a MinCount of 0",
    moto: { why: "launches nothing and calls it a success", shows: "expected 'none' to be" },
    async run(stage) {
      const call = stage.api.runInstances({ ...runInput(stage), MinCount: 0 });
      expect(await codeOf(call)).toBe("InvalidParameterValue");
    },
  },
  {
    name: "RunInstances refuses a MaxCount below MinCount",
    moto: { why: "does not read MaxCount", shows: "expected 'none' to be" },
    async run(stage) {
      const call = stage.api.runInstances({ ...runInput(stage, 2), MaxCount: 1 });
      expect(await codeOf(call)).toBe("InvalidParameterValue");
    },
  },
  {
    name: "RunInstances answers a repeated token with the instances of the first call",
    moto: { why: "stores the token and buys again", shows: "to deeply equal [ 'i-" },
    async run(stage) {
      const input = { ...runInput(stage), ClientToken: "token-repeated" };
      const first = await stage.api.runInstances(input);
      const again = await stage.api.runInstances(input);
      expect(again.Instances.map(({ InstanceId }) => InstanceId)).toEqual(
        first.Instances.map(({ InstanceId }) => InstanceId),
      );
    },
  },
  {
    name: "RunInstances refuses a token with other parameters",
    moto: { why: "stores the token and buys again", shows: "expected 'none' to be" },
    async run(stage) {
      const input = { ...runInput(stage), ClientToken: "token-changed" };
      await stage.api.runInstances(input);
      const call = stage.api.runInstances({ ...input, InstanceType: "m7g.large" });
      expect(await codeOf(call)).toBe("IdempotentParameterMismatch");
    },
  },
  {
    name: "RunInstances buys a second machine for the same token in another zone",
    async run(stage) {
      const input = { ...runInput(stage), ClientToken: "token-of-a-zone" };
      const first = await stage.api.runInstances(input);
      const SubnetId = stage.subnetOf(stage.zones[1]);
      const second = await stage.api.runInstances({ ...input, SubnetId });
      expect(second.Instances[0]?.InstanceId).not.toBe(first.Instances[0]?.InstanceId);
    },
  },
  {
    name: "RunInstances refuses a token of more than 64 characters",
    moto: { why: "takes a token of any length", shows: "expected 'none' to be" },
    async run(stage) {
      const call = stage.api.runInstances({ ...runInput(stage), ClientToken: "t".repeat(65) });
      expect(await codeOf(call)).toBe("InvalidParameterValue");
    },
  },
  {
    name: "RunInstances refuses a launch template that does not exist",
    moto: { why: "falls over with HTTP 500", shows: "expected 'HTTP 500'" },
    async run(stage) {
      const LaunchTemplate = { LaunchTemplateId: "lt-0fedcba9876543210" };
      const call = stage.api.runInstances({ ...runInput(stage), LaunchTemplate });
      expect(await codeOf(call)).toMatch(/^InvalidLaunchTemplateId\.NotFound/u);
    },
  },
  {
    name: "RunInstances refuses a subnet that does not exist",
    async run(stage) {
      const call = stage.api.runInstances({ ...runInput(stage), SubnetId: "subnet-0fedcba9" });
      expect(await codeOf(call)).toBe("InvalidSubnetID.NotFound");
    },
  },
  {
    name: "RunInstances refuses an instance type that does not exist",
    moto: {
      why: "takes any word for a type unless told to validate",
      shows: "expected 'none' to be",
    },
    async run(stage) {
      const call = stage.api.runInstances({ ...runInput(stage), InstanceType: "c7g.gigantic" });
      expect(await codeOf(call)).toBe("InvalidParameterValue");
    },
  },
  {
    name: "RunInstances refuses a tag key that instance metadata cannot show",
    moto: { why: "launches", shows: "expected 'none' to be" },
    async run(stage) {
      const Tags = [{ Key: "cost centre", Value: "1" }];
      const TagSpecifications = [{ ResourceType: "instance", Tags }];
      const MetadataOptions = { InstanceMetadataTags: "enabled" };
      const input = { ...runInput(stage), TagSpecifications, MetadataOptions };
      expect(await codeOf(stage.api.runInstances(input))).toBe("InvalidParameterValue");
    },
  },
  {
    name: "RunInstances of spot tells the lifecycle and the request",
    moto: {
      why: "tells the lifecycle, and no SpotInstanceRequestId",
      shows: "expected '' to match",
    },
    async run(stage) {
      const InstanceMarketOptions = { MarketType: "spot" };
      const input = { ...runInput(stage), InstanceMarketOptions };
      const [made] = (await stage.api.runInstances(input)).Instances;
      expect(made?.InstanceLifecycle).toBe("spot");
      expect(made?.SpotInstanceRequestId ?? "").toMatch(/^sir-/u);
    },
  },
  {
    name: "CreateFleet launches on demand, and says how",
    async run(stage) {
      const { FleetId, Instances, Errors } = await stage.api.createFleet(fleetInput(stage, 2));
      expect(FleetId).toMatch(/^fleet-/u);
      expect(Errors).toEqual([]);
      expect(Instances.flatMap(({ InstanceIds }) => InstanceIds).length).toBe(2);
      expect(new Set(Instances.map(({ Lifecycle }) => Lifecycle))).toEqual(new Set(["on-demand"]));
      expect(Instances[0]?.LaunchTemplateAndOverrides.Overrides.SubnetId).toBe(
        stage.subnetOf(stage.zones[0]),
      );
    },
  },
  {
    name: "CreateFleet launches spot",
    async run(stage) {
      const { Instances } = await stage.api.createFleet(fleetInput(stage, 1, "spot"));
      const [id = ""] = Instances.flatMap(({ InstanceIds }) => InstanceIds);
      expect((await described(stage, [id]))[0]?.InstanceLifecycle).toBe("spot");
    },
  },
  {
    name: "CreateFleet gives its instance tags to what it launches",
    async run(stage) {
      const Tags = [{ Key: "runs-fleet:attempt", Value: "a-1" }];
      const TagSpecifications = [{ ResourceType: "instance", Tags }];
      const fleet = { ...fleetInput(stage), TagSpecifications };
      const { Instances } = await stage.api.createFleet(fleet);
      const [id = ""] = Instances.flatMap(({ InstanceIds }) => InstanceIds);
      expect((await described(stage, [id]))[0]?.Tags).toEqual(expect.arrayContaining(Tags));
    },
  },
  {
    name: "CreateFleet launches nothing more for a repeated token, and answers without a body",
    moto: { why: "ignores the token: a second fleet", shows: "to deeply equal" },
    async run(stage) {
      const input = { ...fleetInput(stage), ClientToken: "fleet-repeated" };
      const first = await stage.api.createFleet(input);
      const again = await stage.api.createFleet(input);
      expect(again).toEqual({ FleetId: first.FleetId, Instances: [], Errors: [] });
    },
  },
  {
    name: "CreateFleet refuses a token with other parameters",
    moto: { why: "ignores the token: a second fleet", shows: "expected 'none' to be" },
    async run(stage) {
      const ClientToken = "fleet-changed";
      await stage.api.createFleet({ ...fleetInput(stage), ClientToken });
      const call = stage.api.createFleet({ ...fleetInput(stage, 2), ClientToken });
      expect(await codeOf(call)).toBe("IdempotentParameterMismatch");
    },
  },
  {
    name: "CreateFleet of spot is refused without an allocation strategy",
    moto: {
      why: "launches, and falls over with HTTP 500 when SpotOptions is there without one",
      shows: "expected 'none' to be",
    },
    async run(stage) {
      const { SpotOptions: _, ...input } = { SpotOptions: {}, ...fleetInput(stage, 1, "spot") };
      expect(await codeOf(stage.api.createFleet(input))).toBe("MissingParameter");
    },
  },
  {
    name: "CreateFleet refuses two pools that are the same",
    moto: { why: "takes the first", shows: "expected 'none' to match" },
    async run(stage) {
      const input = fleetInput(stage);
      const [config] = input.LaunchTemplateConfigs;
      if (config === undefined) throw new Error("The input has a configuration");
      const Overrides = [...config.Overrides, ...config.Overrides];
      const call = stage.api.createFleet({
        ...input,
        LaunchTemplateConfigs: [{ ...config, Overrides }],
      });
      expect(await codeOf(call)).toMatch(/^InvalidFleetConfig/u);
    },
  },
  {
    name: "CreateFleet refuses a minimum that is not of a single type or zone",
    moto: { why: "ignores MinTargetCapacity", shows: "expected 'none' to be" },
    async run(stage) {
      const OnDemandOptions = { AllocationStrategy: "lowest-price", MinTargetCapacity: 1 };
      const call = stage.api.createFleet({ ...fleetInput(stage), OnDemandOptions });
      expect(await codeOf(call)).toBe("InvalidParameterCombination");
    },
  },
];
