import { setTimeout } from "node:timers/promises";
import {
  CreateImageCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { FleetError, systemClock } from "@runs-fleet/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { attemptFor } from "./attempts.ts";
import { type MotoAccount, openProvider, prepareAccount, readMotoTypes } from "./moto-stage.ts";

let aws: TestAws;
let account: MotoAccount;
beforeAll(async () => {
  aws = await openAws();
  account = await prepareAccount(aws, await readMotoTypes(aws));
});
afterEach(() => aws.faults.clear());
afterAll(() => aws.close());

/** How a call ends: `none` when it succeeds. */
async function endOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "none";
  } catch (error) {
    return FleetError.isInstance(error) ? `${error.kind}: ${error.message}` : String(error);
  }
}

const all = { service: "ec2", times: Number.POSITIVE_INFINITY };

describe("what AWS really sells", () => {
  it("is read with its zones, hundreds of types for ordinary shapes", async () => {
    const { types, zones } = await account.instanceTypes.read();
    expect(types.length).toBeGreaterThan(500);
    const known = new Map(types.map((type) => [type.name, type]));
    expect(known.get("c7g.large")).toMatchObject({ arch: "arm64", vcpus: 2, memoryMib: 4_096 });
    expect(known.get("t4g.medium")).toMatchObject({ special: "shared" });
    expect(known.get("m7i-flex.large")).toMatchObject({ special: "shared" });
    expect(known.get("g4dn.xlarge")).toMatchObject({ special: "accelerated" });
    expect(known.get("c7g.metal")).toMatchObject({ isBareMetal: true });
    expect(known.get("mac2.metal")).toBeUndefined();
    expect(zones.get("c7g.large")).toContain("us-east-1a");
  });
});

