import type { ObservedMachine } from "../../../ports/machine-provider.ts";
import type { Observation } from "../observe-provider.ts";
import type { Trouble } from "../trouble.ts";
import { machinesOf, poolOf } from "../truth.ts";
import type { FloorMemory } from "./floors.ts";

const minutes = 60_000;
/** Back-offs after other trouble end within it. */
const calmMs = 10 * minutes;
/** What was slow or mute as it booted, and the doubt about its kind, is over within it. */
const doubtMs = 20 * minutes;
/** Purchases that were under way have been answered, and are known to boot the image of before. */
const settledMs = 2 * minutes;
/** The next of a pool's machines is replaced within it: it is listed, another one is bought and boots, and has dwelled. */
const nextWithinMs = 12 * minutes;

/** What the oracle of images remembers between looks. */
export interface RenewalMemory {
  /** Machines of each pool that boot another image by now, and since when none of them has gone although nothing hinders. */
  readonly stale: Map<string, { readonly ids: ReadonlySet<string>; readonly sinceMs: number }>;
}

/** Nothing was seen yet. */
export function createRenewalMemory(): RenewalMemory {
  return { stale: new Map() };
}

/** renewed: once there is another image, the machines of pools that wait go one after the other, while nothing else is wrong. */
export async function judgeRenewal(
  { truth, judge, clock }: Observation,
  trouble: Trouble,
  { limitedAtMs, slowAtMs }: Pick<FloorMemory, "limitedAtMs" | "slowAtMs">,
  { stale }: RenewalMemory,
): Promise<void> {
  const nowMs = clock.now();
  const published = trouble.active("image-published").at(-1);
  if (published === undefined || trouble.calmForMs("image-published") < calmMs) {
    stale.clear();
    return;
  }
  const isOld = ({ id, launchedAtMs }: ObservedMachine): boolean =>
    launchedAtMs < published.sinceMs - settledMs && !truth.runnerOf.has(id);
  const old = (await machinesOf(truth)).filter(isOld);
  const recently = (atMs = Number.NEGATIVE_INFINITY, withinMs = calmMs): boolean =>
    nowMs - atMs < withinMs;
  for (const pool of truth.pools) {
    const ids = new Set(
      old.filter((machine) => poolOf(truth, machine) === pool).map(({ id }) => id),
    );
    const before = stale.get(pool.name);
    // Where the whole environment is full nothing can be bought first.
    const isHindered = recently(limitedAtMs.get("")) || recently(slowAtMs.get(pool.name), doubtMs);
    const hasMoved = before === undefined || [...before.ids].some((id) => !ids.has(id));
    const sinceMs = hasMoved || isHindered || ids.size === 0 ? nowMs : before.sinceMs;
    stale.set(pool.name, { ids, sinceMs });
    judge.check(
      "renewed",
      `${pool.name} ${sinceMs}`,
      nowMs - sinceMs > nextWithinMs
        ? `pool ${pool.name} keeps ${ids.size} machines that boot another image by now, for ${Math.round((nowMs - sinceMs) / minutes)} min`
        : undefined,
    );
  }
}
