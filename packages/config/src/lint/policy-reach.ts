import type { Catalog, Policy } from "@runs-fleet/core";
import { coversGlob } from "./glob-cover.ts";
import type { Work } from "./work.ts";

/** What a rule allows, as names of what there is. */
export interface Reach {
  readonly environments: ReadonlySet<string>;
  readonly pools: ReadonlySet<string>;
}

/** Whether a name of a rule stands for several. */
export const isPattern = (name: string): boolean => /[*?]/.test(name);

/** What each of the rules allows, in their order. */
export function reachesOf(
  { policies, environments, pools }: Catalog,
  work: Work,
): readonly Reach[] {
  const names = {
    environments: new Set(environments.map(({ name }) => name)),
    pools: new Set(pools.map(({ name }) => name)),
  };
  return policies.map(({ allow }: Policy) => ({
    environments: namesOf(allow.environments, names.environments, work),
    pools: namesOf(allow.pools, names.pools, work),
  }));
}

/** The names that one of the globs matches; no globs: all. */
function namesOf(
  globs: readonly string[] | undefined,
  names: ReadonlySet<string>,
  work: Work,
): ReadonlySet<string> {
  if (globs === undefined) return names;
  const found = new Set<string>();
  for (const glob of globs) {
    if (isPattern(glob)) {
      for (const name of names) if (coversGlob(glob, name, work)) found.add(name);
    } else {
      // Names are lower-case, and globs match in either case.
      const name = glob.toLowerCase();
      if (names.has(name)) found.add(name);
    }
  }
  return found;
}