describe("the EC2 provider", () => {
  it("tries a purchase once when there is no capacity, and everything else again", async () => {
    await using provider = openProvider(account);
    const meter = aws.calls.meter();
    aws.faults.inject({
      ...all,
      action: ["CreateFleet", "RunInstances", "StartInstances"],
      fault: { kind: "error", side: "before", code: "InsufficientInstanceCapacity" },
    });
    const fleet = await provider.launch(attemptFor("once"));
    const zone = await provider.launch(attemptFor("zone", { zone: "us-east-1a" }));
    expect([fleet, zone].map(({ failures }) => failures.map(({ kind }) => kind))).toEqual([
      ["capacity"],
      ["capacity"],
    ]);
    expect(await provider.start(["i-0123456789abcdef0"])).toMatchObject([{ failure: "capacity" }]);
    for (const action of ["CreateFleet", "RunInstances", "StartInstances"]) {
      expect(meter.count({ action })).toBe(1);
    }
    aws.faults.inject({
      service: "ec2",
      action: "DescribeInstances",
      times: 2,
      fault: { kind: "error", side: "before", code: "InternalError" },
    });
    expect(await provider.list({ environment: "none", region: "us-east-1" })).toEqual([]);
    expect(meter.count({ action: "DescribeInstances" })).toBe(3);
  });

  it("launches from the image that the configuration names, by fleet and in a zone", async () => {
    // The emulator gives every image the root device /dev/sda1.
    await using provider = openProvider(account, {}, { rootVolumes: {} });
    const client = new EC2Client(aws.clientOptions());
    const x64 = { os: "linux", arch: "x64", cpu: { min: 2, max: 2 } } as const;
    const { machines } = await provider.launch(attemptFor("baked", { shape: x64 }));
    const Name = `${aws.name("image")}-1`;
    const { ImageId } = await client.send(
      new CreateImageCommand({ InstanceId: machines[0]?.id, Name }),
    );
    const imageSource = { name: Name.replace(/-1$/u, "-?") };
    const shape = { ...x64, image: "ubuntu", imageSource };
    const fleet = await provider.launch(attemptFor("image", { shape }));
    const zone = await provider.launch(attemptFor("image-zone", { shape, zone: "us-east-1a" }));
    const ids = [fleet, zone].flatMap(({ machines }) => machines.map(({ id }) => id));
    expect(ids).toHaveLength(2);
    const { Reservations = [] } = await client.send(
      new DescribeInstancesCommand({ InstanceIds: ids }),
    );
    const booted = Reservations.flatMap(({ Instances = [] }) => Instances);
    expect(ImageId).toMatch(/^ami-/u);
    expect(booted.map((instance) => instance.ImageId)).toEqual([ImageId, ImageId]);

    // Another one of that name is newer: the emulator tells whole seconds.
    await setTimeout(1_100);
    const newer = await client.send(
      new CreateImageCommand({ InstanceId: machines[0]?.id, Name: Name.replace(/1$/u, "2") }),
    );
    const later = { ...systemClock, now: () => systemClock.now() + 11 * 60_000 };
    await using process = openProvider(account, {}, { rootVolumes: {}, clock: later });
    const listed = await process.list({ environment: "ci", region: "us-east-1" });
    const superseded = listed.filter(({ isSuperseded }) => isSuperseded).map(({ id }) => id);
    expect(newer.ImageId).not.toBe(ImageId);
    expect(superseded.sort()).toEqual([...ids].sort());
    client.destroy();
  });

  it("passes spot over after a refusal of the whole call", async () => {
    await using provider = openProvider(account);
    aws.faults.inject({
      service: "ec2",
      action: "CreateFleet",
      fault: { kind: "error", side: "before", code: "MaxSpotInstanceCountExceeded" },
    });
    const refused = await provider.launch(attemptFor("refused"));
    expect(refused).toMatchObject({ machines: [], failures: [{ kind: "quota" }] });
    const { machines } = await provider.launch(attemptFor("next"));
    expect(machines).toMatchObject([{ market: "on-demand" }]);
  });

  it("uses what came up in part, and buys the rest on demand", async () => {
    await using provider = openProvider(account);
    aws.faults.inject({
      service: "ec2",
      action: "CreateFleet",
      fault: { kind: "fleet-errors", keep: 1, codes: ["InsufficientInstanceCapacity"] },
    });
    const { machines, failures } = await provider.launch(attemptFor("part", { count: 3 }));
    expect(machines.map(({ market }) => market).sort()).toEqual(["on-demand", "on-demand", "spot"]);
    expect(failures).toEqual([]);
  });

  it.each([
    ["UnauthorizedOperation", /^auth: EC2 refuses to launch .*UnauthorizedOperation/u],
    ["RequestExpired", /^auth: .*RequestExpired/u],
    ["AuthFailure.ServiceLinkedRoleCreationNotPermitted", /^auth: .*ServiceLinkedRole/u],
    ["InvalidLaunchTemplateId.NotFound", /^config: .*InvalidLaunchTemplateId.NotFound/u],
    ["RequestLimitExceeded", /^throttled: /u],
    ["InternalError", /^unavailable: /u],
  ])("says what EC2 says: %s", async (code, message) => {
    await using provider = openProvider(account);
    aws.faults.inject({
      ...all,
      action: "CreateFleet",
      fault: { kind: "error", side: "before", code },
    });
    expect(await endOf(provider.launch(attemptFor(code)))).toMatch(message);
  });

  it("tells the operator of a role that spot lacks, and does not pay on demand instead", async () => {
    await using provider = openProvider(account);
    const code = "AuthFailure.ServiceLinkedRoleCreationNotPermitted";
    aws.faults.inject({
      service: "ec2",
      action: "CreateFleet",
      fault: { kind: "fleet-errors", keep: 0, codes: [code] },
    });
    const { machines, failures } = await provider.launch(attemptFor("role"));
    expect(machines).toEqual([]);
    expect(failures).toMatchObject([{ kind: "auth" }]);
    expect(failures[0]?.message).toContain(code);
  });

  it("gives a disk of its own to a machine of a zone: encrypted gp3", async () => {
    await using provider = openProvider(account);
    const shape = { os: "linux", arch: "x64", cpu: { min: 2, max: 2 }, diskGib: 200 } as const;
    const { machines } = await provider.launch(attemptFor("disk", { shape, zone: "us-east-1a" }));
    const ids = machines.map(({ id }) => id);
    await using client = disposable(new EC2Client(aws.clientOptions()));
    const filter = { Name: "attachment.instance-id", Values: ids };
    const { Volumes } = await client.send(new DescribeVolumesCommand({ Filters: [filter] }));
    expect(Volumes).toMatchObject([{ VolumeType: "gp3", Size: 200, Encrypted: true }]);
  });
});

function disposable(client: EC2Client): EC2Client & AsyncDisposable {
  return Object.assign(client, {
    async [Symbol.asyncDispose]() {
      client.destroy();
    },
  });
}
