import { type Compiled, evaluate, target, transitions } from "@runs-fleet/scheduling";
import type { ZoneClock } from "./zone-clock.ts";

/** Most steps of a ramp, or levels of a schedule, that are looked through for one sentence. */
const mostSteps = 200;

/** Which way the hot target goes, or for `stopped` the stopped one, and what it is on its way to. */
export interface Course {
  readonly reason: "nominal" | "lead" | "ramp" | "hold";
  /** `up`: it is ahead of the calendar; `down`: it is behind. Absent: it is what the calendar says. */
  readonly way?: "up" | "down";
  /** Up: when the calendar gets there. Down: when the target has arrived. Epoch milliseconds. */
  readonly atMs?: number;
  /** The entry that it is on its way to, or comes from. Absent: the default. */
  readonly entry?: string;
}

/** When the target has the calendar's value again, looked for step by step. */
function arrival(compiled: Compiled, fromMs: number): number | undefined {
  let now = target(compiled, fromMs);
  for (let step = 0; step < mostSteps; step++) {
    const { untilMs } = now;
    if (untilMs === undefined) return undefined;
    now = target(compiled, untilMs);
    if (now.reason === "nominal" || now.reason === "lead") return untilMs;
  }
  return undefined;
}

/** Why the target is what it is: what the schedule's smoothing is about at an instant. */
export function courseOf(compiled: Compiled, nowMs: number): Course {
  const now = target(compiled, nowMs);
  const calendar = evaluate(compiled, nowMs);
  const { reason } = now;
  const field = now.hot === calendar.hot ? "stopped" : "hot";
  if (reason === "nominal" || now[field] === calendar[field]) {
    return { reason, ...(calendar.entry === undefined ? {} : { entry: calendar.entry }) };
  }
  const then = now.untilMs === undefined ? now : target(compiled, now.untilMs);
  const climbs = reason === "lead" || (reason === "ramp" && then[field] > now[field]);
  if (climbs) {
    const level = Math.max(now[field], then[field]);
    let steps = 0;
    for (const { atMs, after } of transitions(compiled, nowMs, nowMs + lookAheadMs)) {
      if (after[field] < level) {
        steps += 1;
        if (steps > mostSteps) break;
        continue;
      }
      const { entry } = evaluate(compiled, atMs);
      return { reason, way: "up", atMs, ...(entry === undefined ? {} : { entry }) };
    }
    return { reason, way: "up" };
  }
  // Back to the level that is held, or come down from.
  let before = calendar;
  for (let step = 0; step < mostSteps && before[field] < now[field]; step++) {
    if (before.sinceMs === undefined) break;
    before = evaluate(compiled, before.sinceMs - 1);
  }
  const atMs = arrival(compiled, nowMs);
  return {
    reason,
    way: "down",
    ...(atMs === undefined ? {} : { atMs }),
    ...(before.entry === undefined ? {} : { entry: before.entry }),
  };
}

/** A climb begins this long before its window at most. */
const lookAheadMs = 8 * 86_400_000;

const nameOf = (entry: string | undefined): string => entry ?? "the default";

/** Why the target is what it is, as the end of a phrase: `for office`, `ahead of office at 08:00`, `held over from office`. */
export function courseWords(course: Course, clock: ZoneClock, nowMs: number): string {
  const { reason, way, atMs, entry } = course;
  if (way === undefined) return entry === undefined ? "by default" : `for ${entry}`;
  if (way === "down")
    return `${reason === "hold" ? "held over" : "coming down"} from ${nameOf(entry)}`;
  const when = atMs === undefined ? "" : ` ${clock.words(atMs, nowMs)}`;
  return `${reason === "lead" ? "ahead of" : "on the climb to"} ${nameOf(entry)}${when}`;
}
