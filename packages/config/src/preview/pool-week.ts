import type { PoolConfig } from "@runs-fleet/core";
import {
  type Capacity,
  type Compiled,
  compileSchedule,
  evaluate,
  type Transition,
  transitions,
} from "@runs-fleet/scheduling";
import { reportClock } from "../report/clock.ts";
import { type DayMark, marksOn } from "./exceptions-on.ts";
import { type ClockChange, localTime } from "./local-time.ts";
import { zoneData } from "./zone-data.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** One day of a pool's own calendar. */
export interface PoolDay {
  /** `2026-12-24`. */
  readonly date: string;
  /** `Thu 24 Dec`. */
  readonly name: string;
  /** Beginning of the day, epoch milliseconds. */
  readonly fromMs: number;
  /** End of the day, exclusive, epoch milliseconds: 23, 24 or 25 hours on, or what the zone makes of it. */
  readonly toMs: number;
  /** Changes of the clock on it. */
  readonly clockChanges: readonly ClockChange[];
  /** What is special about it. */
  readonly marks: readonly DayMark[];
}

/** A time in which nothing changes. */
export interface Stretch extends Capacity {
  /** Epoch milliseconds. */
  readonly fromMs: number;
  /** Epoch milliseconds, exclusive. */
  readonly toMs: number;
  /** The entry in charge. Absent: the default. */
  readonly entry?: string;
}

/** What the schedule of a pool wants on some days, leads and ramps aside. */
export interface PoolWeek {
  /** The pool. */
  readonly pool: PoolConfig;
  /** Zone of its days. */
  readonly timeZone: string;
  /** At least one day, without gaps between them. */
  readonly days: readonly PoolDay[];
  /** From the beginning of the first day to the end of the last one, without gaps. */
  readonly stretches: readonly Stretch[];
  /** Changes of the numbers, after the beginning of the first day. */
  readonly changes: readonly Transition[];
  /** Most of each, and most of both together. */
  readonly peak: Capacity & {
    /** Most hot and stopped machines at once. */
    readonly total: number;
  };
  /** Machine-hours of the days. */
  readonly hours: Capacity;
}

/**
 * The days of a pool's calendar from one on.
 *
 * @param firstDay - Days since 1970-01-01.
 * @param days - How many.
 */
export function poolWeek(pool: PoolConfig, firstDay: number, days: number): PoolWeek {
  const { schedule } = pool;
  const { timeZone = "UTC" } = schedule;
  const compiled = compileSchedule(schedule, { zones: zoneData() });
  const calendar = daysFrom(pool, timeZone, firstDay, days);
  const fromMs = calendar[0]?.fromMs ?? 0;
  const toMs = calendar.at(-1)?.toMs ?? 0;
  const stretches = stretchesOf(compiled, fromMs, toMs);
  const most = (of: (stretch: Stretch) => number): number =>
    stretches.reduce((found, stretch) => Math.max(found, of(stretch)), 0);
  const sum = (of: (stretch: Stretch) => number): number =>
    // Of whole minutes: sums of them have no rounding errors.
    stretches.reduce((all, stretch) => all + of(stretch) * (stretch.toMs - stretch.fromMs), 0) /
    hourMs;
  return {
    pool,
    timeZone,
    days: calendar,
    stretches,
    changes: [...transitions(compiled, fromMs, toMs)],
    peak: {
      hot: most(({ hot }) => hot),
      stopped: most(({ stopped }) => stopped),
      total: most(({ hot, stopped }) => hot + stopped),
    },
    hours: { hot: sum(({ hot }) => hot), stopped: sum(({ stopped }) => stopped) },
  };
}

function daysFrom(
  { schedule }: PoolConfig,
  timeZone: string,
  firstDay: number,
  count: number,
): readonly PoolDay[] {
  const clock = reportClock(timeZone);
  const local = localTime(timeZone);
  // Zones that crossed the date line have left out a day.
  const candidates = Array.from({ length: count + 1 }, (_, index) => firstDay + index);
  const found = candidates.flatMap((day) => {
    const fromMs = local.firstAt(day * dayMs);
    const toMs = local.firstAt((day + 1) * dayMs);
    if (fromMs >= toMs) return [];
    // The clock may be put back over midnight, so that a day begins twice: its middle is beyond doubt.
    const middleMs = (fromMs + toMs) / 2;
    const date = clock.iso(middleMs);
    return [
      {
        date,
        name: clock.date(middleMs),
        fromMs,
        toMs,
        clockChanges: local.changes(fromMs, toMs),
        marks: marksOn(schedule, date),
      },
    ];
  });
  return found.slice(0, count);
}

function stretchesOf(compiled: Compiled, fromMs: number, toMs: number): readonly Stretch[] {
  const changes = [...transitions(compiled, fromMs, toMs, { on: "entry" })];
  const begins = [fromMs, ...changes.map(({ atMs }) => atMs)];
  return begins.map((beginMs, index) => {
    const { hot, stopped, entry } = evaluate(compiled, beginMs);
    return {
      fromMs: beginMs,
      toMs: begins[index + 1] ?? toMs,
      hot,
      stopped,
      ...(entry === undefined ? {} : { entry }),
    };
  });
}
