import type { Rates } from "@runs-fleet/scheduling";
import type { Catalog, PoolConfig } from "../../routing/index.ts";
import type { Lived } from "./live.ts";
import type { JobLife } from "./lives.ts";
import { costOf, machineHoursOf, type Range } from "./measure-cost.ts";
import { meanPhases } from "./measure-phases.ts";
import { type StartedJob, servedSharesOf, shareOf } from "./measure-waits.ts";
import { noPool, type PoolReport, type PoolSeries, type WaitsOverTime } from "./report.ts";
import { createStepCurve, eachSpan, meansOf, peakOf, sumOf } from "./step-curve.ts";
import { type TargetCurves, targetCurves } from "./targets.ts";
import { emptySightings, type PoolSightings } from "./witness.ts";

/** Length of a bin of the curves, milliseconds. */
export const binMs: number = 5 * 60_000;

/** One pool, measured. */
export interface PoolMeasure {
  readonly report: PoolReport;
  readonly series: PoolSeries;
  readonly sightings: PoolSightings;
  readonly lives: readonly JobLife[];
  readonly config: PoolConfig | undefined;
  readonly rates: Rates | undefined;
}

function within({ fromMs, toMs }: Range, atMs: number): boolean {
  return atMs >= fromMs && atMs < toMs;
}

/** How long fewer machines were ready than were wanted. */
function belowTargetMs(wanted: TargetCurves, sightings: PoolSightings, range: Range): number {
  const { times, values } = wanted.hot;
  const spare = sumOf([sightings.uses.idle, { times, values: values.map((value) => -value) }]);
  let belowMs = 0;
  eachSpan(spare, range.fromMs, range.toMs, (value, since, until) => {
    if (value < 0) belowMs += until - since;
  });
  return belowMs;
}

function seriesOf(
  pool: string,
  wanted: TargetCurves,
  { uses, waiting }: PoolSightings,
  { fromMs, toMs }: Range,
): PoolSeries {
  const means = (curve: TargetCurves["hot"]) => meansOf(curve, fromMs, toMs, binMs);
  return {
    pool,
    target: means(wanted.hot),
    ready: means(uses.idle),
    booting: means(uses.boot),
    busy: means(uses.busy),
    stoppedTarget: means(wanted.stopped),
    stopped: means(uses.stopped),
    waiting: means(waiting),
  };
}

/** Measures every pool of the catalog, and what is of no pool when there was any. */
export function measurePools(options: {
  readonly catalog: Catalog;
  readonly lived: Lived;
  readonly started: readonly StartedJob[];
  readonly measureWaits: (jobs: readonly StartedJob[]) => WaitsOverTime;
  readonly rates: Readonly<Record<string, Rates>> | undefined;
  readonly range: Range;
}): readonly PoolMeasure[] {
  const { catalog, lived, measureWaits, rates, range } = options;
  const { witness, schedules } = lived;
  const byPool = new Map<string, { lives: JobLife[]; started: StartedJob[] }>();
  const of = (pool: string) => {
    const found = byPool.get(pool) ?? { lives: [], started: [] };
    byPool.set(pool, found);
    return found;
  };
  for (const life of witness.lives) of(life.pool).lives.push(life);
  for (const job of options.started) of(job.life.pool).started.push(job);

  const measure = (name: string, config: PoolConfig | undefined): PoolMeasure => {
    const { lives, started } = of(name);
    const sightings = witness.pools.get(name) ?? emptySightings(name);
    const hours = machineHoursOf(sightings, range);
    const wanted = config
      ? targetCurves(schedules.get(name) ?? [], range.fromMs, range.toMs)
      : { hot: createStepCurve(), stopped: createStepCurve() };
    const bought = sightings.purchases.filter((atMs) => within(range, atMs)).length;
    const starts = sightings.starts.filter(({ atMs }) => within(range, atMs)).length;
    const ownRates = rates?.[name] ?? rates?.["*"];
    const report: PoolReport = {
      name,
      ...(config ? { environment: config.environment } : {}),
      ...measureWaits(started),
      served: servedSharesOf(started),
      phasesMs: meanPhases(started),
      machines: {
        ...peakOf(sightings.alive, range.fromMs, range.toMs),
        ...(config ? { limit: config.limits.machines } : {}),
      },
      bought,
      started: starts,
      belowTargetShare: shareOf(belowTargetMs(wanted, sightings, range), range.toMs - range.fromMs),
      machineHours: hours,
      ...(ownRates ? { cost: costOf(hours, bought + starts, ownRates, range) } : {}),
    };
    const series = seriesOf(name, wanted, sightings, range);
    return { report, series, sightings, lives, config, rates: ownRates };
  };

  const measured = catalog.pools.map((pool) => measure(pool.name, pool));
  const hasOthers = witness.pools.has(noPool) || byPool.has(noPool);
  return hasOthers ? [...measured, measure(noPool, undefined)] : measured;
}
