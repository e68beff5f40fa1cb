import type { CreateFleetError, CreateFleetInstance, Instance } from "@aws-sdk/client-ec2";
import { FleetError } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import type { Purchase } from "./purchase.ts";
import { mayBeHadElsewhere, readFleet, readRun } from "./read-purchase.ts";

const template = { LaunchTemplateId: "lt-0a", Version: "1" };
const purchase: Purchase = {
  attempt: {
    id: "a-1",
    token: "t-1",
    shard: "ci/eu-west-1",
    environment: "ci",
    region: "eu-west-1",
    count: 3,
    shape: { os: "linux", cpu: { min: 2, max: 2 } },
    markets: ["spot"],
    specHash: "s",
    deadlineMs: 1,
  },
  market: "spot",
  offerings: [
    { type: "c7g.large", subnet: { id: "subnet-a", zone: "eu-west-1a" }, template },
    { type: "m7g.large", subnet: { id: "subnet-b", zone: "eu-west-1b" }, template },
  ],
  count: 3,
  token: "t-1",
  tags: { instance: [], volume: [] },
};

const launched = (...ids: string[]): CreateFleetInstance => ({
  InstanceIds: ids,
  InstanceType: "c7g.large",
  Lifecycle: "spot",
  LaunchTemplateAndOverrides: { Overrides: { InstanceType: "c7g.large", SubnetId: "subnet-a" } },
});

const refused = (code: string, subnet = "subnet-b"): CreateFleetError => ({
  ErrorCode: code,
  ErrorMessage: "no",
  Lifecycle: "spot",
  LaunchTemplateAndOverrides: { Overrides: { InstanceType: "m7g.large", SubnetId: subnet } },
});

describe("readFleet", () => {
  it("tells each machine with its type, its zone and its attempt", () => {
    const answer = { Instances: [launched("i-1", "i-2"), launched("i-3")], Errors: [] };
    const { machines = [], failures } = readFleet(purchase, answer, 7) ?? {};
    expect(machines.map(({ id }) => id)).toEqual(["i-1", "i-2", "i-3"]);
    expect(machines[0]).toEqual({
      id: "i-1",
      attemptId: "a-1",
      state: "pending",
      market: "spot",
      zone: "eu-west-1a",
      instanceType: "c7g.large",
      launchedAtMs: 7,
    });
    expect(failures).toEqual([]);
  });

  it("keeps what came up, and says of each offering why it did not", () => {
    const answer = {
      Instances: [launched("i-1")],
      Errors: [refused("InsufficientInstanceCapacity"), refused("MaxSpotInstanceCountExceeded")],
    };
    const { machines, failures } = readFleet(purchase, answer, 7) ?? {};
    expect(machines).toHaveLength(1);
    expect(failures).toEqual([
      {
        kind: "capacity",
        offering: "m7g.large:eu-west-1b:spot",
        message: "InsufficientInstanceCapacity: no",
      },
      {
        kind: "quota",
        offering: "m7g.large:eu-west-1b:spot",
        message: "MaxSpotInstanceCountExceeded: no",
      },
    ]);
  });

  it("does not speak of offerings that lacked room when all machines came from others", () => {
    const answer = {
      Instances: [launched("i-1", "i-2", "i-3")],
      Errors: [refused("InsufficientInstanceCapacity")],
    };
    expect(readFleet(purchase, answer, 7)?.failures).toEqual([]);
  });

  it("puts first what may come to something: a bad offering among full ones stops nobody", () => {
    const answer = {
      Errors: [refused("InvalidParameterValue"), refused("InsufficientInstanceCapacity")],
    };
    const { failures = [] } = readFleet(purchase, answer, 7) ?? {};
    expect(failures.map(({ kind }) => kind)).toEqual(["capacity", "config"]);
    expect(mayBeHadElsewhere(failures)).toBe(true);
  });

  it("does not pay on demand for a role that spot lacks", () => {
    const answer = { Errors: [refused("AuthFailure.ServiceLinkedRoleCreationNotPermitted")] };
    const { failures = [] } = readFleet(purchase, answer, 7) ?? {};
    expect(failures.map(({ kind }) => kind)).toEqual(["auth"]);
    expect(mayBeHadElsewhere(failures)).toBe(false);
  });

  it("says that something is missing when EC2 does not", () => {
    const { failures } = readFleet(purchase, { Instances: [launched("i-1")] }, 7) ?? {};
    expect(failures).toEqual([
      {
        kind: "capacity",
        offering: "any:eu-west-1:spot",
        message: "EC2 launched 1 of 3 and does not say why",
      },
    ]);
  });

  it("learns nothing from the answer to a repeated token", () => {
    expect(readFleet(purchase, {}, 7)).toBeUndefined();
    expect(readFleet(purchase, { Instances: [], Errors: [] }, 7)).toBeUndefined();
  });

  it("cuts what EC2 adds without end", () => {
    const answer = { Errors: [{ ...refused("Unsupported"), ErrorMessage: "x".repeat(9_999) }] };
    expect(readFleet(purchase, answer, 7)?.failures[0]?.message.length).toBeLessThan(400);
  });
});

describe("readRun", () => {
  const instance = (id: string): Instance => ({
    InstanceId: id,
    InstanceType: "c7g.large",
    State: { Name: "running" },
    LaunchTime: new Date(5),
    Placement: { AvailabilityZone: "eu-west-1a" },
    InstanceLifecycle: "spot",
  });

  it("tells the machines as they are, with their attempt though the tags may be late", () => {
    const zoned = { ...purchase, count: 1 };
    expect(readRun(zoned, { Instances: [instance("i-1")] })).toEqual({
      machines: [
        {
          id: "i-1",
          attemptId: "a-1",
          state: "running",
          market: "spot",
          zone: "eu-west-1a",
          instanceType: "c7g.large",
          launchedAtMs: 5,
        },
      ],
      failures: [],
    });
  });

  it("says that fewer came than were asked for", () => {
    const { machines, failures } = readRun(purchase, { Instances: [instance("i-1")] });
    expect([machines.length, failures.map(({ kind }) => kind)]).toEqual([1, ["capacity"]]);
  });

  it.each([{ InstanceId: undefined }, { State: undefined }, { LaunchTime: undefined }])(
    "does not pass over an instance that it cannot read: %j",
    (lacking) => {
      const read = () => readRun(purchase, { Instances: [{ ...instance("i-1"), ...lacking }] });
      expect(read).toThrow(FleetError);
    },
  );
});
