import { describe, expect, it } from "vitest";
import type { Catalog, Policy, PoolConfig, RoutedJob } from "./catalog.ts";
import { parseLabels } from "./parse-labels.ts";
import type { RunnerRequest } from "./request.ts";
import { route } from "./route.ts";
import type { Shape } from "./shape.ts";

const ci: Shape = {
  os: "linux",
  arch: "arm64",
  cpu: { min: 4, max: 4 },
  ramGib: { min: 16, max: 16 },
  families: ["c7g"],
  generation: 7,
  diskGib: 80,
  image: "ubuntu",
};

function pool(name: string, shape: Shape, more: Partial<PoolConfig> = {}): PoolConfig {
  return {
    name,
    environment: "dev",
    regions: [{ name: "us-east-1" }, { name: "eu-west-1", weight: 2 }],
    shape,
    schedule: { timeZone: "UTC", default: { hot: 1, stopped: 0 }, entries: [] },
    limits: { machines: 10 },
    ...more,
  };
}

const everyone: Policy = {
  name: "everyone",
  repositories: ["acme/*"],
  runnerGroup: "fleet",
  allow: { environments: ["dev"], pools: ["ci", "vague", "win", "od", "secret"], maxCpu: 16 },
};
const platform: Policy = { name: "platform", repositories: ["acme/platform"], allow: {} };

const catalog: Catalog = {
  version: "1",
  defaultEnvironment: "dev",
  environments: [
    { name: "dev", regions: ["us-east-1", "eu-west-1", "us-west-2"] },
    { name: "prod", regions: ["eu-west-1"] },
  ],
  pools: [
    pool("ci", ci),
    pool("vague", { os: "linux", cpu: { min: 2, max: 8 } }),
    pool("win", { os: "windows", cpu: { min: 4, max: 4 } }),
    pool("od", { ...ci, spot: false }),
    pool("secret", ci, { repositories: ["acme/secret-*"] }),
    pool("release", ci, { environment: "prod", regions: [{ name: "eu-west-1" }] }),
    pool("huge", { os: "linux", cpu: { min: 96, max: 96 } }),
  ],
  images: ["ubuntu", "windows"],
  runners: {
    std: {
      os: "linux",
      arch: "arm64",
      cpu: { min: 4, max: 4 },
      ramGib: { min: 16 },
      image: "ubuntu",
      spot: false,
    },
    win: { os: "windows", cpu: { min: 8, max: 8 }, image: "windows" },
  },
  policies: [everyone, platform],
};

const web: RoutedJob = { repository: "acme/web", visibility: "private", fork: false };
const ops: RoutedJob = { repository: "acme/platform", visibility: "internal", fork: false };

function request(settings: string): RunnerRequest {
  const parsed = parseLabels([settings === "" ? "runs-fleet" : `runs-fleet/${settings}`], catalog);
  if (!parsed?.ok) throw new Error(JSON.stringify(parsed));
  return parsed.value;
}

function place(settings: string, job = web, using = catalog) {
  const routed = route(request(settings), job, using);
  if (!routed.ok) throw new Error(JSON.stringify(routed.issues));
  return routed.value;
}

function refusals(settings: string, job = web, using = catalog) {
  const routed = route(request(settings), job, using);
  if (routed.ok) throw new Error(`Expected a refusal, got ${JSON.stringify(routed.value)}`);
  return routed.issues;
}

function codes(settings: string, job = web, using = catalog) {
  return refusals(settings, job, using).map(({ code }) => code);
}

