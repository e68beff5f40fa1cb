import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Catalog, Policy, PoolConfig, RoutedJob } from "./catalog.ts";
import type { Narrowing } from "./narrowing.ts";
import { parseLabels } from "./parse-labels.ts";
import { route } from "./route.ts";
import type { Shape } from "./shape.ts";

const ci: Shape = { os: "linux", arch: "arm64", cpu: { min: 4, max: 4 } };

function pool(name: string, more: Partial<PoolConfig> = {}): PoolConfig {
  return {
    name,
    environment: "dev",
    regions: [{ name: "us-east-1" }, { name: "eu-west-1" }],
    shape: ci,
    schedule: { timeZone: "UTC", default: { hot: 1, stopped: 0 }, entries: [] },
    limits: { machines: 10 },
    ...more,
  };
}

const catalog: Catalog = {
  version: "1",
  defaultEnvironment: "dev",
  environments: [
    { name: "dev", regions: ["us-east-1", "eu-west-1", "us-west-2"] },
    { name: "prod", regions: ["eu-west-1"] },
  ],
  pools: [
    pool("ci"),
    pool("secret", { repositories: ["acme/secret-*"] }),
    pool("release", { environment: "prod" }),
    pool("huge", { shape: { os: "linux", cpu: { min: 96, max: 96 } } }),
  ],
  images: ["ubuntu"],
  runners: { std: ci, win: { os: "windows", cpu: { min: 8, max: 8 } } },
  policies: [],
};
const visibilities = ["private", "internal", "public"] as const;

function request(settings: string) {
  const parsed = parseLabels([settings === "" ? "runs-fleet" : `runs-fleet/${settings}`], catalog);
  if (!parsed?.ok) throw new Error(JSON.stringify(parsed));
  return parsed.value;
}

