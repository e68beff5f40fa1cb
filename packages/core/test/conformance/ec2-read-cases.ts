import { expect } from "vitest";
import { codeOf, type Ec2Case, type Ec2Stage, runInput, running, unknownId } from "./ec2-stage.ts";

async function tagged(stage: Ec2Stage, value: string, count: number): Promise<readonly string[]> {
  const Tags = [{ Key: "case", Value: value }];
  const TagSpecifications = [{ ResourceType: "instance", Tags }];
  const input = { ...runInput(stage, count), TagSpecifications };
  const { Instances } = await stage.api.runInstances(input);
  return Instances.map(({ InstanceId }) => InstanceId);
}

async function found(stage: Ec2Stage, Name: string, ...Values: readonly string[]) {
  const { Reservations } = await stage.api.describeInstances({ Filters: [{ Name, Values }] });
  return Reservations.flatMap(({ Instances }) => Instances.map(({ InstanceId }) => InstanceId));
}

/** What listings show and refuse. */
export const readCases: readonly Ec2Case[] = [
  {
    name: "DescribeInstances filters by tag, with wildcards, and by the key alone",
    async run(stage) {
      const one = await tagged(stage, "filter-one", 1);
      const two = await tagged(stage, "filter-two", 1);
      expect(await found(stage, "tag:case", "filter-one")).toEqual(one);
      expect([...(await found(stage, "tag:case", "filter-*"))].sort()).toEqual(
        [...one, ...two].sort(),
      );
      expect(await found(stage, "tag-key", "case")).toEqual(
        expect.arrayContaining([...one, ...two]),
      );
    },
  },
  {
    name: "DescribeInstances filters by state",
    async run(stage) {
      const [kept = "", ended = ""] = await running(stage, 2);
      await stage.api.terminateInstances({ InstanceIds: [ended] });
      await stage.pass();
      const shown = await found(stage, "instance-state-name", "running");
      expect([shown.includes(kept), shown.includes(ended)]).toEqual([true, false]);
    },
  },
  {
    name: "DescribeInstances refuses a filter that does not exist",
    moto: { why: "falls over with HTTP 500", shows: "expected 'HTTP 500'" },
    async run(stage) {
      expect(await codeOf(found(stage, "instance-colour", "red"))).toBe("InvalidParameterValue");
    },
  },
  {
    name: "DescribeInstances filters by lifecycle",
    moto: { why: "falls over with HTTP 500", shows: "<!doctype html>" },
    async run(stage) {
      const ids = await running(stage);
      expect(await found(stage, "instance-lifecycle", "spot")).not.toContain(ids[0]);
    },
  },
  {
    name: "DescribeInstances refuses an unknown id",
    async run(stage) {
      const call = stage.api.describeInstances({ InstanceIds: [unknownId] });
      expect(await codeOf(call)).toBe("InvalidInstanceID.NotFound");
    },
  },
  {
    name: "DescribeInstances counts instances, not reservations, in its pages",
    moto: { why: "counts reservations", shows: "expected 7 to be 5" },
    async run(stage) {
      const ids = await tagged(stage, "paged", 7);
      const Filters = [{ Name: "tag:case", Values: ["paged"] }];
      const first = await stage.api.describeInstances({ Filters, MaxResults: 5 });
      expect(first.Reservations.flatMap(({ Instances }) => Instances).length).toBe(5);
      const NextToken = first.NextToken ?? "";
      const rest = await stage.api.describeInstances({ Filters, MaxResults: 5, NextToken });
      expect(rest.NextToken).toBe(undefined);
      const shown = [...first.Reservations, ...rest.Reservations].flatMap(({ Instances }) =>
        Instances.map(({ InstanceId }) => InstanceId),
      );
      expect([...shown].sort()).toEqual([...ids].sort());
    },
  },
  {
    name: "DescribeInstances refuses a token that no page gave",
    moto: { why: "falls over with HTTP 500", shows: "expected 'HTTP 500'" },
    async run(stage) {
      const call = stage.api.describeInstances({ MaxResults: 5, NextToken: "nonsense" });
      expect(await codeOf(call)).toMatch(/^Invalid/u);
    },
  },
  {
    name: "DescribeInstances refuses ids together with a page size",
    async run(stage) {
      const InstanceIds = await running(stage);
      const call = stage.api.describeInstances({ InstanceIds, MaxResults: 5 });
      expect(await codeOf(call)).toBe("InvalidParameterCombination");
    },
  },
  {
    name: "DescribeInstances refuses pages of fewer than 5",
    moto: { why: "takes any size", shows: "expected 'none' to be" },
    async run(stage) {
      expect(await codeOf(stage.api.describeInstances({ MaxResults: 4 }))).toBe(
        "InvalidParameterValue",
      );
    },
  },
  {
    name: "DescribeInstanceTypeOfferings tells zones, and filters by type and location",
    async run(stage) {
      const { InstanceTypeOfferings } = await stage.api.describeInstanceTypeOfferings({
        LocationType: "availability-zone",
        Filters: [
          { Name: "instance-type", Values: ["c7g.large"] },
          { Name: "location", Values: [stage.zones[0]] },
        ],
      });
      expect(InstanceTypeOfferings).toEqual([
        {
          InstanceType: "c7g.large",
          LocationType: "availability-zone",
          Location: stage.zones[0],
        },
      ]);
    },
  },
  {
    name: "DescribeInstanceTypeOfferings has pages",
    moto: { why: "answers all at once", shows: "to be 5" },
    async run(stage) {
      const page = await stage.api.describeInstanceTypeOfferings({ MaxResults: 5 });
      expect(page.InstanceTypeOfferings.length).toBe(5);
      expect(page.NextToken === undefined).toBe(false);
    },
  },
];