describe("a job without a pool", () => {
  it("goes to the default environment and its regions, with the shape that it asks for", () => {
    expect(place("cpu=8/arch=x64/ram=32/disk=100/family=m7i+m7a/image=ubuntu")).toEqual({
      environment: "dev",
      regions: ["us-east-1", "eu-west-1", "us-west-2"],
      shape: {
        os: "linux",
        arch: "x64",
        cpu: { min: 8, max: 8 },
        ramGib: { min: 32 },
        diskGib: 100,
        families: ["m7i", "m7a"],
        image: "ubuntu",
        spot: true,
      },
      labels: ["runs-fleet/cpu=8/arch=x64/ram=32/disk=100/family=m7i+m7a/image=ubuntu"],
      runnerGroup: "fleet",
      policy: "everyone",
    });
    expect(place("").shape).toEqual({ os: "linux", cpu: { min: 2, max: 2 }, spot: true });
  });

  it("has the size of the types that it names, and a policy's limit counts it", () => {
    const type = place("family=m7i.large+c7a.2xlarge").shape;
    expect(type).toMatchObject({ cpu: { min: 2, max: 8 }, families: ["m7i.large", "c7a.2xlarge"] });
    expect(type).not.toHaveProperty("ramGib");
    expect(codes("family=c7a.8xlarge")).toEqual(["forbidden-shape"]);
    expect(codes("family=c7a.large+c7a.huge")).toEqual(["forbidden-shape"]);
    expect(place("family=c7a.8xlarge/cpu=8").shape.cpu).toEqual({ min: 8, max: 8 });
  });

  it("has the size of the types that it names in place of that of its runner", () => {
    const { cpu, ramGib, arch } = place("runner=std/family=c7g.2xlarge").shape;
    expect({ cpu, ramGib, arch }).toEqual({
      cpu: { min: 8, max: 8 },
      ramGib: undefined,
      arch: "arm64",
    });
    expect(place("runner=4cpu-linux-x64/family=c7a.2xlarge").shape.cpu.min).toBe(8);
    // A family beside it is of the runner's size.
    expect(place("runner=std/family=c7g.2xlarge+m7g").shape).toMatchObject({
      cpu: { min: 4, max: 8 },
      ramGib: { min: 16 },
    });
    const said = place("runner=std/family=c7g.2xlarge/cpu=16/ram=32").shape;
    expect(said).toMatchObject({ cpu: { min: 16, max: 16 }, ramGib: { min: 32 } });
  });

  it("is never put into a pool, even one that would fit", () => {
    expect(place("cpu=4/arch=arm64")).not.toHaveProperty("pool");
  });

  it("goes to its own regions in its own order", () => {
    expect(place("region=us-west-2+us-east-1").regions).toEqual(["us-west-2", "us-east-1"]);
  });

  it("is refused a region that its environment does not own, each by name", () => {
    expect(refusals("region=ap-south-1+us-east-1+us-west-1")).toMatchObject([
      { code: "forbidden-region", message: expect.stringContaining("ap-south-1") },
      { code: "forbidden-region", message: expect.stringContaining("us-west-1") },
    ]);
  });

  it("hears what does not exist, with a near name", () => {
    expect(refusals("image=ubunut")).toEqual([
      { code: "unknown-image", message: "There is no image ubunut; did you mean ubuntu?" },
    ]);
    expect(refusals("env=dve")).toEqual([
      { code: "unknown-environment", message: "There is no environment dve; did you mean dev?" },
    ]);
  });
});

