import type { Catalog, Policy } from "@runs-fleet/core";
import type { FieldIssue } from "../issues/issue.ts";
import { coversGlob } from "./glob-cover.ts";
import type { LintInput } from "./lint-input.ts";
import { isPattern, type Reach, reachesOf } from "./policy-reach.ts";
import { unreachablePools } from "./unreachable-pools.ts";
import { mostWork, spend, type Work } from "./work.ts";

/** Rules that never have their turn, names in them that mean nothing, and pools that no rule gives to anybody. */
export function lintPolicies({ catalog, isWhole }: LintInput): readonly FieldIssue[] {
  if (!isWhole(["policies"], ["pools"], ["environments"], ["runners"], ["defaults"])) return [];
  const work = { left: mostWork };
  const reaches = reachesOf(catalog, work);
  const issues = [
    ...lintGlobs(catalog, work),
    ...lintShadows(catalog, reaches, work),
    ...unreachablePools(catalog, reaches, work),
  ];
  return work.left < 0 ? [] : issues;
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
function lintShadows(
  catalog: Catalog,
  reaches: readonly Reach[],
  work: Work,
): readonly FieldIssue[] {
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
