import type { Catalog, Policy, PoolConfig } from "@runs-fleet/core";
import type { FieldIssue } from "../issues/issue.ts";
import { meetGlobs } from "./glob-cover.ts";
import type { Reach } from "./policy-reach.ts";
import { spend, type Work } from "./work.ts";

/** Pools that no rule gives to any repository. */
export function unreachablePools(
  { pools, policies }: Catalog,
  reaches: readonly Reach[],
  work: Work,
): readonly FieldIssue[] {
  if (pools.length === 0) return [];
  if (policies.length === 0) {
    const message = "There is no policy: every job is refused, whatever its pool";
    return [{ rule: "unreachable-pool", severity: "warning", message, path: ["policies"] }];
  }
  const byName = new Map(pools.map((pool) => [pool.name, pool]));
  const nearest = new Map<string, Refusal>(
    pools.map(({ name }) => [name, { rank: 0, reason: "no policy allows it" }]),
  );
  for (const [index, policy] of policies.entries()) {
    const reach = reaches[index];
    for (const name of reach?.pools ?? []) {
      const pool = byName.get(name);
      const known = nearest.get(name);
      // Somebody may use it already.
      if (pool === undefined || known === undefined || reach === undefined) continue;
      if (!spend(work, 1)) return [];
      const refusal = refusalOf(policy, reach, pool, work);
      if (refusal === undefined) nearest.delete(name);
      else if (refusal.rank > known.rank) nearest.set(name, refusal);
    }
  }
  return [...nearest].map(([name, { reason }]) => {
    const message = `Nobody can use pool ${name}: ${reason}`;
    const path = ["pools", name];
    return { rule: "unreachable-pool", severity: "warning", message, path, isAboutKey: true };
  });
}

/** Why a rule that names a pool gives it to nobody, and how near it comes. */
interface Refusal {
  /** More is nearer. */
  readonly rank: number;
  readonly reason: string;
}

function refusalOf(
  { name, repositories, allow }: Policy,
  { environments }: Reach,
  { environment, shape: { cpu }, repositories: own = ["*"] }: PoolConfig,
  work: Work,
): Refusal | undefined {
  if (!environments.has(environment)) {
    const reason = `policy ${name} allows it, but not its environment ${environment}`;
    return { rank: 1, reason };
  }
  if (allow.maxCpu !== undefined && cpu.max > allow.maxCpu) {
    const reason = `policy ${name} allows at most ${allow.maxCpu} vCPUs, and it has up to ${cpu.max}`;
    return { rank: 2, reason };
  }
  const meets = repositories.some((glob) => own.some((other) => meetGlobs(glob, other, work)));
  if (meets) return undefined;
  return {
    rank: 3,
    reason: `it and policy ${name}, which allows it, have no repository in common`,
  };
}