describe("a runner", () => {
  it("of the catalog gives its shape, and explicit keys override it", () => {
    expect(place("runner=std").shape).toEqual(catalog.runners?.["std"]);
    expect(place("runner=std/cpu=8/ram=4/disk=50/spot=true/gen=8").shape).toEqual({
      os: "linux",
      arch: "arm64",
      cpu: { min: 8, max: 8 },
      ramGib: { min: 4 },
      diskGib: 50,
      generation: 8,
      image: "ubuntu",
      spot: true,
    });
  });

  it("has the image that the catalog says, as the runner or the label names it", () => {
    const imageSources = { ubuntu: { owner: "self", name: "acme-*" }, windows: { id: "ami-1" } };
    const said = { ...catalog, imageSources };
    const imageOf = (label: string, runners = catalog.runners) => {
      const placed = route(request(label), web, { ...said, ...(runners ? { runners } : {}) });
      return placed.ok ? placed.value.shape.imageSource : placed.issues;
    };
    expect(imageOf("runner=std")).toEqual(imageSources.ubuntu);
    expect(imageOf("runner=std/image=windows")).toEqual(imageSources.windows);
    expect(imageOf("cpu=2")).toBeUndefined();
    const std: Shape = {
      os: "linux",
      cpu: { min: 2, max: 2 },
      image: "ubuntu",
      imageSource: { id: "ami-2" },
    };
    const other = route({ ...request("runner=std/image=windows"), runner: "own" }, web, {
      ...catalog,
      runners: { own: std },
    });
    expect(other.ok && other.value.shape).toEqual({
      os: "linux",
      cpu: { min: 2, max: 2 },
      spot: true,
      image: "windows",
    });
  });

  it("of a Windows image is x64", () => {
    expect(place("runner=win").shape).toMatchObject({
      os: "windows",
      arch: "x64",
      cpu: { max: 8 },
    });
  });

  it("by built-in name gives os, arch and cpu", () => {
    expect(place("runner=8cpu-linux-arm64/cpu=2").shape).toMatchObject({
      os: "linux",
      arch: "arm64",
      cpu: { min: 2, max: 2 },
    });
    expect(place("runner=8cpu-windows-x64").shape).toMatchObject({
      os: "windows",
      arch: "x64",
      cpu: { min: 8, max: 8 },
    });
  });

  it.each([
    ["runner=std/os=windows"],
    ["runner=std/arch=x64"],
    ["runner=win/os=linux"],
    ["runner=win/arch=arm64"],
  ])("is contradicted by %s", (settings) => {
    expect(codes(settings)).toEqual(["contradiction"]);
  });

  it("is none of an object's own machinery", () => {
    const named = parseLabels(["runs-fleet/runner=constructor"]);
    if (!named?.ok) throw new Error("Expected a request");
    expect(route(named.value, web, catalog)).toMatchObject({
      issues: [{ code: "unknown-runner" }],
    });
  });

  it("that the catalog lost since the label was read is unknown", () => {
    const { runners: _, ...without } = catalog;
    expect(codes("runner=std", web, without)).toEqual(["unknown-runner"]);
    expect(codes("runner=std", web, { ...catalog, runners: { sdt: ci } })).toEqual([
      "unknown-runner",
    ]);
  });
});

