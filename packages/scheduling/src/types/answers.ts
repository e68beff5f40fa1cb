import type { Capacity, Schedule, Smoothing } from "./schedule.ts";

/** A remark about something a person wrote, or about the world around it. */
export interface Diagnostic {
  /** What kind of remark, kebab-case; stable across releases. */
  readonly code: string;
  /** `error` = refused, `warning` = probably not meant, `note` = good to know. */
  readonly severity: "error" | "warning" | "note";
  /** Where, from the root of the input; empty = the whole. */
  readonly path: readonly (string | number)[];
  /** What is wrong, in words. */
  readonly message: string;
  /** What to write instead. */
  readonly suggestion?: string;
}

/** A value, or all the reasons why there is none. */
export type Result<T, E = readonly Diagnostic[]> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: E };

/** A schedule made ready for questions; immutable from outside. Made by {@link compileSchedule}. */
export interface Compiled {
  /** The schedule, as a frozen copy. */
  readonly schedule: Schedule;
  /** The smoothing that {@link target} applies. */
  readonly smoothing: Smoothing;
  /** Release of the tz database behind the answers. */
  readonly zonesVersion: string;
}

/** What a schedule says at one moment. Frozen, and shared between equal questions. */
export interface Evaluation extends Capacity {
  /** The last applied entry that changed a field; absent when the default holds. */
  readonly entry?: string;
  /** All active entries, in the order in which they are applied. */
  readonly active: readonly string[];
  /** Since when `hot` and `stopped` have these values, epoch milliseconds; absent when longer than the horizon. */
  readonly sinceMs?: number;
  /** Until when, exclusive; absent when no change lies within the horizon. */
  readonly untilMs?: number;
}

/** A moment at which the capacity changes. */
export interface Transition {
  /** Epoch milliseconds; `after` holds from here on. */
  readonly atMs: number;
  /** Capacity one millisecond earlier. */
  readonly before: Capacity;
  /** Capacity from this moment. */
  readonly after: Capacity;
  /** Entries that begin or end here. */
  readonly causes: readonly string[];
}

/** Which changes count as transitions: of the capacity, or also of the entries behind it. */
export interface TransitionOptions {
  /** `entry` also reports changes of `entry` and `active`. @defaultValue `"capacity"` */
  readonly on?: "capacity" | "entry";
}

/** What a schedule says from some moment on. */
export interface Level extends Capacity {
  /** First such moment, epoch milliseconds. */
  readonly atMs: number;
  /** The last applied entry that changed a field; absent = the default capacity. */
  readonly entry?: string;
}

/** A schedule among others that draw on the same thing. */
export interface Demand {
  /** What it says. */
  readonly schedule: Schedule;
  /** What a capacity of it counts. Integer. */
  readonly weigh: (capacity: Capacity) => number;
}

/** When schedules together want most. */
export interface PeakMoment {
  /** The first such moment, epoch milliseconds. */
  readonly atMs: number;
  /** What they want then. */
  readonly total: number;
  /** What each of them wants then, in their order. */
  readonly parts: readonly number[];
}

/** Why a target is what it is. */
export type TargetReason = "nominal" | "lead" | "ramp" | "hold";

/** What a pool should have now so that it is ready in time and changes smoothly. Frozen and shared. */
export interface Target extends Capacity {
  /** Next change of `hot` or `stopped`, epoch milliseconds; absent when none lies within the horizon. */
  readonly untilMs?: number;
  /** Why `hot` differs from the calendar, else why `stopped` does, else `nominal`. */
  readonly reason: TargetReason;
}

/** The next fall of the hot target. */
export interface Drain {
  /** When the target falls, epoch milliseconds. */
  readonly atMs: number;
  /** How many machines become surplus. */
  readonly surplus: number;
  /** From when they get no new jobs. */
  readonly cordonAtMs: number;
  /** When a busy one may be ended; absent = never. */
  readonly deadlineMs?: number;
}

/** An idle machine that may be released: the caller has filtered out all others. */
export interface IdleMachine {
  /** Identity of the machine. */
  readonly id: string;
  /** Since when it has no job, epoch milliseconds. */
  readonly idleSinceMs: number;
  /** When it was launched, epoch milliseconds. */
  readonly launchedAtMs: number;
  /** Whether it can be stopped and started again (a spot machine cannot). */
  readonly canStop: boolean;
}

