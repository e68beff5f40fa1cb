import type { PoolConfig } from "@runs-fleet/core";
import {
  type Capacity,
  compileSchedule,
  evaluate,
  forecast,
  type Rates,
  transitions,
} from "@runs-fleet/scheduling";

const hourMs = 3_600_000;
/** How far ahead a pool is added up, milliseconds: 30 days. */
const monthMs = 30 * 24 * hourMs;

/** What a pool keeps ready in the 30 days from a moment, by its schedule alone: leads, ramps and jobs come on top. */
export interface PoolUsage {
  /** Hours of machines that run and wait. */
  readonly hotHours: number;
  /** Hours of machines that are stopped and wait. */
  readonly stoppedHours: number;
  /** The most at any moment. */
  readonly peak: Capacity;
  /** The least at any moment. */
  readonly floor: Capacity;
  /** What is wanted at that moment. */
  readonly now: Capacity;
  /** What the 30 days cost, US dollars. Absent: no rate is known. */
  readonly monthUsd?: number;
  /** What an hour of the least costs, US dollars. Absent: no rate is known. */
  readonly floorUsdPerHour?: number;
}

/** Adds up what a pool keeps ready. Exact, by the pool's schedule. */
export function poolUsage({ schedule }: PoolConfig, atMs: number, rates?: Rates): PoolUsage {
  const compiled = compileSchedule(schedule);
  const endMs = atMs + monthMs;
  const first = evaluate(compiled, atMs);
  const now = { hot: first.hot, stopped: first.stopped };
  let [peak, floor] = [now, now];
  for (const { after } of transitions(compiled, atMs, endMs)) {
    peak = { hot: Math.max(peak.hot, after.hot), stopped: Math.max(peak.stopped, after.stopped) };
    floor = {
      hot: Math.min(floor.hot, after.hot),
      stopped: Math.min(floor.stopped, after.stopped),
    };
  }
  // A dollar an hour makes dollars of hours.
  const hours = (hot: 0 | 1): number =>
    forecast(compiled, atMs, endMs, { hotUsdPerHour: hot, stoppedUsdPerHour: 1 - hot }).totalUsd;
  return {
    hotHours: hours(1),
    stoppedHours: hours(0),
    peak,
    floor,
    now,
    ...(rates === undefined
      ? {}
      : {
          monthUsd: forecast(compiled, atMs, endMs, rates).totalUsd,
          floorUsdPerHour:
            floor.hot * rates.hotUsdPerHour + floor.stopped * rates.stoppedUsdPerHour,
        }),
  };
}
