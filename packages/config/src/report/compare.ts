import type { Comparison, FleetReport, Spread } from "@runs-fleet/core/testing";
import { poolName } from "./findings.ts";
import {
  dollars,
  duration,
  percent,
  signedDollars,
  signedDuration,
  signedPoints,
} from "./format.ts";

/** One number under both configurations. */
export interface ComparedNumber {
  readonly name: string;
  readonly here: string;
  readonly there: string;
  readonly change: string;
  /** Less is better, always; 0: no change worth a word. */
  readonly direction: -1 | 0 | 1;
  /** `more`: the ranges over the seeds do not overlap. `maybe`: they do. Absent: one seed tells nothing of that. */
  readonly chance?: "more" | "maybe";
}

/** Both configurations, number by number; the change is that of the other one against ours. */
export function compareNumbers(here: FleetReport, there: FleetReport): readonly ComparedNumber[] {
  const [a, b] = [here.spread, there.spread];
  return [
    waits("p50", here.waitsMs.p50, there.waitsMs.p50, a?.p50Ms, b?.p50Ms),
    waits("p95", here.waitsMs.p95, there.waitsMs.p95, a?.p95Ms, b?.p95Ms),
    waits("p99", here.waitsMs.p99, there.waitsMs.p99, a?.p99Ms, b?.p99Ms),
    {
      name: "over a minute",
      here: percent(here.waitsMs.over60Share),
      there: percent(there.waitsMs.over60Share),
      change: signedPoints(there.waitsMs.over60Share - here.waitsMs.over60Share),
      direction: direction(there.waitsMs.over60Share - here.waitsMs.over60Share, 0.0005),
      ...chance(a?.over60Share, b?.over60Share),
    },
    ...costs(here, there),
    ...here.pools.flatMap((pool) => {
      const other = there.pools.find(({ name }) => name === pool.name);
      if (other === undefined || pool.waitsMs.jobs === 0 || other.waitsMs.jobs === 0) return [];
      return [waits(`p95 of ${poolName(pool.name)}`, pool.waitsMs.p95, other.waitsMs.p95)];
    }),
  ];
}

function direction(change: number, least: number): -1 | 0 | 1 {
  if (Math.abs(change) < least) return 0;
  return change < 0 ? -1 : 1;
}

function waits(name: string, here: number, there: number, a?: Spread, b?: Spread): ComparedNumber {
  return {
    name,
    here: duration(here),
    there: duration(there),
    change: signedDuration(there - here),
    direction: direction(there - here, 50),
    ...chance(a, b),
  };
}

function costs(here: FleetReport, there: FleetReport): readonly ComparedNumber[] {
  if (here.cost === undefined || there.cost === undefined) return [];
  const change = there.cost.usdPerWeek - here.cost.usdPerWeek;
  return [
    {
      name: "cost a week",
      here: dollars(here.cost.usdPerWeek),
      there: dollars(there.cost.usdPerWeek),
      change: signedDollars(change),
      direction: direction(change, 0.005),
      ...chance(here.spread?.totalUsd, there.spread?.totalUsd),
    },
  ];
}

function chance(here?: Spread, there?: Spread): { chance?: "more" | "maybe" } {
  if (here === undefined || there === undefined) return {};
  if (here.min === there.min && here.max === there.max) return {};
  const apart = here.max < there.min || there.max < here.min;
  return { chance: apart ? "more" : "maybe" };
}

/** What the other configuration would change, in one sentence. */
export function comparison(config: string, here: FleetReport, there: FleetReport): string {
  const numbers = compareNumbers(here, there);
  const words = (name: string, word: string): readonly string[] => {
    const found = numbers.find((number) => number.name === name);
    if (found === undefined) return [];
    const doubt = found.chance === "maybe" && found.direction !== 0 ? " (perhaps by chance)" : "";
    return [`${found.change} ${word}${doubt}`];
  };
  const changes = [
    ...words("cost a week", "a week"),
    ...words("p95", "at p95"),
    ...words("over a minute", "of jobs over a minute"),
  ];
  return `${config} instead: ${changes.join(", ")}.`;
}

/** What to keep in mind when comparing, one sentence each. */
export function comparisonNotes({ added, removed, warnings }: Comparison): readonly string[] {
  return [
    ...warnings,
    ...(added.length > 0 ? [`New there: ${added.map(poolName).join(", ")}.`] : []),
    ...(removed.length > 0 ? [`Not there any more: ${removed.map(poolName).join(", ")}.`] : []),
  ];
}
