import { type Compiled, evaluate, target, transitions } from "@runs-fleet/scheduling";
import type { Cause } from "../ports/cause.ts";
import { exceptionOutlook } from "./exception-words.ts";
import { noCounts, type PoolCounts, totalOf } from "./pool-counts.ts";
import { type Course, courseOf, courseWords } from "./target-words.ts";
import { type ZoneClock, zoneClock } from "./zone-clock.ts";

/** A pool in sentences, in the wall clock of its own time zone. */
export interface PoolWords {
  /** What there is, what is wanted and why, and what holds the rest back. */
  readonly now: string;
  /** What the schedule brings next. */
  readonly next: string;
}

/** What the sentences are made from. */
export interface PoolFacts {
  readonly schedule: Compiled;
  readonly nowMs: number;
  readonly counts?: PoolCounts;
  /** Why there are fewer than wanted. */
  readonly cause?: Cause | undefined;
  /** Machines that are wanted and neither there nor on their way. */
  readonly missing?: number;
  /** This region's share of a total of the pool. @defaultValue all of it */
  readonly share?: (total: number) => number;
}

/** How far ahead changes are looked for: as far as schedules can be asked, about a year. */
const horizonMs = 400 * 86_400_000;
/** Most transitions that are skipped because this region's share does not change with them. */
const mostSkipped = 500;

const all = (total: number): number => total;

/** A length of time in whole units: `90 s`, `5 min`, `2 h`. */
function spanWords(lengthMs: number): string {
  const units = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1_000, "s"],
  ] as const;
  const unit = units.find(([unitMs]) => lengthMs % unitMs === 0 && lengthMs >= unitMs);
  return unit ? `${lengthMs / unit[0]} ${unit[1]}` : `${lengthMs} ms`;
}

const sentence = (words: string): string => {
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return text.endsWith(".") ? text : `${text}.`;
};

/** What there is of one tier beside what is wanted of it. */
function haveWords(have: number, wanted: number, tier: string, why: string): string {
  if (have === wanted) return `${have} ${tier}${tier === "ready" ? " as wanted" : ""}${why}`;
  if (have < wanted) return `${have} ${tier} of ${wanted} wanted${why}`;
  return `${have} ${tier} (${wanted === 0 ? "none" : wanted} wanted${why})`;
}

const some = (count: number, what: string): readonly string[] =>
  count > 0 ? [`${count} ${what}`] : [];

/** What is neither ready nor stopped, in the order in which machines live. */
function othersWords({ booting, buying, busy }: PoolCounts): readonly string[] {
  return [...some(booting, "booting"), ...some(buying, "being bought"), ...some(busy, "busy")];
}

function goingWords({ stopping, leaving }: PoolCounts): readonly string[] {
  return [...some(stopping, "being stopped"), ...some(leaving, "on the way out")];
}

/** What there is, what is wanted and why, what holds the rest back. */
function nowWords(facts: PoolFacts, course: Course, clock: ZoneClock): string {
  const { schedule, nowMs, counts = noCounts, cause, missing = 0, share = all } = facts;
  const wanted = target(schedule, nowMs);
  const [hot, stopped] = [share(wanted.hot), share(wanted.stopped)];
  const { ready } = counts;
  const why = courseWords(course, clock, nowMs);
  const parts = [
    haveWords(ready.hot, hot, "ready", ` ${why}`),
    ...othersWords(counts),
    ...(stopped > 0 || ready.stopped > 0 ? [haveWords(ready.stopped, stopped, "stopped", "")] : []),
    ...goingWords(counts),
  ];
  const nothing = totalOf(counts) === 0 && hot === 0 && stopped === 0;
  const state = nothing ? `No machines, and none wanted ${why}` : parts.join(", ");
  const above = ready.hot - hot;
  const further = cause
    ? [`${missing > 0 ? `${missing} held back: ` : ""}${cause.message}`]
    : above > 0 && hot > 0
      ? [`${above} more than wanted, to go when idle`]
      : [];
  return [state, ...further].map(sentence).join(" ");
}

/** The words of a pool whose schedule cannot be read. */
export function unreadableWords(counts: PoolCounts, cause: Cause): PoolWords {
  const parts = [
    `${counts.ready.hot} ready`,
    ...othersWords(counts),
    ...some(counts.ready.stopped, "stopped"),
    ...goingWords(counts),
  ];
  return {
    now: [parts.join(", "), cause.message].map(sentence).join(" "),
    next: "Machines are bought for jobs alone, and none is shed, until its schedule is corrected.",
  };
}

interface Change {
  readonly atMs: number;
  readonly hot: number;
  readonly stopped: number;
  readonly hotBefore: number;
  readonly stoppedBefore: number;
}

