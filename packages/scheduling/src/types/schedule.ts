/**
 * A moment: epoch milliseconds, or anything that carries them, such as `Temporal.Instant` or `Temporal.ZonedDateTime`.
 */
export type Instant = number | { readonly epochMilliseconds: number };

/** A day of the week. */
export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** How many machines of a pool are ready and unclaimed. */
export interface Capacity {
  /** Running machines, ready for a job. Integer, at least 0. */
  readonly hot: number;
  /** Prepared machines that are switched off. Integer, at least 0. */
  readonly stopped: number;
}

/**
 * How an entry meets the value below it: `set` replaces it, `atLeast` raises it, `atMost` lowers it.
 */
export type FoldMode = "set" | "atLeast" | "atMost";

/** What every kind of entry can say. */
export interface EntryBase {
  /** Name of the entry, unique in its schedule. */
  readonly name: string;
  /** Machines while the entry is active; a field left out falls through to the entries below. */
  readonly capacity: Partial<Capacity>;
  /** How the capacity meets the value below it. @defaultValue `"set"` */
  readonly mode?: FoldMode;
  /** Entries of higher priority are applied later and so win. Integer. @defaultValue `0` */
  readonly priority?: number;
  /** IANA time zone of this entry. @defaultValue the schedule's zone */
  readonly timeZone?: string;
  /** First start date, `YYYY-MM-DD`, inclusive. */
  readonly validFrom?: string;
  /** Last start date, `YYYY-MM-DD`, inclusive. */
  readonly validUntil?: string;
  /** `false` takes the entry out of use without deleting it. @defaultValue `true` */
  readonly enabled?: boolean;
  /** Idle time after which a surplus machine may go while this entry is active, milliseconds. */
  readonly idleTimeoutMs?: number;
}

/** The same hours on chosen weekdays. The day list names the day on which a window starts. */
export interface WeeklyEntry extends EntryBase {
  /** Discriminant. */
  readonly kind: "weekly";
  /** Days on which a window starts. @defaultValue every day */
  readonly days?: readonly Weekday[];
  /** Local start, `HH:MM`, `00:00` to `23:59`. */
  readonly start: string;
  /** Local end, exclusive, `HH:MM`, `00:00` to `24:00`. */
  readonly end: string;
  /** Midnights between start and end, 0 to 7. @defaultValue `1` when `end <= start`, else `0` */
  readonly spanDays?: number;
}

/** Hours on chosen dates. */
export interface DatedEntry extends EntryBase {
  /** Discriminant. */
  readonly kind: "dated";
  /** Start dates: `YYYY-MM-DD`, or an inclusive range `YYYY-MM-DD..YYYY-MM-DD`. */
  readonly dates: readonly string[];
  /** Local start, `HH:MM`. @defaultValue `"00:00"` */
  readonly start?: string;
  /** Local end, exclusive, `HH:MM`. @defaultValue `"24:00"` */
  readonly end?: string;
  /** Midnights between start and end, 0 to 7. @defaultValue `1` when `end <= start`, else `0` */
  readonly spanDays?: number;
}

/** A window of fixed civil length from every firing of a cron expression. */
export interface CronEntry extends EntryBase {
  /** Discriminant. */
  readonly kind: "cron";
  /** Five fields: minute, hour, day of month, month, day of week; or a nickname such as `@daily`. */
  readonly cron: string;
  /** Length of each window on the civil timeline, minutes, 1 to 10,080. */
  readonly forMinutes: number;
}

/** A window from every firing of one cron expression to the next firing of another. */
export interface CronPairEntry extends EntryBase {
  /** Discriminant. */
  readonly kind: "cronPair";
  /** Opens a window. */
  readonly cron: string;
  /** Closes it: the first firing strictly after the opening one, at the latest 31 days on. */
  readonly until: string;
}

/** Active in every civil minute that a cron expression matches. */
export interface CronMaskEntry extends EntryBase {
  /** Discriminant. */
  readonly kind: "cronMask";
  /** The expression, read as a mask over minutes. */
  readonly during: string;
}

/** One line of a schedule: when, and how many machines. */
export type Entry = WeeklyEntry | DatedEntry | CronEntry | CronPairEntry | CronMaskEntry;

/**
 * What happens on the dates of an exception: `skip` drops the windows that start then; `as` uses another weekday's
 * (weekly entries only); `capacity` keeps the windows and replaces the fields it names.
 */
export type ExceptionAction =
  | "skip"
  | { readonly as: Weekday }
  | { readonly capacity: Partial<Capacity> };

/** Dates on which entries behave differently, for example holidays. */
export interface Exception {
  /** Name, for people. */
  readonly name: string;
  /** Start dates in the zone of the entry: `YYYY-MM-DD`, or an inclusive range `YYYY-MM-DD..YYYY-MM-DD`. */
  readonly dates: readonly string[];
  /** Names of the entries it touches, or `"*"`. @defaultValue every entry */
  readonly entries?: readonly string[] | "*";
  /** What happens on those dates. @defaultValue `"skip"` */
  readonly action?: ExceptionAction;
}

/** A pool's calendar. */
export interface Schedule {
  /** IANA time zone of all entries that name none. @defaultValue `"UTC"` */
  readonly timeZone?: string;
  /** Capacity while no entry is active. */
  readonly default: Capacity;
  /** Entries; at equal priority a later one wins. At most {@link MAX_ENTRIES}. */
  readonly entries: readonly Entry[];
  /**
   * Exceptions. On one date and for one entry the later one of `skip` and `as` wins, and apart from that the later
   * `capacity`: two of them are not added up. At most {@link MAX_DATES} dates in all.
   */
  readonly exceptions?: readonly Exception[];
  /** Lower bounds of the result. */
  readonly min?: Partial<Capacity>;
  /** Upper bounds of the result. */
  readonly max?: Partial<Capacity>;
}

/** A limit on speed: at most `step` machines per `everyMs`. */
export interface Ramp {
  /** Machines per step, integer, at least 1; at most 10,000 steps lead to the schedule's highest level. */
  readonly step: number;
  /** Time between two steps, milliseconds, at least 1. */
  readonly everyMs: number;
}

/** How the target runs ahead of, and behind, the calendar. */
export interface Smoothing {
  /** Time before a rise at which the new level is already the target: how long a machine takes to become ready. Milliseconds. @defaultValue `0` */
  readonly leadMs?: number | Capacity;
  /** Time for which a level is kept after it ends, milliseconds. @defaultValue `0` */
  readonly holdMs?: number;
  /** Limit on climbing; the climb begins early enough to be ready in time. @defaultValue no limit */
  readonly rampUp?: Ramp;
  /** Limit on falling. @defaultValue no limit */
  readonly rampDown?: Ramp;
  /** Time after a fall at which a busy surplus machine may be ended, milliseconds. @defaultValue never */
  readonly drainDeadlineMs?: number;
  /** Time before a fall at which surplus machines stop getting jobs, milliseconds. @defaultValue `0` */
  readonly cordonBeforeMs?: number;
}

/** Most entries a schedule may have. */
export const MAX_ENTRIES = 1_000;

/** Most dates a schedule may list, ranges counted day by day. */
export const MAX_DATES = 10_000;
