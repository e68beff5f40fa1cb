import {
  type Compiled,
  compileSchedule,
  evaluate,
  forecast,
  target,
  transitions,
} from "@runs-fleet/scheduling";
import type { PoolConfig } from "../../src/routing/catalog.ts";
import { rates, type WeekOfYear } from "./configuration.ts";
import { aliveIn, eachStretch, type Frame, unservedIn } from "./frames.ts";

/** What a pool had and wanted over a week, in machine-hours, exact to the millisecond. */
export interface Hours {
  /** The smooth target: the calendar with lead, hold and ramps. */
  readonly target: number;
  /** Running, and no job's: ready, booting beyond the jobs that wait, or registered for a job that went away. */
  readonly idle: number;
  /** Claimed or with a job, and booting for jobs that wait. */
  readonly working: number;
  readonly stopped: number;
  /** Idle above the hot target and what the stopped tier still lacks, and stopped above its target. */
  readonly above: number;
  /** Hot target that neither ready machines nor those booting for it cover while the pool may have more machines. */
  readonly below: number;
  /** Longest stretch of `below`, milliseconds. */
  readonly longestBelowMs: number;
  readonly peak: { readonly hot: number; readonly stopped: number };
  readonly usd: {
    /** Idle and stopped hours at their rates. */
    readonly spare: number;
    readonly working: number;
    /** Following the smooth target exactly. */
    readonly planned: number;
    /** The pool's peak of both tiers, all week. */
    readonly alwaysOn: number;
  };
}

const hourMs = 3_600_000;

/** Highest capacity that the calendar reaches. */
function peakOf(calendar: Compiled, { fromMs, toMs }: WeekOfYear): Hours["peak"] {
  const { hot, stopped } = evaluate(calendar, fromMs);
  const after = Array.from(transitions(calendar, fromMs, toMs), (transition) => transition.after);
  const levels = [{ hot, stopped }, ...after];
  return {
    hot: Math.max(...levels.map((level) => level.hot)),
    stopped: Math.max(...levels.map((level) => level.stopped)),
  };
}

/** Integrates the frames of a pool against its target. */
export function measureHours(
  { limits }: Pick<PoolConfig, "limits">,
  calendar: Compiled,
  frames: readonly Frame[],
  week: WeekOfYear,
): Hours {
  const { fromMs, toMs } = week;
  const sum = { target: 0, idle: 0, working: 0, stopped: 0, above: 0, below: 0 };
  let belowSinceMs: number | undefined;
  let longestBelowMs = 0;
  eachStretch(
    frames,
    (atMs) => target(calendar, atMs),
    week,
    (frame, wanted, startMs, endMs) => {
      const hours = (endMs - startMs) / hourMs;
      const forJobs = Math.min(frame.booting, unservedIn(frame));
      const idle = frame.ready + frame.booting - forJobs + frame.spare;
      const missing = Math.max(0, wanted.stopped - frame.stopped);
      const full = aliveIn(frame) >= limits.machines;
      const short = full ? 0 : Math.max(0, wanted.hot - frame.ready - frame.booting + forJobs);
      sum.target += (wanted.hot + wanted.stopped) * hours;
      sum.idle += idle * hours;
      sum.working += (frame.claimed + frame.busy + forJobs) * hours;
      sum.stopped += frame.stopped * hours;
      sum.above += Math.max(0, idle - wanted.hot - missing) * hours;
      sum.above += Math.max(0, frame.stopped - wanted.stopped) * hours;
      sum.below += short * hours;
      if (short === 0) belowSinceMs = undefined;
      else {
        belowSinceMs ??= startMs;
        longestBelowMs = Math.max(longestBelowMs, endMs - belowSinceMs);
      }
    },
  );
  const peak = peakOf(calendar, week);
  const always = compileSchedule({ default: peak, entries: [] });
  return {
    ...sum,
    longestBelowMs,
    peak,
    usd: {
      spare: sum.idle * rates.hotUsdPerHour + sum.stopped * rates.stoppedUsdPerHour,
      working: sum.working * rates.hotUsdPerHour,
      planned: forecast(calendar, fromMs, toMs, rates).totalUsd,
      alwaysOn: forecast(always, fromMs, toMs, rates).totalUsd,
    },
  };
}