describe("route", () => {
  it("keeps to isolation: a placement has only what its environment owns and its policy allows", () => {
    const seldom = (key: string, ...values: readonly string[]) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.constantFrom(...values).map((value) => [`${key}=${value}`]) },
      );
    const settings = fc
      .tuple(
        seldom("pool", ...catalog.pools.map(({ name }) => name), "ci", "nope"),
        seldom("env", "dev", "prod", "nope"),
        seldom(
          "region",
          "us-east-1",
          "eu-west-1",
          "us-west-2",
          "ap-south-1",
          "eu-west-1+us-west-2",
        ),
        seldom("cpu", "2", "4", "16", "2+64"),
        seldom("runner", "std", "win", "4cpu-linux-arm64"),
      )
      .map((keys) => keys.flat().join("/"));
    const glob = fc.constantFrom("*", "acme/*", "acme/web", "acme/secret-*", "other/*");
    const policy: fc.Arbitrary<Policy> = fc.record(
      {
        name: fc.constantFrom("a", "b", "c"),
        repositories: fc.array(glob, { minLength: 1, maxLength: 2 }),
        visibility: fc.subarray([...visibilities]),
        forks: fc.boolean(),
        allow: fc.record(
          {
            environments: fc.subarray(["dev", "prod"]),
            pools: fc.subarray(catalog.pools.map(({ name }) => name)),
            maxCpu: fc.constantFrom(2, 4, 96),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ["name", "repositories", "allow"] },
    );
    const job: fc.Arbitrary<RoutedJob> = fc.record({
      repository: fc.constantFrom(
        "acme/web",
        "acme/secret-1",
        "ACME/Web",
        "other/x",
        "acme-evil/web",
      ),
      visibility: fc.constantFrom(...visibilities),
      fork: fc.boolean(),
    });
    let placed = 0;
    const property = fc.property(
      settings,
      job,
      fc.array(policy, { maxLength: 3 }),
      (text, routed, policies) => {
        const answer = route(request(text), routed, { ...catalog, policies });
        if (!answer.ok) {
          expect(answer.issues.length).toBeGreaterThan(0);
          return;
        }
        placed += 1;
        const { environment, regions, pool: poolName, policy: by, shape } = answer.value;
        const owner = catalog.environments.find(({ name }) => name === environment);
        expect(regions.length).toBeGreaterThan(0);
        for (const region of regions) expect(owner?.regions).toContain(region);
        const named = catalog.pools.find(({ name }) => name === poolName);
        expect(named?.environment ?? environment).toBe(environment);
        if (poolName === "secret")
          expect(routed.repository.toLowerCase()).toMatch(/^acme\/secret-/);
        const [owned] = routed.repository.toLowerCase().split("/");
        const allowing = policies.filter(
          (candidate) =>
            candidate.name === by &&
            candidate.repositories.some((g) => g === "*" || g.startsWith(`${owned}/`)) &&
            (candidate.visibility ?? ["private", "internal"]).includes(routed.visibility) &&
            (!routed.fork || candidate.forks === true) &&
            (candidate.allow.environments?.includes(environment) ?? true) &&
            (poolName === undefined || (candidate.allow.pools?.includes(poolName) ?? true)) &&
            shape.cpu.max <= (candidate.allow.maxCpu ?? shape.cpu.max),
        );
        expect(allowing.length).toBeGreaterThan(0);
      },
    );
    fc.assert(property, { numRuns: 3_000 });
    expect(placed).toBeGreaterThan(200);
  });

  it("is narrowed by a repository and never widened: the same answer, or a refusal that names the repository", () => {
    const some = <T>(...values: readonly T[]) =>
      fc.option(fc.subarray([...values]), { nil: undefined });
    const narrowing: fc.Arbitrary<Narrowing> = fc
      .record({
        environments: some("dev", "prod", "*"),
        pools: some("ci", "release", "h*", "*"),
        maxCpu: fc.option(fc.constantFrom(2, 4, 96), { nil: undefined }),
        maxJobs: fc.option(fc.nat(3), { nil: undefined }),
      })
      .map((fields) => ({ version: "1", ...definedOf(fields) }));
    const policies: readonly Policy[] = [{ name: "all", repositories: ["*"], allow: {} }];
    const settings = fc.constantFrom(
      "",
      "pool=ci",
      "pool=release",
      "pool=huge",
      "cpu=2",
      "env=prod",
      "cpu=8",
    );
    const job: RoutedJob = { repository: "acme/web", visibility: "private", fork: false };
    const counts = { same: 0, refused: 0 };
    const property = fc.property(settings, narrowing, (text, own) => {
      const wide = route(request(text), job, { ...catalog, policies });
      const narrow = route(request(text), { ...job, narrowing: own }, { ...catalog, policies });
      if (!wide.ok) throw new Error("The policy allows everything");
      const { environment, pool: name, shape } = wide.value;
      // By hand: every name that it may have, as there are few.
      const allows = (names: readonly string[] | undefined, word: string) =>
        names === undefined ||
        names.includes(word) ||
        names.includes("*") ||
        (word === "huge" && names.includes("h*"));
      const isAllowed =
        allows(own.environments, environment) &&
        (name === undefined || allows(own.pools, name)) &&
        shape.cpu.max <= (own.maxCpu ?? shape.cpu.max);
      counts[isAllowed ? "same" : "refused"] += 1;
      if (isAllowed) expect(narrow).toEqual(wide);
      else {
        expect(narrow.ok).toBe(false);
        const told = narrow.ok ? [] : narrow.issues.map(({ message }) => message);
        for (const message of told)
          expect(message).toMatch(/^acme\/web allows itself .*runs-fleet\.yml/);
      }
      // What no policy allows is not allowed by a repository that allows itself everything.
      const closed = route(request(text), { ...job, narrowing: { version: "1" } }, catalog);
      expect(closed).toEqual(route(request(text), job, catalog));
    });
    fc.assert(property, { numRuns: 2_000 });
    expect(Math.min(counts.same, counts.refused)).toBeGreaterThan(200);
  });
});

/** Without what is not there. */
function definedOf<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as never;
}
