import type { Catalog } from "../../routing/index.ts";

/** GitHub's number of the group that every organisation has. */
export const defaultGroupId = 1;

/** Numbers of the runner groups that the policies name, by lower-cased name: each is taken to exist at every owner. */
export function groupNumbers(catalog: Catalog): ReadonlyMap<string, number> {
  const numbers = new Map([["default", defaultGroupId]]);
  for (const { runnerGroup } of catalog.policies) {
    const name = runnerGroup?.toLowerCase();
    if (name !== undefined && !numbers.has(name)) numbers.set(name, numbers.size + 1);
  }
  return numbers;
}
