export { WEEKDAY_NAMES } from "./calendar/civil.ts";
export { lintSchedule } from "./diagnose/lint.ts";
export { parseSchedule } from "./diagnose/parse-schedule.ts";
export {
  type CompileOptions,
  compileSchedule,
  DEFAULT_HORIZON_DAYS,
  MAX_SMOOTHING_DAYS,
} from "./engine/compile.ts";
export { evaluate } from "./engine/evaluate.ts";
export { explain } from "./engine/explain.ts";
export { createFleet } from "./engine/fleet.ts";
export { forecast } from "./engine/forecast.ts";
export {
  DEFAULT_IDLE_TIMEOUT_MS,
  DEFAULT_MIN_UPTIME_MS,
  DEFAULT_REUSE_HORIZON_MS,
  decideIdle,
} from "./engine/idle.ts";
export { nextDrain, target } from "./engine/target.ts";
export { nextTransition, transitions } from "./engine/transitions.ts";
export { levels } from "./survey/levels.ts";
export { peakMoment } from "./survey/peak-moment.ts";
export type {
  Compiled,
  Demand,
  Diagnostic,
  Drain,
  EntryExplanation,
  Evaluation,
  Explanation,
  Fleet,
  Forecast,
  IdleDecision,
  IdleMachine,
  IdleState,
  Level,
  PeakMoment,
  Rates,
  Result,
  Target,
  TargetReason,
  Transition,
  TransitionOptions,
} from "./types/answers.ts";
export type {
  Capacity,
  CronEntry,
  CronMaskEntry,
  CronPairEntry,
  DatedEntry,
  Entry,
  EntryBase,
  Exception,
  ExceptionAction,
  FoldMode,
  Instant,
  Ramp,
  Schedule,
  Smoothing,
  Weekday,
  WeeklyEntry,
} from "./types/schedule.ts";
export { MAX_DATES, MAX_ENTRIES } from "./types/schedule.ts";
export type { TzTable, ZoneRange, ZoneSource, ZoneSpans } from "./types/zones.ts";
export { checkZones } from "./zones/check-zones.ts";
export { intlZones } from "./zones/intl-zones.ts";
export { layered } from "./zones/layered.ts";
export { tableZones } from "./zones/table-zones.ts";
