import { type Catalog, matchesRepository } from "@runs-fleet/core";

/** Whether the jobs of a repository are only observed: routed and recorded, and nothing is launched for them. */
export function isObserved({ rollout }: Catalog, repository: string): boolean {
  return rollout !== undefined && !matchesRepository(rollout.claim, repository);
}