/** All that the idle decision needs. */
export interface IdleState {
  /** All idle machines of the pool, in any order. */
  readonly machines: readonly IdleMachine[];
  /** Machines that are stopped already. */
  readonly stopped: number;
  /** Idle time before release, milliseconds; an active entry's own value goes first. @defaultValue {@link DEFAULT_IDLE_TIMEOUT_MS} */
  readonly idleTimeoutMs?: number;
  /** How far ahead a machine counts as needed, milliseconds. @defaultValue {@link DEFAULT_REUSE_HORIZON_MS} */
  readonly reuseHorizonMs?: number;
  /** Shortest life of a machine, milliseconds. @defaultValue {@link DEFAULT_MIN_UPTIME_MS} */
  readonly minUptimeMs?: number;
  /** Which machines go first, by launch time. @defaultValue `"oldest-first"` */
  readonly order?: "oldest-first" | "newest-first";
  /** The part of a total of the pool that falls to these machines, for a pool that is spread. @defaultValue all of it */
  readonly share?: (total: number) => number;
}

/** What becomes of one idle machine. */
export interface IdleDecision {
  /** Identity of the machine. */
  readonly id: string;
  /** `keep`, or how it is released. */
  readonly action: "keep" | "stop" | "terminate";
  /** Kept: `needed`, `idle-timeout` or `min-uptime`. Stopped: `fill-stopped`. Terminated: `surplus`. */
  readonly reason: "needed" | "idle-timeout" | "min-uptime" | "fill-stopped" | "surplus";
  /** When a kept machine should be looked at again, epoch milliseconds; absent = no change in sight. */
  readonly recheckAtMs?: number;
}

/** Prices. */
export interface Rates {
  /** One hot machine for one hour. */
  readonly hotUsdPerHour: number;
  /** One stopped machine for one hour. */
  readonly stoppedUsdPerHour: number;
  /** One start of a hot machine. @defaultValue `0` */
  readonly perStartUsd?: number;
}

/** Cost of following the target exactly. */
export interface Forecast {
  /** Sum of everything. */
  readonly totalUsd: number;
  /** Elapsed hours of the range. */
  readonly hours: number;
  /** Machines that become hot in the range. */
  readonly starts: number;
  /** The same by civil date in the schedule's zone; a day has 23, 24 or 25 hours, or what the zone makes of it. */
  readonly byDay: readonly {
    readonly date: string;
    readonly hours: number;
    readonly usd: number;
  }[];
  /** The same by entry; `default` is the default capacity, `smoothing` what lead, hold and ramps add. */
  readonly byEntry: readonly { readonly entry: string; readonly usd: number }[];
}

/** One entry's part in an {@link Explanation}. */
export interface EntryExplanation {
  /** Name of the entry. */
  readonly name: string;
  /** Whether it is active at the moment asked about. */
  readonly active: boolean;
  /** Start of the window that is open, else of the next one, epoch milliseconds. */
  readonly startMs?: number;
  /** End of that window, exclusive. */
  readonly endMs?: number;
  /** `in-gap`: a bound fell into skipped time; `in-overlap`: a bound fell into repeated time; `skipped`: an exception dropped today's window. */
  readonly note?: "in-gap" | "in-overlap" | "skipped";
  /** The entry that overrode all it says. */
  readonly lostTo?: string;
}

/** Why the capacity is what it is. */
export interface Explanation {
  /** The moment asked about, epoch milliseconds. */
  readonly atMs: number;
  /** The same on the wall clock, with its offset, ISO 8601. */
  readonly local: string;
  /** Zone of `local`. */
  readonly timeZone: string;
  /** The answer itself. */
  readonly evaluation: Evaluation;
  /** All of it in sentences. */
  readonly text: string;
  /** Every enabled entry, in list order. */
  readonly entries: readonly EntryExplanation[];
}

/** Many schedules watched together: plain arrays, one slot each. */
export interface Fleet {
  /** Until when each slot holds, epoch milliseconds. */
  readonly validUntil: Float64Array;
  /** Target of hot machines. */
  readonly hot: Int32Array;
  /** Target of stopped machines. */
  readonly stopped: Int32Array;
  /**
   * Brings all slots to `now`.
   *
   * @returns Indices whose `hot` or `stopped` changed; on the first call, all of them.
   */
  tick(now: number): readonly number[];
}