/** The next change of the calendar that this region's share follows. */
function nextChange({ schedule, share = all }: PoolFacts, afterMs: number): Change | undefined {
  const start = evaluate(schedule, afterMs);
  const [hotBefore, stoppedBefore] = [share(start.hot), share(start.stopped)];
  let skipped = 0;
  for (const { atMs, after } of transitions(schedule, afterMs, afterMs + horizonMs)) {
    const [hot, stopped] = [share(after.hot), share(after.stopped)];
    if (hot !== hotBefore || stopped !== stoppedBefore) {
      return { atMs, hot, stopped, hotBefore, stoppedBefore };
    }
    skipped += 1;
    if (skipped > mostSkipped) return undefined;
  }
  return undefined;
}

const move = (before: number, after: number): string =>
  `${after > before ? "rises" : "falls"} to ${after}`;

/** `falls to 2`, `rises to 25 ready and 40 stopped`, `falls to 2 ready, stopped rises to 40`. */
function moveWords({ hot, stopped, hotBefore, stoppedBefore }: Change): string {
  if (stopped === stoppedBefore) return move(hotBefore, hot);
  if (hot === hotBefore) return `stopped ${move(stoppedBefore, stopped)}`;
  return hot > hotBefore === stopped > stoppedBefore
    ? `${move(hotBefore, hot)} ready and ${stopped} stopped`
    : `${move(hotBefore, hot)} ready, stopped ${move(stoppedBefore, stopped)}`;
}

/** At which pace a change comes, and how long before or after its moment. */
function paceWords({ schedule, nowMs }: PoolFacts, change: Change, clock: ZoneClock): string {
  const { holdMs = 0, rampUp, rampDown } = schedule.smoothing;
  const { atMs, hot, stopped, hotBefore, stoppedBefore } = change;
  const rises = hot === hotBefore ? stopped > stoppedBefore : hot > hotBefore;
  const ramp = rises ? rampUp : rampDown;
  const by = Math.max(Math.abs(hot - hotBefore), Math.abs(stopped - stoppedBefore));
  const pace = ramp && by > ramp.step ? `by ${ramp.step} every ${spanWords(ramp.everyMs)}` : "";
  if (!rises && holdMs > 0) {
    return `, kept ${spanWords(holdMs)} longer${pace === "" ? "" : `, then ${pace}`}`;
  }
  const now = target(schedule, nowMs);
  const ahead =
    rises && now.reason === "nominal" && now.untilMs !== undefined && now.untilMs < atMs
      ? `bought from ${clock.time(now.untilMs)}`
      : "";
  return [pace, ahead].map((words) => (words === "" ? "" : `, ${words}`)).join("");
}

function changeWords(facts: PoolFacts, change: Change, clock: ZoneClock): string {
  const { entry } = evaluate(facts.schedule, change.atMs);
  const why = entry === undefined ? "" : ` for ${entry}`;
  return `${clock.words(change.atMs, facts.nowMs)} ${moveWords(change)}${why}${paceWords(facts, change, clock)}`;
}

/** What the clock of the pool does on the day of a moment. */
function clockWords(atMs: number, clock: ZoneClock, nowMs: number): readonly string[] {
  const day = clock.day(atMs);
  const around = 26 * 3_600_000;
  return clock
    .changes(atMs - around, atMs + around)
    .filter((change) => clock.day(change.atMs) === day && change.atMs > nowMs)
    .map(({ atMs: changeMs, byMs }) => {
      const way = byMs > 0 ? "forward" : "back";
      return `the clock is put ${spanWords(Math.abs(byMs))} ${way} ${clock.dayWords(day, nowMs)}, to ${clock.time(changeMs)}`;
    });
}

/** What the schedule brings next: the way the target is on, the next change, exceptions, changes of the clock. */
function comingWords(facts: PoolFacts, course: Course, clock: ZoneClock): string {
  const { schedule, nowMs, share = all } = facts;
  // A climb that has arrived was told with the target: what comes after its window is the news.
  const fromMs = course.reason === "lead" && course.atMs !== undefined ? course.atMs : nowMs;
  const change = nextChange(facts, fromMs);
  const way =
    course.way === "down" && course.atMs !== undefined
      ? [`falls to ${share(target(schedule, course.atMs).hot)} by ${clock.time(course.atMs)}`]
      : [];
  const clauses = [
    ...way,
    change ? changeWords(facts, change, clock) : "no change in sight",
    ...exceptionOutlook(schedule, clock, nowMs).clauses,
    ...(change ? clockWords(change.atMs, clock, nowMs) : []),
  ];
  return sentence(clauses.join("; "));
}

/**
 * Says in plain sentences what a pool has, why its target is what it is, what holds back the rest, and what its schedule
 * brings next. Times are in the schedule's own zone.
 */
export function poolWords(facts: PoolFacts): PoolWords {
  const { schedule, nowMs } = facts;
  const clock = zoneClock(schedule.schedule.timeZone ?? "UTC");
  const course = courseOf(schedule, nowMs);
  return { now: nowWords(facts, course, clock), next: comingWords(facts, course, clock) };
}
