import type { PoolConfig } from "@runs-fleet/core";
import type { FieldIssue } from "../issues/issue.ts";
import { createInstantText, type InstantText } from "./instant-text.ts";
import type { LintInput, Path } from "./lint-input.ts";
import { type PoolDemand, peakTogether } from "./peak-together.ts";
import { mostEver, peaksOfEntries, peaksWithinYear, type SchedulePeak } from "./schedule-peak.ts";

/** Schedules that want more machines than their pool may have, and pools that together want more than their environment may. */
export function lintPeaks(input: LintInput): readonly FieldIssue[] {
  const peaksOf = memoised(input.atMs);
  const instantText = createInstantText();
  const whole = input.catalog.pools.filter(({ name }) =>
    input.isWhole(["pools", name], ["calendars"], ["defaults"]),
  );
  return [
    ...whole.flatMap((pool) => lintPool(pool, peaksOf, instantText)),
    // With a pool missing, what they want together is not known.
    ...(whole.length === input.catalog.pools.length ? lintEnvironments(input, instantText) : []),
  ];
}

/** Pools that share an anchor have the same schedule: a year of it is looked through once. */
function memoised(atMs: number | undefined): (pool: PoolConfig) => readonly SchedulePeak[] {
  const known = new Map<string, readonly SchedulePeak[]>();
  return ({ schedule, limits: { machines } }) => {
    const key = JSON.stringify([schedule, machines]);
    const peaks =
      known.get(key) ??
      (atMs === undefined
        ? peaksOfEntries(schedule, machines)
        : peaksWithinYear(schedule, atMs, machines));
    known.set(key, peaks);
    return peaks;
  };
}

const lists = { entries: "schedule", exceptions: "exceptions" } as const;

function lintPool(
  pool: PoolConfig,
  peaksOf: (pool: PoolConfig) => readonly SchedulePeak[],
  instantText: InstantText,
): readonly FieldIssue[] {
  const { name, schedule, limits } = pool;
  // Most files say numbers that fit, and need no look at the calendar.
  if (mostEver(schedule) <= limits.machines) return [];
  return peaksOf(pool).map(({ hot, stopped, from, atMs }): FieldIssue => {
    const path: Path = ["pools", name, ...(from ? [lists[from.kind], from.index] : ["default"])];
    const who = from
      ? `${from.kind === "entries" ? "Entry" : "Exception"} ${schedule[from.kind]?.[from.index]?.name}`
      : "The default";
    const when = atMs === undefined ? "" : ` from ${instantText(atMs, schedule.timeZone)} on`;
    const message = `${who} wants ${hot} hot and ${stopped} stopped machines${when}, and the pool may have ${limits.machines}, those of jobs included`;
    return { rule: "peak-over-limit", severity: "warning", message, path };
  });
}

function lintEnvironments(
  { form, catalog, atMs, isWhole }: LintInput,
  instantText: InstantText,
): readonly FieldIssue[] {
  if (atMs === undefined) return [];
  return catalog.environments.flatMap(({ name, machines }) => {
    if (machines === undefined || !isWhole(["environments", name])) return [];
    const pools: readonly PoolDemand[] = catalog.pools
      .filter(({ environment }) => environment === name)
      .map((pool) => ({
        name: pool.name,
        schedule: pool.schedule,
        most: pool.limits.machines,
      }));
    const wanted = (pool: PoolDemand): number => Math.min(mostEver(pool.schedule), pool.most);
    if (pools.reduce((sum, pool) => sum + wanted(pool), 0) <= machines) return [];
    const peak = peakTogether(pools, atMs);
    if (peak.total <= machines) return [];
    const largest = peak.parts
      .slice(0, 3)
      .map(({ name: pool, count }) => `${pool} ${count}`)
      .join(", ");
    const message = `From ${instantText(peak.atMs, form.defaults?.timezone)} on its pools want ${peak.total} machines together (${largest}${peak.parts.length > 3 ? " and more" : ""}); it may have ${machines}`;
    const path = ["environments", name, "limits", "machines"];
    return [{ rule: "peak-over-environment-limit", severity: "warning", message, path }];
  });
}
