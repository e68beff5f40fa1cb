import { expect } from "vitest";
import {
  codeOf,
  described,
  type Ec2Case,
  expectStates,
  runInput,
  running,
  unknownId,
} from "./ec2-stage.ts";

const tag = (Key: string, Value = "v") => [{ Key, Value }];

/** What starts, stops, terminations and tags do and refuse. */
export const steerCases: readonly Ec2Case[] = [
  {
    name: "StopInstances and StartInstances take a machine down and up again",
    async run(stage) {
      const InstanceIds = await running(stage);
      const { StoppingInstances } = await stage.api.stopInstances({ InstanceIds });
      expect(StoppingInstances[0]?.PreviousState).toEqual({ Code: 16, Name: "running" });
      await stage.pass();
      await expectStates(stage, InstanceIds, "stopped");
      await stage.api.startInstances({ InstanceIds });
      await stage.pass();
      await expectStates(stage, InstanceIds, "running");
    },
  },
  {
    name: "StopInstances takes time: the machine is stopping first",
    moto: { why: "stops at once", shows: "expected [ 'stopped' ]" },
    async run(stage) {
      const InstanceIds = await running(stage);
      await stage.api.stopInstances({ InstanceIds });
      await expectStates(stage, InstanceIds, "stopping");
    },
  },
  {
    name: "StopInstances of a stopped machine and StartInstances of a running one are fine",
    async run(stage) {
      const InstanceIds = await running(stage);
      expect(await codeOf(stage.api.startInstances({ InstanceIds }))).toBe("none");
      await stage.api.stopInstances({ InstanceIds });
      await stage.pass();
      expect(await codeOf(stage.api.stopInstances({ InstanceIds }))).toBe("none");
      await expectStates(stage, InstanceIds, "stopped");
    },
  },
  {
    name: "StopInstances refuses a one-time spot machine",
    moto: { why: "stops it", shows: "expected 'none' to be" },
    async run(stage) {
      const InstanceMarketOptions = { MarketType: "spot" };
      const input = { ...runInput(stage), InstanceMarketOptions };
      const { Instances } = await stage.api.runInstances(input);
      await stage.pass();
      const InstanceIds = Instances.map(({ InstanceId }) => InstanceId);
      expect(await codeOf(stage.api.stopInstances({ InstanceIds }))).toBe("UnsupportedOperation");
      await expectStates(stage, InstanceIds, "running");
    },
  },
  {
    name: "StopInstances refuses a machine that is still pending",
    moto: { why: "has no pending phase", shows: "expected 'none' to be" },
    async run(stage) {
      const { Instances } = await stage.api.runInstances(runInput(stage));
      const InstanceIds = Instances.map(({ InstanceId }) => InstanceId);
      expect(await codeOf(stage.api.stopInstances({ InstanceIds }))).toBe("IncorrectInstanceState");
    },
  },
  {
    name: "StartInstances refuses a machine that is still stopping",
    moto: { why: "has no stopping phase", shows: "expected 'none' to be" },
    async run(stage) {
      const InstanceIds = await running(stage);
      await stage.api.stopInstances({ InstanceIds });
      expect(await codeOf(stage.api.startInstances({ InstanceIds }))).toBe(
        "IncorrectInstanceState",
      );
    },
  },
  {
    name: "StartInstances refuses a terminated machine",
    moto: { why: "brings it back to life", shows: "expected 'none' to be" },
    async run(stage) {
      const InstanceIds = await running(stage);
      await stage.api.terminateInstances({ InstanceIds });
      await stage.pass();
      expect(await codeOf(stage.api.startInstances({ InstanceIds }))).toBe(
        "IncorrectInstanceState",
      );
      await expectStates(stage, InstanceIds, "terminated");
    },
  },
  {
    name: "TerminateInstances with an unknown id terminates nothing",
    async run(stage) {
      const ids = await running(stage, 2);
      const call = stage.api.terminateInstances({ InstanceIds: [...ids, unknownId] });
      expect(await codeOf(call)).toBe("InvalidInstanceID.NotFound");
      await expectStates(stage, ids, "running", "running");
    },
  },
  {
    name: "StopInstances and StartInstances with an unknown id do nothing",
    async run(stage) {
      const ids = await running(stage);
      const InstanceIds = [...ids, unknownId];
      const code = "InvalidInstanceID.NotFound";
      expect(await codeOf(stage.api.stopInstances({ InstanceIds }))).toBe(code);
      expect(await codeOf(stage.api.startInstances({ InstanceIds }))).toBe(code);
      await expectStates(stage, ids, "running");
    },
  },
  {
    name: "TerminateInstances twice is fine, and the machine can still be seen",
    async run(stage) {
      const InstanceIds = await running(stage);
      await stage.api.terminateInstances({ InstanceIds });
      await stage.pass();
      expect(await codeOf(stage.api.terminateInstances({ InstanceIds }))).toBe("none");
      await expectStates(stage, InstanceIds, "terminated");
    },
  },
  {
    name: "TerminateInstances takes time: the machine is shutting down first",
    moto: { why: "ends it at once", shows: "expected [ 'terminated' ]" },
    async run(stage) {
      const InstanceIds = await running(stage);
      await stage.api.terminateInstances({ InstanceIds });
      await expectStates(stage, InstanceIds, "shutting-down");
    },
  },
  {
    name: "an id of the wrong form is malformed, not unknown",
    moto: { why: "calls it unknown", shows: "expected 'InvalidInstanceID.NotFound'" },
    async run(stage) {
      const call = stage.api.terminateInstances({ InstanceIds: ["machine-1"] });
      expect(await codeOf(call)).toBe("InvalidInstanceID.Malformed");
    },
  },
  {
    name: "CreateTags adds and overwrites",
    async run(stage) {
      const Resources = await running(stage);
      await stage.api.createTags({ Resources, Tags: tag("a", "1") });
      await stage.api.createTags({ Resources, Tags: [...tag("a", "2"), ...tag("b", "")] });
      const shown = (await described(stage, Resources))[0]?.Tags ?? [];
      const own = shown.filter(({ Key }) => Key === "a" || Key === "b");
      expect(own).toEqual([...tag("a", "2"), ...tag("b", "")]);
    },
  },
  {
    name: "CreateTags refuses an unknown id",
    moto: { why: "tags what does not exist", shows: "expected 'none' to be" },
    async run(stage) {
      const call = stage.api.createTags({ Resources: [unknownId], Tags: tag("a") });
      expect(await codeOf(call)).toBe("InvalidInstanceID.NotFound");
    },
  },
  {
    name: "CreateTags refuses keys of aws:",
    moto: { why: "takes them", shows: "expected 'none' to be" },
    async run(stage) {
      const Resources = await running(stage);
      const call = stage.api.createTags({ Resources, Tags: tag("aws:owner") });
      expect(await codeOf(call)).toBe("InvalidParameterValue");
    },
  },
  {
    name: "CreateTags refuses an empty key",
    moto: { why: "takes it", shows: "expected 'none' to be" },
    async run(stage) {
      const Resources = await running(stage);
      expect(await codeOf(stage.api.createTags({ Resources, Tags: tag("") }))).toBe(
        "InvalidParameterValue",
      );
    },
  },
  {
    name: "CreateTags refuses keys and values that are too long",
    moto: { why: "takes them", shows: "expected 'none' to be" },
    async run(stage) {
      const Resources = await running(stage);
      for (const Tags of [tag("k".repeat(129)), tag("k", "v".repeat(257))]) {
        expect(await codeOf(stage.api.createTags({ Resources, Tags }))).toBe(
          "InvalidParameterValue",
        );
      }
    },
  },
  {
    name: "CreateTags refuses the 51st tag",
    async run(stage) {
      const Resources = await running(stage);
      const Tags = Array.from({ length: 51 }, (_, index) => tag(`k${index}`)).flat();
      expect(await codeOf(stage.api.createTags({ Resources, Tags }))).toBe("TagLimitExceeded");
    },
  },
  {
    name: "CreateTags refuses a key twice in one call",
    moto: { why: "takes the last", shows: "expected 'none' to be" },
    async run(stage) {
      const Resources = await running(stage);
      const call = stage.api.createTags({ Resources, Tags: [...tag("a"), ...tag("a")] });
      expect(await codeOf(call)).toBe("InvalidParameterValue");
    },
  },
];
