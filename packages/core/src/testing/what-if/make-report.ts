import type { Catalog } from "../../routing/index.ts";
import type { Lived } from "./live.ts";
import { type Range, rounded, sumCost, sumHours } from "./measure-cost.ts";
import { baselineOf, countJobs } from "./measure-jobs.ts";
import { meanPhases } from "./measure-phases.ts";
import { binMs, measurePools, type PoolMeasure } from "./measure-pools.ts";
import { createWaitMeasure, servedSharesOf, startedOf } from "./measure-waits.ts";
import { worstOf } from "./measure-worst.ts";
import type { DelayProfile, SimulateFleetOptions } from "./options.ts";
import type { FleetReport, JobGroup } from "./report.ts";
import { mostEntries, spareWindows, untriedWindows } from "./spare-windows.ts";
import { peakOf } from "./step-curve.ts";
import { trustOf } from "./trust.ts";
import type { Witness } from "./witness.ts";

const repositoriesShown = 10;

function repositoriesOf({ lives, repositories }: Witness, { fromMs, toMs }: Range) {
  const limits = new Map<string, number>();
  for (const { job, repositoryLimit } of lives) {
    if (repositoryLimit !== undefined && !limits.has(job.repository)) {
      limits.set(job.repository, repositoryLimit);
    }
  }
  return [...repositories]
    .map(([name, curve]) => {
      const limit = limits.get(name);
      const peak = peakOf(curve, fromMs, toMs);
      return { name, ...peak, ...(limit === undefined ? {} : { limit }) };
    })
    .sort((left, right) => right.peak - left.peak || (left.name < right.name ? -1 : 1))
    .filter(({ limit }, index) => limit !== undefined || index < repositoriesShown);
}

function environmentsOf(catalog: Catalog, { environments }: Witness, { fromMs, toMs }: Range) {
  return catalog.environments.flatMap(({ name, machines }) => {
    const curve = environments.get(name);
    if (!curve) return [];
    const limit = machines === undefined ? {} : { limit: machines };
    return [{ name, ...peakOf(curve, fromMs, toMs), ...limit }];
  });
}

function pricesOf(pools: readonly PoolMeasure[], hasRates: boolean) {
  const priced = pools.filter(({ rates }) => rates !== undefined);
  const unpriced = pools.filter(
    ({ rates, sightings }) => rates === undefined && sightings.alive.times.length > 0,
  );
  const names = (list: readonly PoolMeasure[]) => list.map(({ report }) => report.name);
  return { priced: names(priced), unpriced: hasRates ? names(unpriced) : [] };
}

/** Says what a run came to. */
export function makeReport(
  options: SimulateFleetOptions,
  lived: Lived,
  leftOut: readonly JobGroup[],
  delays: DelayProfile,
  range: Range,
): FleetReport {
  const { catalog, rates, boots } = options;
  const { witness, seed } = lived;
  const timeZone = options.timeZone ?? catalog.pools[0]?.schedule.timeZone ?? "UTC";
  const measureWaits = createWaitMeasure(timeZone);
  const started = startedOf(witness.lives);
  const pools = measurePools({ catalog, lived, started, measureWaits, rates, range });
  const { priced, unpriced } = pricesOf(pools, rates !== undefined);
  const { jobs, unserved } = countJobs(witness.lives, leftOut);
  const costs = pools.flatMap(({ report }) => (report.cost ? [report.cost] : []));
  const cost = costs.length > 0 ? sumCost(costs, range) : undefined;
  const baseline = baselineOf(witness.lives);
  const crowded = pools.flatMap(({ config }) =>
    config && config.schedule.entries.length > mostEntries
      ? [
          `Of pool ${config.name} only the first ${mostEntries} entries were looked into for windows that never bind.`,
        ]
      : [],
  );
  const trust = trustOf({
    witness,
    boots,
    delays,
    ratesFrom: options.ratesFrom,
    priced,
    unpriced,
    hasRates: rates !== undefined,
    horizonMs: range.toMs - range.fromMs,
    furtherWarnings: crowded,
  });
  return {
    version: 1,
    seed,
    catalogVersion: catalog.version,
    horizon: { fromMs: range.fromMs, toMs: range.toMs },
    timeZone,
    trust: { ...trust, leftOut, unserved },
    jobs,
    ...measureWaits(started),
    ...(cost && unpriced.length === 0 ? { totalUsd: cost.totalUsd } : {}),
    ...(cost ? { cost } : {}),
    machineHours: sumHours(pools.map(({ report }) => report.machineHours)),
    served: servedSharesOf(started),
    phasesMs: meanPhases(started),
    pools: pools.map(({ report }) => report),
    environments: environmentsOf(catalog, witness, range),
    repositories: repositoriesOf(witness, range),
    series: { fromMs: range.fromMs, binMs, pools: pools.map(({ series }) => series) },
    worst: worstOf(started),
    spareWindows: pools.flatMap(({ config, lives, sightings, rates: own }) =>
      config ? spareWindows(config, { lives, sightings }, own, range) : [],
    ),
    untriedWindows: pools.flatMap(({ config }) => (config ? untriedWindows(config, range) : [])),
    ...(baseline ? { baseline } : {}),
  };
}

/** The middle of some numbers; of two middle ones their mean. */
function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : rounded((upper + (sorted[middle - 1] ?? 0)) / 2);
}

/** The first report, with how far those of the other seeds differ. */
export function withSpread(reports: readonly [FleetReport, ...FleetReport[]]): FleetReport {
  const [first] = reports;
  if (reports.length === 1) return first;
  const spread = (of: (report: FleetReport) => number) => {
    const values = reports.map(of);
    const sorted = [...values].sort((left, right) => left - right);
    return { min: sorted[0] ?? 0, median: medianOf(sorted), max: sorted.at(-1) ?? 0, values };
  };
  return {
    ...first,
    spread: {
      seeds: reports.map(({ seed }) => seed),
      p50Ms: spread(({ waitsMs }) => waitsMs.p50),
      p95Ms: spread(({ waitsMs }) => waitsMs.p95),
      p99Ms: spread(({ waitsMs }) => waitsMs.p99),
      over60Share: spread(({ waitsMs }) => waitsMs.over60Share),
      ...(first.totalUsd === undefined
        ? {}
        : { totalUsd: spread(({ totalUsd }) => totalUsd ?? 0) }),
    },
  };
}
