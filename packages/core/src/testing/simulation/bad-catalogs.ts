import type { Catalog } from "../../routing/index.ts";

type Flaw = (catalog: Catalog) => unknown;

/** The first pool with something wrong about it. */
function withPool(changes: object): Flaw {
  return (catalog) => ({
    ...catalog,
    pools: catalog.pools.map((pool, index) => (index === 0 ? { ...pool, ...changes } : pool)),
  });
}

const schedule = { default: { hot: 0, stopped: 0 }, entries: [] };

/** What people get wrong in a configuration, and what a broken file can look like. */
const flaws: readonly Flaw[] = [
  withPool({ schedule: { ...schedule, timeZone: "Europe/Berln" } }),
  withPool({ environment: "staging" }),
  withPool({ limits: { machine: 4 } }),
  withPool({ limits: { machines: -1 } }),
  withPool({
    schedule: { ...schedule, default: { hot: 1_000_000, stopped: 0 } },
    rampUp: { step: 1, everyMs: 1 },
  }),
  withPool({
    schedule: {
      ...schedule,
      entries: [{ kind: "weekly", name: "w", start: "25:00", end: "26:00", capacity: {} }],
    },
  }),
  (catalog) => ({
    ...catalog,
    policies: catalog.policies.map((policy) => ({ ...policy, allow: { pools: ["pool-z"] } })),
  }),
  ({ pools: _, ...rest }) => rest,
  () => null,
];

/** How many ways there are to be wrong. */
export const flawCount: number = flaws.length;

/** A configuration that nobody may go by. It says so in its version, where it has one. */
export function badCatalog(catalog: Catalog, flaw: number): Catalog {
  const make = flaws[flaw % flaws.length] ?? (() => null);
  // A lie about its type: what the outside answers is not what it promised.
  return make({ ...catalog, version: `${catalog.version}-bad` }) as Catalog;
}
