import { type Calendar, compileLanes } from "../calendar/lanes.ts";
import { kindOf } from "../calendar/rule.ts";
import type { Compiled, Evaluation, Target } from "../types/answers.ts";
import type { Capacity, Entry, Ramp, Schedule, Smoothing } from "../types/schedule.ts";
import type { ZoneSource } from "../types/zones.ts";
import { defaultZones } from "../zones/default-zones.ts";
import { buildNominalPage } from "./nominal.ts";
import { shareEngine } from "./share.ts";
import { buildTargetPage, type FieldSmoothing, sameTarget, type TargetValue } from "./smooth.ts";
import { createFold, looksLike, type State, WIDE } from "./state.ts";
import { createTrack, pageLength, type Track } from "./track.ts";

/** Most steps from nothing to the highest level: each of them is a change of the target. */
const MAX_RAMP_STEPS = 10_000;

/** How far ahead {@link nextTransition} looks, days. */
export const DEFAULT_HORIZON_DAYS = 400;

/** Longest time that lead, hold and ramps together may take, days. */
export const MAX_SMOOTHING_DAYS = 400;

/** Options of {@link compileSchedule}. */
export interface CompileOptions {
  /** Zone data. @defaultValue the runtime's, shared by all schedules of this process */
  readonly zones?: ZoneSource;
  /** How {@link target} runs ahead of and behind the calendar. @defaultValue not at all */
  readonly smoothing?: Smoothing;
  /** How far a change may be away to be found, days. @defaultValue {@link DEFAULT_HORIZON_DAYS} */
  readonly horizonDays?: number;
}

/** What a compiled schedule is inside. */
export interface Engine extends Compiled {
  readonly calendar: Calendar;
  readonly zones: ZoneSource;
  readonly horizonMs: number;
  readonly nominal: Track<State, Evaluation>;
  /** The same pages; a change is anything one can see, not of the capacity alone. */
  readonly visible: Track<State, Evaluation>;
  readonly smooth: Track<TargetValue, Target>;
}

const DAY = 86_400_000;

/** Freezes plain data, and all that is in it. */
function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

/** A frozen copy of plain data. */
const copy = <T>(value: T): T => freeze(JSON.parse(JSON.stringify(value)) as T);

const withKind = (entry: Entry): Entry =>
  entry.kind !== undefined ? entry : ({ ...(entry as object), kind: kindOf(entry) } as Entry);

/** A schedule whose entries all say their kind. */
export const withKinds = (schedule: Schedule): Schedule => ({
  ...schedule,
  entries: schedule.entries.map(withKind),
});

/**
 * The calendar of a schedule whose entries all say their kind.
 *
 * @throws A `RangeError` when a part of the schedule cannot be read, or a zone is unknown.
 */
export function calendarOf(schedule: Schedule, zones: ZoneSource): Calendar {
  const calendar = compileLanes(schedule);
  for (const id of calendar.zones) requireZone(zones, id);
  return calendar;
}

/** Highest number a field of the schedule can reach. */
const peakOf = (schedule: Schedule, { lanes }: Calendar, field: keyof Capacity): number =>
  Math.max(
    schedule.default[field],
    schedule.min?.[field] ?? 0,
    ...lanes.map(({ capacity }) => capacity[field] ?? 0),
  );

/** Refuses an option; a number that is none is never within anything. */
function requireOption(isValid: boolean, name: string): void {
  if (!isValid) throw new RangeError(`${name} is out of range`);
}

function requireDuration(value: number, name: string): number {
  requireOption(value >= 0 && value < Infinity, name);
  return Math.round(value);
}

/** Steps that a ramp takes to the highest level. */
function stepsOf(ramp: Ramp | undefined, peak: number, name: string): number {
  if (ramp === undefined) return 0;
  const { step, everyMs } = ramp;
  const steps = Math.ceil(peak / step);
  const isWhole = Number.isInteger(step) && Number.isInteger(everyMs);
  requireOption(isWhole && step > 0 && everyMs > 0 && steps <= MAX_RAMP_STEPS, name);
  return steps;
}

