import type { Policy, PoolConfig } from "../../routing/index.ts";
import type { Dice } from "./dice.ts";

/** A runner group at GitHub. */
export interface PlannedGroup {
  readonly name: string;
  readonly repositories: readonly string[];
}

/** Who may use what, at GitHub as in the catalog. */
export interface PlannedPolicies {
  readonly policies: readonly Policy[];
  readonly groups: readonly PlannedGroup[];
  readonly pools: readonly PoolConfig[];
}

const core = ["acme/app", "acme/web", "acme/api"] as const;
const others = ["acme/docs", "acme/infra"] as const;

/**
 * In many scenarios two groups of repositories of which one may not use the last pool, and limits per repository. Groups
 * at GitHub are as the policies are, as they have to be: GitHub hands a runner to whoever its group lets in.
 */
export function planPolicies(dice: Dice, pools: readonly PoolConfig[]): PlannedPolicies {
  const limit = dice.whole(2, 6);
  const limits = dice.chance(0.4) ? { limits: { perRepository: limit } } : {};
  const split = dice.chance(0.6);
  const lists = dice.chance(0.5);
  if (!split) {
    const everyone = { name: "everyone", repositories: ["acme/*"], allow: {}, ...limits };
    return { policies: [everyone], groups: [], pools };
  }
  const last = pools.length - 1;
  const open = pools.slice(0, last).map(({ name }) => name);
  return {
    policies: [
      { name: "core", repositories: core, runnerGroup: "core", allow: {}, ...limits },
      { name: "others", repositories: others, runnerGroup: "others", allow: { pools: open } },
    ],
    groups: [
      { name: "core", repositories: core },
      { name: "others", repositories: others },
    ],
    pools: pools.map((pool, index) =>
      index === last && lists ? { ...pool, repositories: core } : pool,
    ),
  };
}

/** Whether the planned policies let a repository use a pool. Read plainly: the router is not asked. */
export function mayUse(planned: PlannedPolicies, repository: string, pool: string): boolean {
  if (planned.groups.length === 0) return true;
  const isCore = (core as readonly string[]).includes(repository);
  return isCore || planned.pools.at(-1)?.name !== pool;
}
