import type { RoutedJob, RouteIssue } from "./catalog.ts";
import { matchesSome } from "./glob.ts";
import type { Wish } from "./policies.ts";

/** What a repository allows its own jobs. It only takes away from what the configuration allows: policies decide first. */
export interface Narrowing {
  /** Names this state of it: the blob's sha, say. */
  readonly version: string;
  /** Environments, by names or globs. @defaultValue as the policy says */
  readonly environments?: readonly string[];
  /** Pools, by names or globs. A job that names no pool needs none. @defaultValue as the policy says */
  readonly pools?: readonly string[];
  /** Most vCPUs a job may ask for: the upper end of its range, or of the shape of the pool it names. @defaultValue as the policy says */
  readonly maxCpu?: number;
  /** Most of its jobs that are given machines at once. @defaultValue as the policy says */
  readonly maxJobs?: number;
  /** How often one of its jobs is run again that lost its machine; 0: never. @defaultValue as the policy says */
  readonly maxReruns?: number;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

/** Why the repository itself does not allow a wish that a policy allows; empty when it does. */
export function narrowingIssues(
  { repository, narrowing }: RoutedJob,
  { environment, pool, shape }: Wish,
): readonly RouteIssue[] {
  if (narrowing === undefined) return [];
  const { environments, pools, maxCpu } = narrowing;
  const issues: RouteIssue[] = [];
  const own = `${repository} allows itself`;
  if (environments !== undefined && !matchesSome(environments, environment)) {
    const message = `${own} no environment ${environment} in its runs-fleet.yml, only ${listed(environments)}`;
    issues.push({ code: "forbidden-environment", message });
  }
  if (pool !== undefined && pools !== undefined && !matchesSome(pools, pool)) {
    const message = `${own} no pool ${pool} in its runs-fleet.yml, only ${listed(pools)}`;
    issues.push({ code: "forbidden-pool", message });
  }
  if (maxCpu !== undefined && shape.cpu.max > maxCpu) {
    const message = `${own} at most ${maxCpu} vCPUs in its runs-fleet.yml, and this is up to ${shape.cpu.max}`;
    issues.push({ code: "forbidden-shape", message });
  }
  return issues;
}

/** The smaller of two bounds, where absent is none. */
export function narrower(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