function fieldSmoothing(
  { leadMs = 0, holdMs = 0, rampUp: up, rampDown: down }: Smoothing,
  field: keyof Capacity,
  peak: number,
): FieldSmoothing {
  const lead = requireDuration(typeof leadMs === "number" ? leadMs : leadMs[field], "leadMs");
  const hold = requireDuration(holdMs, "holdMs");
  const [climb, fall] = [stepsOf(up, peak, "rampUp"), stepsOf(down, peak, "rampDown")];
  const aheadMs = lead + climb * (up?.everyMs ?? 0);
  const behindMs = hold + fall * (down?.everyMs ?? 0);
  requireOption(Math.max(aheadMs, behindMs) <= MAX_SMOOTHING_DAYS * DAY, `smoothing of ${field}`);
  return { leadMs: lead, holdMs: hold, up, down, aheadMs, behindMs, steps: climb + fall };
}

/** Some instant that any source without a range has data for. */
const PROBE_MS = 1_767_225_600_000;

/** Lets a source throw for a zone it does not know; `range` alone is cheaper where a source has it. */
function requireZone(zones: ZoneSource, id: string): void {
  if (!zones.range?.(id)) zones.spans(id, PROBE_MS, PROBE_MS + 1);
}

/** Upper bound of how often lanes begin or end in a day. */
export const changesPerDay = ({ lanes }: Calendar): number =>
  lanes.reduce((sum, { rule, override }) => {
    // A pair closes at most as often as it may open, and opens once more than it closes.
    const perDay = rule.until ? 2 * (rule.until.minutes.length + 1) : rule.runs.length;
    return sum + (override ? 0 : perDay);
  }, 0);

/** {@link compileSchedule} with the page length open, for tests. */
export function compileWith(
  input: Schedule,
  { zones = defaultZones(), smoothing = {}, horizonDays = DEFAULT_HORIZON_DAYS }: CompileOptions,
  forcedPageMs?: number,
): Engine {
  const schedule = copy(withKinds(input));
  const calendar = calendarOf(schedule, zones);
  requireOption(horizonDays > 0 && horizonDays <= 40_000, "horizonDays");
  requireDuration(smoothing.cordonBeforeMs ?? 0, "cordonBeforeMs");
  requireDuration(smoothing.drainDeadlineMs ?? 0, "drainDeadlineMs");
  const fieldOf = (field: keyof Capacity): FieldSmoothing =>
    fieldSmoothing(smoothing, field, peakOf(schedule, calendar, field));
  const fields = { hot: fieldOf("hot"), stopped: fieldOf("stopped") };
  const fold = createFold(schedule, calendar.lanes);
  const perDay = changesPerDay(calendar) * (1 + fields.hot.steps + fields.stopped.steps);
  const pageMs = forcedPageMs ?? pageLength(perDay);
  // Many lanes make each state bigger: keep fewer of them.
  const slots = calendar.lanes.length < WIDE ? 64 : 16;
  const nominal: Engine["nominal"] = createTrack(
    pageMs,
    slots,
    (index) => buildNominalPage(calendar, zones, fold, pageMs, index),
    (a, b) => sameTarget(a.capacity, b.capacity),
  );
  const smooth: Engine["smooth"] = createTrack(
    pageMs,
    slots,
    (index) => buildTargetPage(nominal, fields, index),
    sameTarget,
  );
  return {
    schedule,
    smoothing: copy(smoothing),
    zonesVersion: zones.version,
    calendar,
    zones,
    horizonMs: horizonDays * DAY,
    nominal,
    visible: { ...nominal, same: (a, b) => looksLike(calendar.lanes, a, b), quiet: {} },
    smooth,
  };
}

/**
 * Makes a schedule ready for questions.
 *
 * It is copied and frozen, so later changes to the input have no effect. Nothing is computed before the first question,
 * and equal schedules share what was computed: compiling one again returns the same object while that is in use.
 *
 * @param schedule - What {@link parseSchedule} returned.
 * @throws A `RangeError` when a zone is unknown, smoothing is out of range, or a part of the schedule cannot be read;
 * only {@link parseSchedule} checks all of it.
 * @example
 * const compiled = compileSchedule({
 *   timeZone: "Europe/Berlin",
 *   default: { hot: 0, stopped: 2 },
 *   entries: [{ kind: "weekly", name: "office", days: ["mon", "tue"], start: "08:00", end: "18:00", capacity: { hot: 10 } }],
 * });
 */
export function compileSchedule(schedule: Schedule, options: CompileOptions = {}): Compiled {
  const { zones = defaultZones(), smoothing, horizonDays } = options;
  const key = JSON.stringify([schedule, smoothing, horizonDays]);
  return shareEngine(zones, key, () => compileWith(schedule, { ...options, zones }));
}
