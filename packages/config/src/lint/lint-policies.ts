import type { Catalog, Policy, PoolConfig } from "@runs-fleet/core";
import type { FieldIssue } from "../issues/issue.ts";
import { coversGlob, meetGlobs } from "./glob-cover.ts";
import type { LintInput } from "./lint-input.ts";
import { mostWork, spend, type Work } from "./work.ts";

/** Rules that never have their turn, names in them that mean nothing, and pools that no rule gives to anybody. */
export function lintPolicies({ catalog, isWhole }: LintInput): readonly FieldIssue[] {
  if (!isWhole(["policies"], ["pools"], ["environments"], ["runners"], ["defaults"])) return [];
  const work = { left: mostWork };
  const issues = [
    ...lintGlobs(catalog, work),
    ...lintShadows(catalog, work),
    ...lintPools(catalog, work),
  ];
  return work.left < 0 ? [] : issues;
}

const isPattern = (name: string): boolean => /[*?]/.test(name);

/** Whether one of the globs matches a name; no globs: all do. */
function createMatcher(
  globs: readonly string[] | undefined,
  work: Work,
): (name: string) => boolean {
  if (globs === undefined) return () => true;
  const names = new Set(globs.map((name) => name.toLowerCase()));
  const patterns = globs.filter(isPattern);
  return (name) =>
    names.has(name.toLowerCase()) || patterns.some((glob) => coversGlob(glob, name, work));
}

/** Globs of pools and environments that match none. That single names exist is seen to with the other references. */
function lintGlobs({ policies, pools, environments }: Catalog, work: Work): readonly FieldIssue[] {
  const known = {
    pools: pools.map(({ name }) => name),
    environments: environments.map(({ name }) => name),
  };
  return policies.flatMap(({ allow }, index) =>
    (["environments", "pools"] as const).flatMap((key) =>
      (allow[key] ?? []).flatMap((glob, at): readonly FieldIssue[] => {
        if (!isPattern(glob) || known[key].some((name) => coversGlob(glob, name, work))) return [];
        const message = `${glob} matches no ${key === "pools" ? "pool" : "environment"}; there are ${known[key].slice(0, 10).join(", ") || "none"}`;
        const path = ["policies", index, "allow", key, at];
        return [{ rule: "unmatched-glob", severity: "warning", message, path }];
      }),
    ),
  );
}

/** Rules whose every repository an earlier rule covers that allows all that they do: the first that allows wins. */
function lintShadows(catalog: Catalog, work: Work): readonly FieldIssue[] {
  const reaches = catalog.policies.map((policy) => reachOf(policy, catalog, work));
  return catalog.policies.flatMap((policy, index): readonly FieldIssue[] => {
    const reach = reaches[index];
    if (reach === undefined || policy.repositories.length === 0) return [];
    const names = new Set<string>();
    for (const glob of policy.repositories) {
      if (work.left < 0) return [];
      const earlier = catalog.policies.find(
        (other, at) =>
          at < index &&
          other.repositories.some((wide) => coversGlob(wide, glob, work)) &&
          covers(other, reaches[at] ?? reach, policy, reach, work),
      );
      if (earlier === undefined) return [];
      names.add(earlier.name);
    }
    const message = `Policy ${policy.name} is never used: ${[...names].join(", ")} before it ${names.size === 1 ? "allows" : "allow"} all that it does; move it up, or take it out`;
    const path = ["policies", index, "name"];
    return [{ rule: "shadowed-policy", severity: "warning", message, path }];
  });
}

/** What a rule allows, as names of what there is. */
interface Reach {
  readonly environments: ReadonlySet<string>;
  readonly pools: ReadonlySet<string>;
}

function reachOf({ allow }: Policy, { environments, pools }: Catalog, work: Work): Reach {
  const named = (
    list: readonly { readonly name: string }[],
    globs: readonly string[] | undefined,
  ): ReadonlySet<string> =>
    new Set(list.map(({ name }) => name).filter(createMatcher(globs, work)));
  return {
    environments: named(environments, allow.environments),
    pools: named(pools, allow.pools),
  };
}

/** Whether whatever one rule allows, another allows as well; their repositories aside. */
function covers(wide: Policy, outer: Reach, narrow: Policy, inner: Reach, work: Work): boolean {
  if (!spend(work, inner.pools.size)) return false;
  const visible = wide.visibility ?? usualVisibility;
  const most = wide.allow.maxCpu ?? Number.POSITIVE_INFINITY;
  return (
    (narrow.visibility ?? usualVisibility).every((one) => visible.includes(one)) &&
    (wide.forks === true || narrow.forks !== true) &&
    Object.entries(wide.properties ?? {}).every(
      ([property, value]) => narrow.properties?.[property] === value,
    ) &&
    (narrow.allow.maxCpu ?? Number.POSITIVE_INFINITY) <= most &&
    [...inner.environments].every((name) => outer.environments.has(name)) &&
    [...inner.pools].every((name) => outer.pools.has(name))
  );
}

/** What a rule that says none covers, as core has it. */
const usualVisibility: NonNullable<Policy["visibility"]> = ["private", "internal"];

/** Pools that no repository can use. */
function lintPools({ pools, policies }: Catalog, work: Work): readonly FieldIssue[] {
  if (pools.length === 0) return [];
  if (policies.length === 0) {
    const message = "There is no policy: every job is refused, whatever its pool";
    return [{ rule: "unreachable-pool", severity: "warning", message, path: ["policies"] }];
  }
  const judges = policies.map((policy) => createJudge(policy, work));
  return pools.flatMap((pool): readonly FieldIssue[] => {
    let nearest = { rank: 0, reason: "no policy allows it" };
    for (const refusalOf of judges) {
      const refusal = refusalOf(pool);
      if (refusal === undefined || work.left < 0) return [];
      if (refusal.rank > nearest.rank) nearest = refusal;
    }
    const message = `Nobody can use pool ${pool.name}: ${nearest.reason}`;
    const path = ["pools", pool.name];
    return [{ rule: "unreachable-pool", severity: "warning", message, path, isAboutKey: true }];
  });
}

/** Why a rule gives a pool to nobody, and how near it comes. */
interface Refusal {
  /** More is nearer. */
  readonly rank: number;
  readonly reason: string;
}

/** Tells why a rule gives a pool to nobody; `undefined`: somebody may use it. */
function createJudge(
  { name, repositories, allow }: Policy,
  work: Work,
): (pool: PoolConfig) => Refusal | undefined {
  const allowsPool = createMatcher(allow.pools, work);
  const allowsEnvironment = createMatcher(allow.environments, work);
  return ({ name: pool, environment, shape: { cpu }, repositories: own = ["*"] }) => {
    if (!spend(work, 1) || !allowsPool(pool)) return { rank: 0, reason: "" };
    if (!allowsEnvironment(environment)) {
      const reason = `policy ${name} allows it, but not its environment ${environment}`;
      return { rank: 1, reason };
    }
    if (allow.maxCpu !== undefined && cpu.max > allow.maxCpu) {
      const reason = `policy ${name} allows at most ${allow.maxCpu} vCPUs, and it has up to ${cpu.max}`;
      return { rank: 2, reason };
    }
    const meets = repositories.some((glob) => own.some((other) => meetGlobs(glob, other, work)));
    if (meets) return undefined;
    return { rank: 3, reason: `policy ${name} is for none of the repositories that it is for` };
  };
}
