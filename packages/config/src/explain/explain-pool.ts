import { type PoolConfig, poolSmoothing } from "@runs-fleet/core";
import {
  type Capacity,
  compileSchedule,
  type Entry,
  type EntryExplanation,
  type ExceptionAction,
  explain,
  nextTransition,
  type Schedule,
  type Smoothing,
  type Target,
  type Transition,
  target,
} from "@runs-fleet/scheduling";
import { exceptionsOn } from "../preview/exceptions-on.ts";
import { zoneData } from "../preview/zone-data.ts";
import { reportClock } from "../report/clock.ts";

/** An exception that touches an entry on a day. */
export interface EntryException {
  /** Name of the exception. */
  readonly name: string;
  /** Day on which the window begins, or would begin: `2026-12-24`, in the zone of the entry. */
  readonly date: string;
  /** What it does. */
  readonly action: ExceptionAction;
}

/** One entry of a schedule, and what it has to do with the moment. */
export interface ExplainedEntry extends EntryExplanation {
  /** What it wants while it is active, exceptions aside. */
  readonly capacity: Partial<Capacity>;
  /** How that meets what is below it. */
  readonly mode: "set" | "atLeast" | "atMost";
  /** Entries of higher priority are applied later, and so win. */
  readonly priority: number;
  /** Its own zone, where it has one. */
  readonly timeZone?: string;
  /** Exceptions of the day of its window, in the order in which they are applied. */
  readonly exceptions: readonly EntryException[];
  /** The exception without which a window of it would be open at the moment. */
  readonly closedBy?: string;
}

/** Why a pool wants what it wants at a moment. */
export interface PoolExplanation {
  /** Name of the pool. */
  readonly pool: string;
  /** The moment, epoch milliseconds. */
  readonly atMs: number;
  /** The same on the pool's clock, ISO 8601 with its offset. */
  readonly local: string;
  /** Zone of the pool's clock. */
  readonly timeZone: string;
  /** What the clock does with the local time that was asked for. Absent: nothing special. */
  readonly note?: "skipped" | "repeated";
  /** What the schedule wants at the moment. */
  readonly nominal: Capacity;
  /** The entry in charge. Absent: the default. */
  readonly entry?: string;
  /** Since when the numbers are these, epoch milliseconds. Absent: for more than a year. */
  readonly sinceMs?: number;
  /** Until when, exclusive. Absent: for more than a year. */
  readonly untilMs?: number;
  /** What the schedule wants outside of every window. */
  readonly default: Capacity;
  /** Lower bounds of the numbers. */
  readonly min?: Partial<Capacity>;
  /** Upper bounds of the numbers. */
  readonly max?: Partial<Capacity>;
  /** Every entry that is not switched off, in the order of the file. */
  readonly entries: readonly ExplainedEntry[];
  /** What is bought by, and why it differs from the schedule. A lead of `auto` is left out: it is learnt from boot times. */
  readonly target: Target;
  /** How the target runs ahead of the schedule, and behind it. */
  readonly smoothing: Omit<Smoothing, "leadMs"> & { readonly leadMs?: number | "auto" };
  /** The next changes of the numbers, earliest first. */
  readonly next: readonly Transition[];
  /** What the pool may not exceed. */
  readonly limits: PoolConfig["limits"];
}

/** How many changes are told. */
const nextChanges = 5;

/**
 * Why a pool wants what it wants at a moment.
 *
 * @param atMs - Epoch milliseconds.
 */
export function explainPool(pool: PoolConfig, atMs: number): Omit<PoolExplanation, "note"> {
  const { schedule, leadMs } = pool;
  const zones = zoneData();
  const smoothing = poolSmoothing(pool, leadMs === "auto" ? undefined : leadMs);
  const compiled = compileSchedule(schedule, { zones, smoothing });
  const { local, timeZone, evaluation, entries } = explain(compiled, atMs);
  const { hot, stopped, entry, sinceMs, untilMs } = evaluation;
  const without = compileSchedule({ ...schedule, exceptions: [] }, { zones });
  const ordinary = explain(without, atMs).entries;
  const next: Transition[] = [];
  for (let found = nextTransition(compiled, atMs); found && next.length < nextChanges; ) {
    next.push(found);
    found = nextTransition(compiled, found.atMs);
  }
  return {
    pool: pool.name,
    atMs,
    local,
    timeZone,
    nominal: { hot, stopped },
    ...(entry === undefined ? {} : { entry }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
    default: schedule.default,
    ...(schedule.min ? { min: schedule.min } : {}),
    ...(schedule.max ? { max: schedule.max } : {}),
    entries: entries.map((one, index) => explainedEntry(schedule, one, ordinary[index], atMs)),
    target: target(compiled, atMs),
    smoothing: leadMs === "auto" ? { ...smoothing, leadMs } : smoothing,
    next,
    limits: pool.limits,
  };
}

/**
 * What an entry has to do with a moment.
 *
 * @param ordinary - The same without any exceptions.
 */
function explainedEntry(
  schedule: Schedule,
  explanation: EntryExplanation,
  ordinary: EntryExplanation | undefined,
  atMs: number,
): ExplainedEntry {
  const { name, active } = explanation;
  const written = schedule.entries.find((entry) => entry.name === name);
  const { capacity = {}, mode = "set", priority = 0, timeZone } = written ?? ({} as Partial<Entry>);
  const clock = reportClock(timeZone ?? schedule.timeZone ?? "UTC");
  const isClosed = !active && ordinary?.active === true;
  // The day of a window is that on which it begins, also after midnight.
  const { startMs } = active ? explanation : isClosed ? ordinary : {};
  const date = clock.iso(startMs ?? atMs);
  const exceptions = exceptionsOn(schedule, date, name).map(
    ({ name: exception, action = "skip" }) => ({ name: exception, date, action }),
  );
  // Of those that say whether a window happens, the last one has the word.
  const closing = exceptions.findLast(({ action }) => action === "skip" || "as" in action);
  return {
    ...explanation,
    capacity,
    mode,
    priority,
    ...(timeZone === undefined ? {} : { timeZone }),
    exceptions,
    ...(isClosed && closing ? { closedBy: closing.name } : {}),
  };
}
