import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { senderAnswer } from "../live/agent-rows.ts";
import { fillDoctorOptions } from "../options.ts";
import { roomFor } from "./addresses.ts";
import { mostSkewMs, skewOf } from "./clock.ts";
import { launchAnswer } from "./dry-runs.ts";
import { isRole } from "./identity.ts";
import { offeringAnswer } from "./offerings.ts";
import { quotaAnswer } from "./quotas.ts";
import { regionsOf } from "./region.ts";
import { templateProblems } from "./templates.ts";

describe("the clock", () => {
  const answer = (serverMs: number | undefined, sentMs: number, receivedMs: number) => ({
    host: "",
    status: 200,
    serverMs,
    sentMs,
    receivedMs,
  });

  it("is known to within what it says, wherever in a second and on its way an answer was made", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10_000, max: 10_000 }),
        fc.integer({ min: 0, max: 5_000 }),
        fc.integer({ min: 0, max: 5_000 }),
        fc.integer({ min: 1_000_000, max: 2_000_000 }),
        (aheadMs, thereMs, backMs, trueMs) => {
          const serverMs = Math.floor((trueMs + thereMs) / 1_000) * 1_000;
          const sentMs = trueMs + aheadMs;
          const skew = skewOf([answer(serverMs, sentMs, sentMs + thereMs + backMs)]);
          if (skew === undefined) throw new Error("No skew");
          expect(Math.abs(skew.skewMs - aheadMs)).toBeLessThanOrEqual(skew.uncertainMs + 1e-6);
        },
      ),
    );
  });

  it("is judged by the quickest answer, and not at all without one that says the time", () => {
    const slow = answer(0, 0, 4_000);
    const quick = answer(10_000, 10_400, 10_420);
    expect(skewOf([slow, quick, slow])).toEqual(skewOf([quick]));
    expect(skewOf([answer(undefined, 0, 1)])).toBeUndefined();
  });

  it("may be off as far as leases bear", () => {
    expect(mostSkewMs).toBe(3_000);
  });
});

describe("addresses", () => {
  const subnet = (SubnetId: string, AvailabilityZone: string, AvailableIpAddressCount: number) => ({
    SubnetId,
    AvailabilityZone,
    AvailableIpAddressCount,
  });
  const two = [subnet("subnet-a", "a", 7), subnet("subnet-b", "b", 3)];

  it("have to do for all machines", () => {
    expect(roomFor(two, 10)).toMatchObject({
      verdict: "proven",
      detail: "10 free addresses in 2 subnets of 2 zones, for 10 machines",
      evidence: { free: 10, zones: 2, "subnet-a": 7, "subnet-b": 3 },
    });
    expect(roomFor(two, 11).verdict).toBe("disproven");
  });

  it("are only counted when nobody has said how many machines there may be", () => {
    expect(roomFor(two, undefined)).toMatchObject({
      verdict: "unproven",
      holds: true,
      detail: "10 free addresses in 2 subnets of 2 zones; nobody has said how many are needed",
    });
    expect(roomFor([subnet("subnet-a", "a", 0)], undefined).verdict).toBe("disproven");
  });
});

describe("quotas", () => {
  const found = (onDemand: number, spot: number) => [
    { quota: { code: "L-1", words: "on demand" }, vcpus: onDemand },
    { quota: { code: "L-2", words: "spot" }, vcpus: spot },
  ];

  it.each([
    [found(64, 64), 64, "proven", "64 vCPU on demand, 64 vCPU spot, for 64"],
    [found(64, 5), 64, "disproven", "64 vCPU on demand, 5 vCPU spot; 64 are needed"],
    [
      found(64, 5),
      undefined,
      "unproven",
      "64 vCPU on demand, 5 vCPU spot; nobody has said how many are needed",
    ],
  ])("%#", (quotas, need, verdict, detail) => {
    expect(quotaAnswer(quotas, need)).toMatchObject({ verdict, detail });
  });

  it("name the ones to ask for", () => {
    expect(quotaAnswer(found(1, 100), 10).advice).toBe(
      "ask in Service Quotas for 10 or more of L-1",
    );
  });
});

describe("offerings", () => {
  const type = (name: string) => ({
    name,
    family: "c7g",
    generation: 7,
    arch: "arm64" as const,
    vcpus: 4,
    memoryMib: 8_192,
    markets: ["spot" as const],
    isBareMetal: false,
    isCurrent: true,
    special: undefined,
  });
  const list = {
    types: [type("c7g.xlarge"), type("c7gd.xlarge")],
    zones: new Map([
      ["c7g.xlarge", ["a", "b"]],
      ["c7gd.xlarge", ["a"]],
    ]),
  };
  const shapes = (...texts: string[]) =>
    fillDoctorOptions({ environment: "ci", shapes: texts }).shapes;

  it("are counted by shape and zone", () => {
    expect(offeringAnswer(list, shapes("cpu=4"), ["a", "b"])).toEqual({
      verdict: "proven",
      detail: "1 types or more for each shape",
      evidence: { "cpu=4 in a": 2, "cpu=4 in b": 1 },
    });
  });

  it("may be missing in a zone, but not in all", () => {
    expect(offeringAnswer(list, shapes("cpu=4"), ["b", "c"])).toMatchObject({
      verdict: "proven",
      detail: "1 types or more for each shape; cpu=4 not in c",
    });
    expect(offeringAnswer(list, shapes("cpu=4", "cpu=64"), ["a"])).toMatchObject({
      verdict: "disproven",
      detail: "nothing is sold for cpu=64",
    });
  });
});

