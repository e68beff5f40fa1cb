import type { Catalog, Placement } from "../../routing/index.ts";

/** GitHub's number of the group that every organisation has. */
export const defaultGroupId = 1;

/** Of jobs that no policy sends anywhere: no group lets them in. */
export const noGroupId = 0;

/** The group whose runners may take the job, lower-cased. */
export function groupNameOf({ runnerGroup }: Pick<Placement, "runnerGroup">): string {
  return runnerGroup?.toLowerCase() ?? "default";
}

/** Numbers of the runner groups that the policies name, by lower-cased name: each is taken to exist at every owner. */
export function groupNumbers(catalog: Catalog): ReadonlyMap<string, number> {
  const numbers = new Map([["default", defaultGroupId]]);
  for (const { runnerGroup } of catalog.policies) {
    const name = runnerGroup?.toLowerCase();
    if (name !== undefined && !numbers.has(name)) numbers.set(name, numbers.size + 1);
  }
  return numbers;
}
