import { zoneClock } from "../../pools/zone-clock.ts";
import type { JobLife } from "./lives.ts";
import {
  type ServedShares,
  type WaitLength,
  type Waits,
  type WaitsOverTime,
  waitBoundsMs,
} from "./report.ts";

const hourMs = 3_600_000;
const quarterMs = 15 * 60_000;
const longMs = 60_000;

/** A job that was started, and how long it waited for that. */
export interface StartedJob {
  readonly life: JobLife;
  readonly waitMs: number;
}

/** Those that were started, in order of time. */
export function startedOf(lives: readonly JobLife[]): StartedJob[] {
  return lives.flatMap((life) =>
    life.startedAtMs === undefined
      ? []
      : [{ life, waitMs: Math.max(0, life.startedAtMs - life.job.queuedAtMs) }],
  );
}

/** The value that the share `part` of the sorted values does not exceed. */
function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

/** Rounds a share to ten-thousandths. */
export function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;
}

/** Quantiles of waits, milliseconds, in any order. */
export function waitsOf(waitsMs: readonly number[]): Waits {
  const sorted = [...waitsMs].sort((left, right) => left - right);
  return {
    jobs: sorted.length,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1) ?? 0,
    over60Share: shareOf(sorted.filter((waitMs) => waitMs > longMs).length, sorted.length),
  };
}

/** Counts waits, milliseconds, by their length. */
export function lengthsOf(waitsMs: readonly number[]): readonly WaitLength[] {
  const counts = new Map<number, number>();
  for (const waitMs of waitsMs) {
    const found = waitBoundsMs.findIndex((boundMs) => waitMs <= boundMs);
    const at = found < 0 ? waitBoundsMs.length : found;
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return [...counts]
    .sort((left, right) => left[0] - right[0])
    .map(([at, jobs]) => {
      const toMs = waitBoundsMs[at];
      return { fromMs: waitBoundsMs[at - 1] ?? 0, ...(toMs === undefined ? {} : { toMs }), jobs };
    });
}

function groupBy(jobs: readonly StartedJob[], key: (job: StartedJob) => number) {
  const groups = new Map<number, number[]>();
  for (const job of jobs) {
    const of = key(job);
    const group = groups.get(of) ?? [];
    groups.set(of, group);
    group.push(job.waitMs);
  }
  return [...groups].sort((left, right) => left[0] - right[0]);
}

/** Makes the measure of waits by hour, on the clock of a time zone. */
export function createWaitMeasure(
  timeZone: string,
): (jobs: readonly StartedJob[]) => WaitsOverTime {
  const clock = zoneClock(timeZone);
  const known = new Map<number, number>();
  const hourOfWeek = (atMs: number): number => {
    // Clocks change, and zones differ, by quarters of an hour.
    const slot = Math.floor(atMs / quarterMs);
    const found = known.get(slot);
    if (found !== undefined) return found;
    // 1970-01-01 was a Thursday.
    const weekday = (((clock.day(atMs) + 3) % 7) + 7) % 7;
    const hour = weekday * 24 + Number(clock.time(atMs).slice(0, 2));
    known.set(slot, hour);
    return hour;
  };
  return (jobs) => ({
    waitsMs: waitsOf(jobs.map(({ waitMs }) => waitMs)),
    lengths: lengthsOf(jobs.map(({ waitMs }) => waitMs)),
    hours: groupBy(jobs, ({ life }) => Math.floor(life.job.queuedAtMs / hourMs) * hourMs).map(
      ([atMs, waits]) => ({ atMs, ...waitsOf(waits) }),
    ),
    weekHours: groupBy(jobs, ({ life }) => hourOfWeek(life.job.queuedAtMs)).map(
      ([hour, waits]) => ({ hour, ...waitsOf(waits) }),
    ),
  });
}

/** How the jobs found their machines. */
export function servedSharesOf(jobs: readonly StartedJob[]): ServedShares {
  const count = (served: JobLife["served"]): number =>
    jobs.filter(({ life }) => (life.served ?? "cold") === served).length;
  const hot = shareOf(count("hot"), jobs.length);
  const stopped = shareOf(count("stopped"), jobs.length);
  // The rest, so that rounding leaves the sum at 1.
  const cold = jobs.length === 0 ? 0 : Math.round((1 - hot - stopped) * 10_000) / 10_000;
  return { hot, stopped, cold };
}
