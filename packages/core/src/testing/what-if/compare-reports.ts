import { rounded } from "./measure-cost.ts";
import type { FleetReport, PoolReport } from "./report.ts";

/** Two values of one number. `change` is the second less the first. */
export interface Change {
  /** In the first report. */
  readonly before: number;
  /** In the second report. */
  readonly after: number;
  /** Below 0: it fell. */
  readonly change: number;
}

/** What differs between two reports of the whole fleet, or of one pool. */
export interface ComparedReport {
  /** The wait that half of the started jobs did not exceed, milliseconds. */
  readonly p50Ms: Change;
  /** The wait that 95 of 100 did not exceed, milliseconds. */
  readonly p95Ms: Change;
  /** The wait that 99 of 100 did not exceed, milliseconds. */
  readonly p99Ms: Change;
  /** The longest wait, milliseconds. */
  readonly maxMs: Change;
  /** Share of started jobs that waited longer than a minute, 0 to 1. */
  readonly over60Share: Change;
  /** Share of jobs that found a ready machine. */
  readonly hotShare: Change;
  /** Absent: no cost is known of one of them. */
  readonly usdPerWeek?: Change;
  /** The most machines at once. Absent for the whole fleet: only a pool has it. */
  readonly peakMachines?: Change;
}

/** What {@link compareReports} answers. */
export interface Comparison extends ComparedReport {
  /** Pools that both reports have, in the order of the second. */
  readonly pools: readonly ({ readonly name: string } & ComparedReport)[];
  /** Names of pools that only the first has. */
  readonly removed: readonly string[];
  /** Names of pools that only the second has. */
  readonly added: readonly string[];
  /** Why the two cannot be compared without care, one sentence each. */
  readonly warnings: readonly string[];
}

function change(before: number, after: number): Change {
  return { before, after, change: rounded(after - before) };
}

function compare(
  before: Pick<FleetReport, "waitsMs" | "served" | "cost">,
  after: Pick<FleetReport, "waitsMs" | "served" | "cost">,
): ComparedReport {
  const [first, second] = [before.waitsMs, after.waitsMs];
  return {
    p50Ms: change(first.p50, second.p50),
    p95Ms: change(first.p95, second.p95),
    p99Ms: change(first.p99, second.p99),
    maxMs: change(first.max, second.max),
    over60Share: change(first.over60Share, second.over60Share),
    hotShare: change(before.served.hot, after.served.hot),
    ...(before.cost && after.cost
      ? { usdPerWeek: change(before.cost.usdPerWeek, after.cost.usdPerWeek) }
      : {}),
  };
}

function warningsOf(before: FleetReport, after: FleetReport): readonly string[] {
  const sameTime =
    before.horizon.fromMs === after.horizon.fromMs && before.horizon.toMs === after.horizon.toMs;
  return [
    ...(sameTime ? [] : ["They simulate different times."]),
    ...(before.seed === after.seed ? [] : ["They have different seeds: part of it is luck."]),
    ...(before.jobs.given === after.jobs.given ? [] : ["They were given different jobs."]),
    ...(before.waitsMs.jobs === after.waitsMs.jobs
      ? []
      : [
          `The first started ${before.waitsMs.jobs} jobs and the second ${after.waitsMs.jobs}: waits count started jobs only.`,
        ]),
  ];
}

/** What the second configuration changes. Pure: it reads the two reports alone. */
export function compareReports(before: FleetReport, after: FleetReport): Comparison {
  const first = new Map(before.pools.map((pool) => [pool.name, pool]));
  const second = new Set(after.pools.map(({ name }) => name));
  const both = after.pools.flatMap((pool): [PoolReport, PoolReport][] => {
    const found = first.get(pool.name);
    return found ? [[found, pool]] : [];
  });
  return {
    ...compare(before, after),
    pools: both.map(([one, other]) => ({
      name: other.name,
      ...compare(one, other),
      peakMachines: change(one.machines.peak, other.machines.peak),
    })),
    removed: [...first.keys()].filter((name) => !second.has(name)),
    added: [...second].filter((name) => !first.has(name)),
    warnings: warningsOf(before, after),
  };
}
