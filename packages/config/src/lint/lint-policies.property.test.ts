import { type Catalog, type RunnerRequest, route, type Visibility } from "@runs-fleet/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseConfig } from "../parse-config.ts";

const subset = <T>(...all: readonly T[]) => fc.subarray([...all], { minLength: 1 });
const policy = fc.record(
  {
    repositories: subset("acme/*", "acme/web", "acme/a?i", "beta/*", "*"),
    visibility: subset<Visibility>("private", "internal", "public"),
    forks: fc.boolean(),
    properties: fc.constantFrom<Record<string, string>>({}, { team: "a" }, { team: "b" }),
    environments: subset("ci", "prod", "p*"),
    pools: subset("linux", "large", "l*", "other"),
    maxCpu: fc.constantFrom(4, 16),
  },
  { requiredKeys: ["repositories"] },
);
const policies = fc.array(policy, { minLength: 1, maxLength: 4 });
type Policies = typeof policies extends fc.Arbitrary<infer T> ? T : never;

function look(rules: Policies) {
  const parsed = parseConfig(
    JSON.stringify({
      version: 1,
      environments: { ci: { regions: ["us-east-1"] }, prod: { regions: ["us-east-1"] } },
      pools: {
        linux: { runner: { cpu: 4 }, limits: { machines: 5 } },
        large: { runner: { cpu: 16 }, repositories: ["beta/*"], limits: { machines: 5 } },
        other: { environment: "prod", limits: { machines: 5 } },
      },
      policies: rules.map(({ environments, pools, maxCpu, ...rest }, index) => ({
        name: `rule${index}`,
        ...rest,
        allow: {
          ...(environments ? { environments } : {}),
          ...(pools ? { pools } : {}),
          ...(maxCpu ? { maxCpu } : {}),
        },
      })),
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const { catalog } = parsed.value;
  const placements = () =>
    wishes.flatMap((wish) =>
      jobs.flatMap((job) => {
        const placed = route(wish, job, catalog);
        return placed.ok ? [placed.value] : [];
      }),
    );
  return { catalog, placements, issues: parsed.issues };
}

const jobs = ["acme/web", "acme/api", "acme/x", "beta/one", "other/web"].flatMap((repository) =>
  (["private", "public", "internal"] as const).flatMap((visibility) =>
    [true, false].flatMap((fork) =>
      ["a", "b", undefined].map((team) => ({
        repository,
        visibility,
        fork,
        ...(team === undefined ? {} : { properties: { team } }),
      })),
    ),
  ),
);
const wishes = ([undefined, "linux", "large", "other"] as const).flatMap((pool) =>
  ([undefined, "ci", "prod"] as const).flatMap((environment) =>
    [2, 8, 32].map(
      (cpu): RunnerRequest => ({
        labels: ["x"],
        os: "linux",
        cpu: { min: cpu, max: cpu },
        families: [],
        spot: true,
        regions: [],
        explicit: [],
        ...(pool ? { pool } : {}),
        ...(environment ? { environment } : {}),
      }),
    ),
  ),
);

it("calls a rule shadowed only when no job is ever placed by it", () => {
  let shadowed = 0;
  fc.assert(
    fc.property(policies, (rules) => {
      const { catalog, placements, issues } = look(rules);
      const found = issues.filter(({ rule }) => rule === "shadowed-policy");
      if (found.length === 0) return;
      shadowed += found.length;
      const used = new Set(placements().map(({ policy: name }) => name));
      for (const { path } of found) {
        const { name } = catalog.policies[Number(path[1])] as Catalog["policies"][number];
        expect(used.has(name)).toBe(false);
      }
    }),
    { numRuns: 400 },
  );
  expect(shadowed).toBeGreaterThan(8);
});

it("calls a pool unreachable exactly when no job is ever placed in it", () => {
  let unreachable = 0;
  fc.assert(
    fc.property(policies, (rules) => {
      const { catalog, placements, issues } = look(rules);
      const found = issues
        .filter(({ rule }) => rule === "unreachable-pool")
        .map(({ path }) => path[1]);
      const used = new Set(placements().map(({ pool }) => pool));
      unreachable += found.length;
      expect(found.sort()).toEqual(
        catalog.pools
          .map(({ name }) => name)
          .filter((name) => !used.has(name))
          .sort(),
      );
    }),
    { numRuns: 100 },
  );
  expect(unreachable).toBeGreaterThan(5);
});

it("tells once that there is no rule at all", () => {
  const parsed = parseConfig(`version: 1
environments: { ci: { regions: [us-east-1] } }
policies: []
pools: { a: { limits: { machines: 1 } }, b: { limits: { machines: 1 } } }
`);
  expect(parsed.issues.map(({ rule, path }) => [rule, path])).toEqual([
    ["unreachable-pool", ["policies"]],
  ]);
});
