import type { FleetReport } from "@runs-fleet/core/testing";
import { plural } from "./format.ts";

/** What is said instead of a list of windows that never bind, when there is none. */
export function noSpareWindows({ untriedWindows }: FleetReport): string {
  return untriedWindows.length === 0
    ? "None: every window served a job."
    : "None of those that were tried.";
}

/** Which windows a reader must not take for needed, nor for needless. Absent: all were tried. */
export function untriedNote({ untriedWindows }: FleetReport): string | undefined {
  if (untriedWindows.length === 0) return undefined;
  const names = untriedWindows.map(({ pool, entry }) => `${pool} / ${entry}`).join(", ");
  const verb = untriedWindows.length === 1 ? "never falls" : "never fall";
  return `Not tried: ${plural(untriedWindows.length, "window")} ${verb} into the simulated time (${names}).`;
}