describe("a launch template", () => {
  const good = {
    ImageId: "ami-1",
    IamInstanceProfile: { Arn: "arn:aws:iam::123456789012:instance-profile/machine" },
    InstanceInitiatedShutdownBehavior: "terminate",
    MetadataOptions: {
      HttpEndpoint: "enabled",
      HttpTokens: "required",
      HttpPutResponseHopLimit: 1,
      InstanceMetadataTags: "enabled",
    },
    BlockDeviceMappings: [
      { DeviceName: "/dev/xvda", Ebs: { Encrypted: true, DeleteOnTermination: true } },
    ],
  } as const;
  const { MetadataOptions: metadata } = good;

  it.each([
    [{}, []],
    [{ ImageId: undefined }, ["it names no image"]],
    [
      { MetadataOptions: { ...metadata, InstanceMetadataTags: "disabled" } },
      ["metadata does not show tags"],
    ],
    [
      { MetadataOptions: { ...metadata, HttpTokens: "optional" } },
      ["metadata can be read without a token"],
    ],
    [{ MetadataOptions: { ...metadata, HttpEndpoint: "disabled" } }, ["metadata is off"]],
    [
      { MetadataOptions: { ...metadata, HttpPutResponseHopLimit: 2 } },
      ["containers can read metadata: the hop limit is above 1"],
    ],
    [
      { InstanceInitiatedShutdownBehavior: "stop" },
      ["a shutdown stops machines instead of ending them"],
    ],
    [{ IamInstanceProfile: { Name: "machine" } }, []],
    [{ IamInstanceProfile: { Name: "admin" } }, ["the instance profile is admin, not machine"]],
    [{ IamInstanceProfile: undefined }, ["the instance profile is missing, not machine"]],
    [{ BlockDeviceMappings: [] }, ["it has no root volume, so encryption is left to the image"]],
    [{ BlockDeviceMappings: [{ Ebs: { Encrypted: false } }] }, ["a volume is not encrypted"]],
    [
      { BlockDeviceMappings: [{ Ebs: { Encrypted: true, DeleteOnTermination: false } }] },
      ["a volume outlives its machine"],
    ],
    [{ UserData: "IyEvYmluL3No" }, ["it has user data, which every job can read"]],
  ])("with %j", (change, problems) => {
    const data = { ...good, ...change } as unknown as Parameters<typeof templateProblems>[0];
    expect(templateProblems(data, "machine")).toEqual(problems);
  });
});

describe("a sender", () => {
  const role = "AROAEXAMPLEEXAMPLE12";

  it.each([
    [`${role}:i-1`, role, "proven"],
    [`${role}:i-1`, undefined, "proven"],
    [`${role}:i-2`, role, "disproven"],
    ["AROAANOTHER:i-1", role, "disproven"],
    ["AIDAEXAMPLE:i-1", undefined, "disproven"],
    ["i-1", undefined, "disproven"],
    ["", role, "disproven"],
  ])("%s, for role %s, is %s", (sender, roleId, verdict) => {
    expect(senderAnswer(sender, "i-1", roleId).verdict).toBe(verdict);
  });
});

describe("a region", () => {
  it.each([
    [[], undefined],
    [["p-eu-west-1"], undefined],
    [["p-eu-west-1", "p-us-east-1"], undefined],
    [["p-us-east-1", "other-eu-west-1"], ["us-east-1"]],
    [
      ["p-us-east-1", "p-ap-south-1"],
      ["ap-south-1", "us-east-1"],
    ],
  ])("with buckets %j", (buckets, elsewhere) => {
    expect(regionsOf(buckets, "p-", "eu-west-1")).toEqual(elsewhere);
  });
});

describe("a caller", () => {
  it.each([
    ["arn:aws:sts::1:assumed-role/runs-fleet-ci-orchestrator/task", true],
    ["arn:aws:sts::1:assumed-role/runs-fleet-ci-orchestrator-2/task", false],
    ["arn:aws:iam::1:user/runs-fleet-ci-orchestrator", false],
    ["arn:aws:iam::1:root", false],
  ])("%s is the orchestrator: %s", (arn, isIt) => {
    expect(isRole(arn, "runs-fleet-ci-orchestrator")).toBe(isIt);
  });
});

describe("dry runs", () => {
  it("are proven by all of them alone", () => {
    const allowed = { what: "a", answer: { outcome: "allowed" } } as const;
    const denied = { what: "b", answer: { outcome: "denied" } } as const;
    const refused = {
      what: "c",
      answer: { outcome: "refused", code: "InvalidAMIID.NotFound", message: "no", advice: "look" },
    } as const;
    expect(launchAnswer("CreateFleet", [allowed, allowed]).verdict).toBe("proven");
    expect(launchAnswer("CreateFleet", [allowed, denied, refused])).toMatchObject({
      verdict: "disproven",
      detail: "EC2 denies CreateFleet (UnauthorizedOperation) for b",
      evidence: { a: "allowed", b: "denied", c: "InvalidAMIID.NotFound" },
    });
    expect(launchAnswer("CreateFleet", [allowed, refused])).toMatchObject({
      verdict: "disproven",
      detail: "EC2 refuses CreateFleet for c: InvalidAMIID.NotFound, no",
      advice: "look",
    });
  });

  it("that were none prove nothing", () => {
    expect(launchAnswer("RunInstances", []).verdict).toBe("unproven");
  });
});
