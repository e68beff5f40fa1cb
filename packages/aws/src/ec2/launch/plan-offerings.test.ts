import { FleetError, type LaunchAttempt, type Shape } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import { readInstanceType } from "../types/instance-type.ts";
import type { Ec2TypeList } from "../types/type-source.ts";
import { parseTemplates } from "./launch-templates.ts";
import { type OfferingMeans, planOfferings } from "./plan-offerings.ts";

const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

function type(name: string, arch: "arm64" | "x86_64", vcpus: number, spot = true) {
  const read = readInstanceType({
    InstanceType: name as "c7g.large",
    ProcessorInfo: { SupportedArchitectures: [arch] },
    VCpuInfo: { DefaultVCpus: vcpus },
    MemoryInfo: { SizeInMiB: vcpus * 2_048 },
    SupportedUsageClasses: spot ? ["on-demand", "spot"] : ["on-demand"],
  });
  if (read === undefined) throw new Error(`${name} cannot be read`);
  return read;
}

const list: Ec2TypeList = {
  readAtMs: 0,
  types: [
    type("c7g.large", "arm64", 2),
    type("m7g.large", "arm64", 2),
    type("c7i.large", "x86_64", 2),
    type("c7i.xlarge", "x86_64", 4),
    type("x1.large", "x86_64", 2, false),
  ],
  zones: new Map([
    ["c7g.large", zones],
    ["m7g.large", ["eu-west-1b"]],
    ["c7i.large", ["eu-west-1a", "eu-west-1c"]],
    ["c7i.xlarge", zones],
    ["x1.large", ["eu-west-1z"]],
  ]),
};

const means: OfferingMeans = {
  list,
  subnets: zones.map((zone) => ({ id: `subnet-${zone}`, zone })),
  templates: parseTemplates({ "linux-arm64": "lt-0a", "linux-x64": "lt-0b", "windows-x64": "win" }),
  rootVolumes: new Map(),
  mostTypes: 30,
};

function attempt(shape: Partial<Shape> = {}, parts: Partial<LaunchAttempt> = {}): LaunchAttempt {
  return {
    id: "a-1",
    token: "t-1",
    shard: "ci/eu-west-1",
    environment: "ci",
    region: "eu-west-1",
    count: 1,
    shape: { os: "linux", cpu: { min: 2, max: 2 }, ...shape },
    markets: ["spot", "on-demand"],
    specHash: "s",
    deadlineMs: 1,
    ...parts,
  };
}

function planned(own: LaunchAttempt, more: Partial<OfferingMeans> = {}, market = "spot" as const) {
  const offerings = planOfferings(own, { ...means, ...more }).get(market) ?? [];
  return offerings.map(({ type, subnet }) => `${type} ${subnet.zone}`);
}

function refusal(own: LaunchAttempt, more: Partial<OfferingMeans> = {}): string {
  try {
    planOfferings(own, { ...means, ...more });
    return "none";
  } catch (error) {
    return FleetError.isInstance(error) ? `${error.kind}: ${error.message}` : String(error);
  }
}

