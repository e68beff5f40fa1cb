import {
  type Compiled,
  compileSchedule,
  type Entry,
  evaluate,
  nextTransition,
  type Rates,
  type Schedule,
} from "@runs-fleet/scheduling";
import type { PoolConfig } from "../../routing/index.ts";
import { poolSmoothing } from "../../routing/pool-smoothing.ts";
import type { JobLife } from "./lives.ts";
import { type Range, rounded } from "./measure-cost.ts";
import type { SpareWindow, UntriedWindow } from "./report.ts";
import { eachSpan, integral, type StepCurve, sumOf, valueAt } from "./step-curve.ts";
import { type TargetCurves, targetCurves } from "./targets.ts";
import type { PoolSightings } from "./witness.ts";

const hourMs = 3_600_000;
/** Lead of a pool that learns its own, for the comparison of two schedules. */
const assumedLeadMs = 120_000;
/** Entries of one pool that are looked into: each costs two schedules. */
export const mostEntries = 200;

/** The schedule with those entries alone for which `isKept` holds, and with what its exceptions say of them. */
function onlyEntries(schedule: Schedule, isKept: (name: string) => boolean): Schedule {
  const { exceptions = [], ...rest } = schedule;
  return {
    ...rest,
    entries: schedule.entries.filter(({ name }) => isKept(name)),
    exceptions: exceptions.flatMap((exception) => {
      if (exception.entries === undefined || exception.entries === "*") return [exception];
      const entries = exception.entries.filter(isKept);
      return entries.length === 0 ? [] : [{ ...exception, entries }];
    }),
  };
}

/** Whether the entry is active at some moment of the range, whatever the others do; its lead and its ramps do not count. */
function isTried(schedule: Schedule, name: string, { fromMs, toMs }: Range): boolean {
  const alone = compileSchedule(onlyEntries(schedule, (entry) => entry === name));
  if (evaluate(alone, fromMs).active.includes(name)) return true;
  const begins = nextTransition(alone, fromMs, { on: "entry" });
  return begins !== null && begins.atMs < toMs;
}

function negative({ times, values }: StepCurve): Pick<StepCurve, "times" | "values"> {
  return { times, values: values.map((value) => -value) };
}

function leastOf(curve: StepCurve, { fromMs, toMs }: Range): number {
  let least = Number.POSITIVE_INFINITY;
  eachSpan(curve, fromMs, toMs, (value) => {
    least = Math.min(least, value);
  });
  return least;
}

/** Whether a job would have lacked a machine without the entry, as far as this job shows. */
function lacks(life: JobLife, adds: { readonly hot: number; readonly stopped: number }): boolean {
  if (adds.stopped > 0 && life.served !== "hot" && life.served !== "stopped") return true;
  return adds.hot > 0 && (life.served !== "hot" || (life.leftHot ?? 0) < adds.hot);
}

function judge(
  pool: PoolConfig,
  name: string,
  [withIt, without]: readonly [TargetCurves, TargetCurves],
  seen: { readonly lives: readonly JobLife[]; readonly sightings: PoolSightings | undefined },
  rates: Rates | undefined,
  range: Range,
): SpareWindow | undefined {
  const hot = sumOf([withIt.hot, negative(without.hot)]);
  const stopped = sumOf([withIt.stopped, negative(without.stopped)]);
  // An entry that lowers a target saves money: it has an effect of another kind.
  if (leastOf(hot, range) < 0 || leastOf(stopped, range) < 0) return undefined;
  const addsHours = {
    hot: rounded(integral(hot, range.fromMs, range.toMs) / hourMs),
    stopped: rounded(integral(stopped, range.fromMs, range.toMs) / hourMs),
  };
  const addsAt = (atMs: number) => ({ hot: valueAt(hot, atMs), stopped: valueAt(stopped, atMs) });
  const during = seen.lives.flatMap((life) => {
    const adds = addsAt(life.receivedAtMs ?? life.job.queuedAtMs);
    return adds.hot > 0 || adds.stopped > 0 ? [{ life, adds }] : [];
  });
  const hasEffect = addsHours.hot > 0 || addsHours.stopped > 0;
  if (during.some(({ life, adds }) => lacks(life, adds))) return undefined;
  if (seen.sightings?.starts.some(({ atMs, left }) => left < addsAt(atMs).stopped)) {
    return undefined;
  }
  const usd =
    rates && addsHours.hot * rates.hotUsdPerHour + addsHours.stopped * rates.stoppedUsdPerHour;
  return {
    pool: pool.name,
    entry: name,
    kind: hasEffect ? "never-needed" : "no-effect",
    jobs: during.length,
    addsHours,
    ...(usd === undefined ? {} : { addsUsd: rounded(usd) }),
  };
}

/** Entries of a pool that are looked into: one that is out of use is no surprise. */
function entriesOf({ schedule }: PoolConfig): readonly Entry[] {
  return schedule.entries.slice(0, mostEntries).filter(({ enabled }) => enabled !== false);
}

/** Entries of a pool's schedule that never fall into the range: these jobs say nothing about them. */
export function untriedWindows(pool: PoolConfig, range: Range): readonly UntriedWindow[] {
  return entriesOf(pool)
    .filter(({ name }) => !isTried(pool.schedule, name, range))
    .map(({ name }) => ({ pool: pool.name, entry: name }));
}

/** Entries of a pool's schedule without which no job would have waited longer; see {@link SpareWindow}. */
export function spareWindows(
  pool: PoolConfig,
  seen: { readonly lives: readonly JobLife[]; readonly sightings: PoolSightings | undefined },
  rates: Rates | undefined,
  range: Range,
): readonly SpareWindow[] {
  const leadMs = pool.leadMs === "auto" ? assumedLeadMs : pool.leadMs;
  const smoothing = poolSmoothing(pool, leadMs);
  const curves = (schedule: Schedule): TargetCurves => {
    const compiled: Compiled = compileSchedule(schedule, { smoothing });
    return targetCurves([{ atMs: range.fromMs, compiled }], range.fromMs, range.toMs);
  };
  const whole = curves(pool.schedule);
  return entriesOf(pool).flatMap(({ name, idleTimeoutMs }) => {
    // One with an idle timeout of its own does more than raise a target.
    if (idleTimeoutMs !== undefined || !isTried(pool.schedule, name, range)) return [];
    const without = curves(onlyEntries(pool.schedule, (entry) => entry !== name));
    const window = judge(pool, name, [whole, without], seen, rates, range);
    return window ? [window] : [];
  });
}