describe("a pool", () => {
  it("gives its shape and its regions", () => {
    expect(place("pool=ci")).toMatchObject({
      pool: "ci",
      shape: ci,
      environment: "dev",
      regions: ["us-east-1", "eu-west-1"],
    });
    expect(place("pool=win").shape.os).toBe("windows");
    expect(place("pool=release", ops).environment).toBe("prod");
  });

  it.each([
    ["cpu=4"],
    ["cpu=2+8"],
    ["ram=8"],
    ["ram=16+64"],
    ["family=m7g+c7g"],
    ["family=m7g+c7*"],
    ["gen=7"],
    ["arch=aarch64"],
    ["os=linux"],
    ["disk=40"],
    ["disk=80"],
    ["image=ubuntu"],
    ["spot=true"],
    ["region=eu-west-1"],
    ["env=dev"],
    ["runner=4cpu-linux-arm64"],
  ])("serves a job that asks for %s, which it has", (settings) => {
    expect(place(`pool=ci/${settings}`)).toMatchObject({ pool: "ci", shape: ci });
  });

  it.each([
    ["ci", "cpu=8"],
    ["ci", "cpu=1+2"],
    ["vague", "cpu=4"],
    ["ci", "ram=32"],
    ["ci", "ram=4+8"],
    ["vague", "ram=2"],
    ["ci", "family=m7g"],
    ["ci", "family=m7*+c7"],
    ["vague", "family=m7g"],
    ["vague", "family=m*"],
    ["ci", "family=c7g.large"],
    ["ci", "gen=8"],
    ["vague", "gen=8"],
    ["ci", "arch=x64"],
    ["vague", "arch=x64"],
    ["ci", "os=windows/arch=x64"],
    ["win", "os=linux"],
    ["win", "arch=arm64"],
    ["ci", "disk=100"],
    ["vague", "disk=30"],
    ["ci", "image=windows"],
    ["vague", "image=ubuntu"],
    ["ci", "spot=false"],
    ["ci", "runner=8cpu-linux-arm64"],
    ["ci", "runner=win"],
    ["ci", "env=prod"],
  ])("%s is refused to a job that asks for %s, in words", (name, settings) => {
    const issues = refusals(`pool=${name}/${settings}`);
    expect(new Set(issues.map(({ code }) => code)).has("contradiction")).toBe(true);
    for (const { message } of issues)
      expect(message.toLowerCase()).toMatch(/pool|policy|environment/);
  });

  it("serves Windows jobs by their one architecture, and on-demand jobs when it buys no spot", () => {
    expect(place("pool=win/os=windows").pool).toBe("win");
    expect(place("pool=win/arch=x64").pool).toBe("win");
    expect(place("pool=od/spot=false").pool).toBe("od");
  });

  it("says which point does not fit", () => {
    expect(refusals("pool=ci/cpu=8/ram=64")).toEqual([
      {
        code: "contradiction",
        message: "Pool ci does not fit: cpu 8 is asked for, and the pool has 4",
      },
      {
        code: "contradiction",
        message: "Pool ci does not fit: ram 64 or more GiB is asked for, and the pool has 16 GiB",
      },
    ]);
  });

  it("that does not exist is unknown, and only usable ones are suggested", () => {
    expect(refusals("pool=cii")).toEqual([
      { code: "unknown-pool", message: "There is no pool cii; did you mean ci?" },
    ]);
    expect(refusals("pool=secrets")[0]?.message).toBe("There is no pool secrets");
    expect(refusals("pool=hugee")[0]?.message).toBe("There is no pool hugee");
    expect(refusals("pool=hugee", ops, { ...catalog, policies: [platform] })[0]?.message).toContain(
      "huge?",
    );
  });

  it("with its own list of repositories is narrowed by it, whatever policies say", () => {
    expect(place("pool=secret", { ...web, repository: "ACME/secret-1" }).pool).toBe("secret");
    expect(codes("pool=secret")).toEqual(["forbidden-pool"]);
    expect(codes("pool=secret", ops, { ...catalog, policies: [platform] })).toEqual([
      "forbidden-pool",
    ]);
  });

  it("of an image that the catalog has lost is refused, once", () => {
    const lost = { ...catalog, images: [] };
    expect(codes("pool=ci", web, lost)).toEqual(["unknown-image"]);
    expect(codes("pool=ci/image=ubuntu", web, lost)).toEqual(["unknown-image"]);
  });

  it("has only the regions that its environment owns", () => {
    const strayed = {
      ...catalog,
      pools: [pool("ci", ci, { regions: [{ name: "us-east-1" }, { name: "ap-south-1" }] })],
    };
    expect(place("pool=ci", web, strayed).regions).toEqual(["us-east-1"]);
    expect(codes("pool=ci/region=ap-south-1", web, strayed)).toEqual(["forbidden-region"]);
    expect(codes("pool=ci/region=us-west-2")).toEqual(["forbidden-region"]);
    const lost = { ...catalog, pools: [pool("ci", ci, { regions: [{ name: "ap-south-1" }] })] };
    expect(codes("pool=ci", web, lost)).toEqual(["forbidden-region"]);
  });
});

describe("route", () => {
  it("reports all reasons at once", () => {
    expect(codes("pool=ci/region=us-west-2/cpu=8/image=nope/env=prod")).toEqual([
      "contradiction",
      "forbidden-region",
      "unknown-image",
      "contradiction",
      "contradiction",
      "forbidden-environment",
    ]);
  });
});
