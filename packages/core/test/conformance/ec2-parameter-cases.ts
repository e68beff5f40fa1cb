import { expect } from "vitest";
import type { RunInstancesInput } from "../../src/testing/ec2/api.ts";
import {
  codeOf,
  described,
  type Ec2Case,
  type Ec2Stage,
  fleetInput,
  runInput,
} from "./ec2-stage.ts";

/** A fleet in the first zone, of these types. */
function fleetOf(
  stage: Ec2Stage,
  types: readonly string[],
  market: "spot" | "on-demand",
  count = 1,
) {
  const input = fleetInput(stage, count, market);
  const [config] = input.LaunchTemplateConfigs;
  if (config === undefined) throw new Error("The input has a configuration");
  const SubnetId = stage.subnetOf(stage.zones[0]);
  const Overrides = types.map((InstanceType) => ({ InstanceType, SubnetId }));
  return { ...input, LaunchTemplateConfigs: [{ ...config, Overrides }] };
}

/** The same fleet, of another version of its template; `undefined`: it names none. */
function withVersion(stage: Ec2Stage, Version: string | undefined) {
  const input = fleetInput(stage);
  const version = Version === undefined ? {} : { Version };
  const LaunchTemplateSpecification = { LaunchTemplateId: stage.templateId, ...version };
  const configs = input.LaunchTemplateConfigs.map((config) => ({
    ...config,
    LaunchTemplateSpecification,
  }));
  return { ...input, LaunchTemplateConfigs: configs };
}

/** What images, versions and other parameters do, and which are refused. */
export const parameterCases: readonly Ec2Case[] = [
  {
    name: "RunInstances launches from the image that it names",
    async run(stage) {
      const input = { ...runInput(stage), ImageId: stage.otherImageId };
      const { Instances } = await stage.api.runInstances(input);
      expect(Instances.map(({ ImageId }) => ImageId)).toEqual([stage.otherImageId]);
    },
  },
  {
    name: "RunInstances refuses an image that does not exist",
    moto: { why: "takes any word for an image", shows: "expected 'none' to be" },
    async run(stage) {
      const call = stage.api.runInstances({ ...runInput(stage), ImageId: "ami-0fedcba9876543210" });
      expect(await codeOf(call)).toBe("InvalidAMIID.NotFound");
    },
  },
  {
    name: "RunInstances refuses what is no id of an image",
    moto: { why: "takes any word for an image", shows: "expected 'none' to be" },
    async run(stage) {
      const call = stage.api.runInstances({ ...runInput(stage), ImageId: "linux-arm64" });
      expect(await codeOf(call)).toBe("InvalidAMIID.Malformed");
    },
  },
  {
    name: "CreateFleet launches from the image that an override names",
    async run(stage) {
      const input = fleetInput(stage);
      const configs = input.LaunchTemplateConfigs.map(({ Overrides, ...rest }) => ({
        ...rest,
        Overrides: Overrides.map((override) => ({ ...override, ImageId: stage.otherImageId })),
      }));
      const fleet = { ...input, LaunchTemplateConfigs: configs };
      const { Instances } = await stage.api.createFleet(fleet);
      const ids = Instances.flatMap(({ InstanceIds }) => InstanceIds);
      const images = (await described(stage, ids)).map(({ ImageId }) => ImageId);
      expect(images).toEqual([stage.otherImageId]);
    },
  },
  {
    name: "RunInstances knows the default and the latest version of a template",
    async run(stage) {
      for (const Version of ["1", "$Default", "$Latest"]) {
        const LaunchTemplate = { LaunchTemplateId: stage.templateId, Version };
        const { Instances } = await stage.api.runInstances({ ...runInput(stage), LaunchTemplate });
        expect(Instances.length).toBe(1);
      }
    },
  },
  {
    name: "RunInstances refuses a version that the template does not have",
    async run(stage) {
      const LaunchTemplate = { LaunchTemplateId: stage.templateId, Version: "7" };
      const call = stage.api.runInstances({ ...runInput(stage), LaunchTemplate });
      expect(await codeOf(call)).toBe("InvalidLaunchTemplateId.VersionNotFound");
    },
  },
  {
    name: "CreateFleet refuses a version that the template does not have",
    async run(stage) {
      const call = stage.api.createFleet(withVersion(stage, "7"));
      expect(await codeOf(call)).toBe("InvalidLaunchTemplateId.VersionNotFound");
    },
  },
  {
    name: "CreateFleet refuses a template without a version",
    moto: { why: "takes the default version", shows: "expected 'none' to be" },
    async run(stage) {
      const call = stage.api.createFleet(withVersion(stage, undefined));
      expect(await codeOf(call)).toBe("MissingParameter");
    },
  },
  {
    name: "CreateFleet of a single type launches no other",
    moto: { why: "ignores SingleInstanceType", shows: "expected 2 to be 1" },
    async run(stage) {
      const SpotOptions = { AllocationStrategy: "diversified", SingleInstanceType: true };
      const input = fleetOf(stage, ["c7g.large", "m7g.large"], "spot", 4);
      const { Instances } = await stage.api.createFleet({ ...input, SpotOptions });
      const ids = Instances.flatMap(({ InstanceIds }) => InstanceIds);
      const types = (await described(stage, ids)).map(({ InstanceType }) => InstanceType);
      expect(types.length).toBe(4);
      expect(new Set(types).size).toBe(1);
    },
  },
  {
    name: "a parameter that does not exist is refused",
    moto: { why: "passes it over", shows: "expected 'none' to be" },
    async run(stage) {
      const input = { ...runInput(stage), InstanceTypo: "c7g.large" } as RunInstancesInput;
      expect(await codeOf(stage.api.runInstances(input))).toBe("UnknownParameter");
    },
  },
];