describe("planOfferings", () => {
  it("offers each type in each zone that sells it and has a subnet, both architectures", () => {
    expect(planned(attempt()).sort()).toEqual([
      "c7g.large eu-west-1a",
      "c7g.large eu-west-1b",
      "c7g.large eu-west-1c",
      "c7i.large eu-west-1a",
      "c7i.large eu-west-1c",
      "m7g.large eu-west-1b",
    ]);
  });

  it("puts the cheapest type first", () => {
    const prices = { atMs: 0, usdPerHour: { "c7i.large": 0.08, "c7g.large": 0.09 } };
    expect(planned(attempt(), { prices })[0]).toBe("c7i.large eu-west-1a");
  });

  it("stays in the zone that the attempt names", () => {
    const here = attempt({}, { zone: "eu-west-1b" });
    expect(planned(here)).toEqual(["c7g.large eu-west-1b", "m7g.large eu-west-1b"]);
  });

  it("offers one architecture when there is a template for one only", () => {
    const templates = parseTemplates({ "linux-x64": "lt-0b" });
    expect(planned(attempt(), { templates })).toEqual([
      "c7i.large eu-west-1a",
      "c7i.large eu-west-1c",
    ]);
  });

  it("offers each type from the template of its architecture", () => {
    const plan = planOfferings(attempt(), means);
    const pairs = new Set(
      [...(plan.get("on-demand") ?? [])].map(
        (own) => `${own.type} ${own.template.LaunchTemplateId} ${own.template.Version}`,
      ),
    );
    expect([...pairs].sort()).toEqual([
      "c7g.large lt-0a $Default",
      "c7i.large lt-0b $Default",
      "m7g.large lt-0a $Default",
    ]);
  });

  it("takes the template of the image that a shape names", () => {
    const templates = parseTemplates({ "linux-arm64": "lt-0a", "linux-arm64-ubuntu24": "lt-0c:7" });
    const plan = planOfferings(attempt({ image: "ubuntu24" }), { ...means, templates });
    expect(plan.get("spot")?.[0].template).toEqual({ LaunchTemplateId: "lt-0c", Version: "7" });
  });

  it("offers a market only what is sold there", () => {
    const x1 = { ...means, list: { ...list, zones: new Map([["x1.large", zones]]) } };
    const plan = planOfferings(attempt(), x1);
    expect([...plan.keys()]).toEqual(["on-demand"]);
  });

  it("gives a disk of its own the volume of the template, only larger, for each architecture", () => {
    const volume = { deviceName: "/dev/xvda", sizeGib: 30, iops: 4_000 };
    const rootVolumes = new Map([
      ["linux-arm64", volume],
      ["linux-x64", { ...volume, sizeGib: 300 }],
    ]);
    const plan = planOfferings(attempt({ diskGib: 200 }), { ...means, rootVolumes });
    const sizes = new Set(
      [...(plan.get("spot") ?? [])].map(({ type, root }) => `${type} ${root?.Ebs.VolumeSize}`),
    );
    expect([...sizes].sort()).toEqual(["c7g.large 200", "c7i.large 300", "m7g.large 200"]);
    expect(plan.get("spot")?.[0].root?.Ebs).toMatchObject({ Encrypted: true, Iops: 4_000 });
    expect(planOfferings(attempt(), { ...means, rootVolumes }).get("spot")?.[0].root).toBe(
      undefined,
    );
  });

  describe("with an image that the shape says", () => {
    const image = {
      id: "ami-1",
      os: "linux",
      arch: "arm64",
      rootDevice: "/dev/xvda",
      sizeGib: 40,
      createdAtMs: 0,
    } as const;
    const said = attempt({ image: "ubuntu", imageSource: { id: "ami-1" } });
    const volume = { deviceName: "/dev/xvda", sizeGib: 30 };
    const rootVolumes = new Map([
      ["linux-arm64", volume],
      ["linux-x64", volume],
    ]);
    const images = new Map([["arm64" as const, image]]);

    it("offers only types that can boot it, from the template of their system", () => {
      const offerings = planOfferings(said, { ...means, images }).get("spot") ?? [];
      const ways = new Set(
        [...offerings].map(
          (own) => `${own.type} ${own.template.LaunchTemplateId} ${own.image} ${own.root}`,
        ),
      );
      expect([...ways].sort()).toEqual([
        "c7g.large lt-0a ami-1 undefined",
        "m7g.large lt-0a ami-1 undefined",
      ]);
    });

    it("makes the root volume as large as the image", () => {
      const size = (sizeGib: number, diskGib?: number) => {
        const own = new Map([["arm64" as const, { ...image, sizeGib }]]);
        const wanted = { ...said, shape: { ...said.shape, ...(diskGib ? { diskGib } : {}) } };
        const plan = planOfferings(wanted, { ...means, rootVolumes, images: own });
        return plan.get("spot")?.[0].root?.Ebs.VolumeSize;
      };
      expect([size(30), size(31), size(31, 100), size(200, 100)]).toEqual([
        undefined,
        31,
        100,
        200,
      ]);
    });

    it("is refused where its root device is not the one that the template maps", () => {
      const other = new Map([["arm64" as const, { ...image, rootDevice: "/dev/sda1" }]]);
      expect(refusal(said, { rootVolumes, images: other })).toMatch(
        /the root device of image ami-1 is \/dev\/sda1, that of template linux-arm64 is \/dev\/xvda$/u,
      );
    });
  });

  it("says what is missing when nothing fits", () => {
    expect(refusal(attempt({ cpu: { min: 9, max: 9 } }))).toMatch(
      /^config: Launch attempt a-1 fits nothing: no instance type has what its shape asks for$/u,
    );
    expect(refusal(attempt({ image: "arch" }))).toMatch(
      /launchTemplates has no linux-arm64-arch or linux-x64-arch$/u,
    );
    expect(refusal(attempt({}, { zone: "eu-west-1q" }))).toMatch(/no subnet is in eu-west-1q$/u);
    expect(refusal(attempt({ families: ["x1"] }))).toMatch(
      /none of x1.large is sold in eu-west-1a, eu-west-1b, eu-west-1c$/u,
    );
    expect(
      refusal(attempt({ families: ["x1"] }, { markets: ["spot"] }), {
        list: { ...list, zones: new Map([["x1.large", zones]]) },
      }),
    ).toMatch(/none of x1.large is sold as spot$/u);
    expect(refusal(attempt({ diskGib: 200 }))).toMatch(/rootVolumes has no linux-arm64/u);
  });
});
