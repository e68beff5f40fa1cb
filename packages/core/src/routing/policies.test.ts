import { describe, expect, it } from "vitest";
import type { Catalog, Policy, PoolConfig, RoutedJob } from "./catalog.ts";
import { parseLabels } from "./parse-labels.ts";
import type { RunnerRequest } from "./request.ts";
import { route } from "./route.ts";

function pool(name: string, cpu: number, environment = "dev"): PoolConfig {
  return {
    name,
    environment,
    regions: [{ name: "eu-west-1" }],
    shape: { os: "linux", cpu: { min: cpu, max: cpu } },
    schedule: { timeZone: "UTC", default: { hot: 1, stopped: 0 }, entries: [] },
    limits: { machines: 10 },
  };
}

const everyone: Policy = {
  name: "everyone",
  repositories: ["acme/*"],
  runnerGroup: "fleet",
  allow: { environments: ["dev"], pools: ["ci"], maxCpu: 16 },
};
const platform: Policy = { name: "platform", repositories: ["acme/platform"], allow: {} };

const catalog: Catalog = {
  version: "1",
  defaultEnvironment: "dev",
  environments: [
    { name: "dev", regions: ["us-east-1", "eu-west-1"] },
    { name: "prod", regions: ["eu-west-1"] },
  ],
  pools: [pool("ci", 4), pool("huge", 96), pool("release", 4, "prod")],
  images: [],
  policies: [everyone, platform],
};

const web: RoutedJob = { repository: "acme/web", visibility: "private", fork: false };
const ops: RoutedJob = { repository: "acme/platform", visibility: "internal", fork: false };

function request(settings: string): RunnerRequest {
  const parsed = parseLabels([settings === "" ? "runs-fleet" : `runs-fleet/${settings}`]);
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

const visibilities = ["private", "internal", "public"] as const;

describe("policies", () => {
  const rule = (more: Partial<Policy>): Catalog => ({
    ...catalog,
    policies: [{ name: "rule", repositories: ["acme/*"], allow: {}, ...more }],
  });

  it("must name the repository; without any, nothing is allowed", () => {
    expect(codes("", { ...web, repository: "other/web" })).toEqual(["no-policy"]);
    expect(codes("", web, { ...catalog, policies: [] })).toEqual(["no-policy"]);
    expect(place("", { ...web, repository: "Acme/WEB" }).policy).toBe("everyone");
  });

  const lists = [
    undefined,
    [],
    ["private"],
    ["public"],
    ["public", "private"],
    visibilities,
  ] as const;
  it.each(
    visibilities.flatMap((visibility) =>
      [false, true].flatMap((fork) =>
        lists.flatMap((listed) =>
          [undefined, false, true].map((forks) => ({ visibility, fork, listed, forks })),
        ),
      ),
    ),
  )("allow $visibility, fork $fork, only as listed $listed and forks $forks", (row) => {
    const { visibility, fork, listed, forks } = row;
    const using = rule({
      ...(listed === undefined ? {} : { visibility: listed }),
      ...(forks === undefined ? {} : { forks }),
    });
    const seen: readonly string[] = listed ?? ["private", "internal"];
    const allowed = seen.includes(visibility) && (!fork || forks === true);
    const routed = route(request(""), { repository: "acme/web", visibility, fork }, using);
    expect(routed.ok).toBe(allowed);
    if (!routed.ok) expect(routed.issues.map(({ code }) => code)).toEqual(["no-policy"]);
  });

  it("may want custom properties, all of them", () => {
    const using = rule({ properties: { team: "build", tier: "1" } });
    expect(
      place("", { ...web, properties: { team: "build", tier: "1", x: "y" } }, using).policy,
    ).toBe("rule");
    for (const properties of [undefined, {}, { team: "build" }, { team: "Build", tier: "1" }]) {
      const job = { ...web, ...(properties === undefined ? {} : { properties }) };
      expect(codes("", job, using)).toEqual(["no-policy"]);
    }
    expect(codes("", web, rule({ properties: { constructor: "x" } }))).toEqual(["no-policy"]);
  });

  it("decide environments, pools and vCPUs", () => {
    expect(codes("env=prod")).toEqual(["forbidden-environment"]);
    expect(codes("pool=huge")).toEqual(["forbidden-pool", "forbidden-shape"]);
    expect(codes("cpu=17")).toEqual(["forbidden-shape"]);
    expect(codes("cpu=4+32")).toEqual(["forbidden-shape"]);
    expect(codes("pool=release")).toEqual(["forbidden-environment", "forbidden-pool"]);
    expect(place("cpu=16").shape.cpu.max).toBe(16);
    expect(codes("pool=ci", web, rule({ allow: { pools: [] } }))).toEqual(["forbidden-pool"]);
    expect(place("", web, rule({ allow: { pools: [] } })).policy).toBe("rule");
    expect(codes("", web, rule({ allow: { environments: [] } }))).toEqual([
      "forbidden-environment",
    ]);
    expect(
      place("pool=ci/env=dev", web, rule({ allow: { pools: ["C*"], environments: ["d?v"] } })).pool,
    ).toBe("ci");
  });

  it("allow by the first rule that allows, which also names the runner group", () => {
    expect(place("", ops)).toMatchObject({ policy: "everyone", runnerGroup: "fleet" });
    expect(place("env=prod/region=eu-west-1", ops).policy).toBe("platform");
    expect(place("env=prod", ops)).not.toHaveProperty("runnerGroup");
  });

  it("that refuse give the reasons of the one that came closest", () => {
    const using = {
      ...catalog,
      policies: [
        {
          name: "far",
          repositories: ["acme/*"],
          allow: { environments: [], pools: [], maxCpu: 1 },
        },
        { name: "near", repositories: ["acme/*"], allow: { maxCpu: 2 } },
        { name: "public", repositories: ["acme/*"], visibility: ["public"], allow: {} },
      ],
    } satisfies Catalog;
    expect(refusals("pool=ci", web, using)).toEqual([
      {
        code: "forbidden-shape",
        message: "Policy near lets acme/web use at most 2 vCPUs, and this is up to 4",
      },
    ]);
    expect(refusals("", { ...web, visibility: "public", fork: true }, using)[0]?.message).toContain(
      "Policy public",
    );
    expect(refusals("", { ...web, fork: true }, using)[0]?.message).toContain("Policy far");
  });

  it("that do not cover a repository tell it nothing about what exists", () => {
    const stranger: RoutedJob = { repository: "evil/web", visibility: "public", fork: true };
    const messages = ["pool=ci", "pool=nope", "env=nope/image=nope/region=ap-south-1"].map(
      (settings) => refusals(settings, stranger),
    );
    expect(new Set(messages.map((issues) => JSON.stringify(issues))).size).toBe(1);
  });
});
