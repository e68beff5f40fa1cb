import type { Narrowing } from "@runs-fleet/core";

const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));
const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** What a repository allows itself, each bound in a few words. Empty: it narrows nothing. */
export function narrowingWords({
  environments,
  pools,
  maxCpu,
  maxJobs,
  maxReruns,
}: Narrowing): readonly string[] {
  return [
    ...(environments === undefined ? [] : [`environments ${list(environments)}`]),
    ...(pools === undefined ? [] : [`pools ${list(pools)}`]),
    ...(maxCpu === undefined ? [] : [`at most ${counted(maxCpu, "vCPU")} a job`]),
    ...(maxJobs === undefined ? [] : [`at most ${counted(maxJobs, "job")} at once`]),
    ...(maxReruns === undefined
      ? []
      : [maxReruns === 0 ? "no re-runs" : `at most ${counted(maxReruns, "re-run")}`]),
  ];
}
