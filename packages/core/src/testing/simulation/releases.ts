import { defaultTimings, type Timings } from "../../fleet/timings.ts";
import { without } from "../../fleet/without.ts";
import type { Catalog } from "../../routing/index.ts";

/** What a process is started with. */
export interface Release {
  readonly catalog: Catalog;
  readonly timings: Partial<Timings>;
}

/** Releases by number. */
export interface Releases {
  /** The release of a number; number 0 is the one that the world begins with. */
  at(number: number): Release;
  /** The configuration of a version; `undefined`: no release has it. */
  catalogOf(version: string): Catalog | undefined;
  /** Makes the next release, and answers its number. `outdates`: its pools want other machines than the one before. */
  next(outdates: boolean): number;
}

const seconds = 1_000;
/** Spans that oracles do not go by: they may differ between releases. */
const otherTimings: Partial<Timings> = {
  leaseMs: 20 * seconds,
  leaseRenewMs: 6 * seconds,
  sweepMs: 90 * seconds,
  acknowledgeMs: 60 * seconds,
  readyDwellMs: 60 * seconds,
};

/**
 * The first release of a configuration. What pools promise, and what limits them, is the same in all. `widens`: from the second on,
 * every repository is claimed.
 */
export function createReleases(catalog: Catalog, widens = false): Releases {
  const made: Release[] = [{ catalog, timings: defaultTimings }];
  const at = (number: number): Release => made[number] ?? { catalog, timings: defaultTimings };
  return {
    at,
    catalogOf: (version) => made.find(({ catalog: own }) => own.version === version)?.catalog,
    next: (outdates) => {
      const number = made.length;
      const last = at(number - 1).catalog;
      const before = widens ? without(last, "rollout") : last;
      const pools = before.pools.map((pool) => ({
        ...pool,
        ...(number % 3 === 0
          ? {}
          : { leadMs: number % 3 === 1 ? 2 * 60 * seconds : ("auto" as const) }),
        shape: outdates ? { ...pool.shape, diskGib: 30 + number } : pool.shape,
      }));
      made.push({
        catalog: { ...before, version: String(number + 1), pools },
        timings: number % 2 === 0 ? defaultTimings : otherTimings,
      });
      return number;
    },
  };
}
