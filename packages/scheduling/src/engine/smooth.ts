import type { Target, TargetReason } from "../types/answers.ts";
import type { Capacity, Ramp, Smoothing } from "../types/schedule.ts";
import { envelope, type Step } from "./envelope.ts";
import { makePage, type Page } from "./page.ts";
import type { State } from "./state.ts";
import { loadPage, type Track } from "./track.ts";

/** A smoothed target before its bounds in time are known. */
export interface TargetValue {
  readonly hot: number;
  readonly stopped: number;
  readonly reason: TargetReason;
}

/** How one field runs ahead of and behind the calendar. */
export interface FieldSmoothing {
  readonly leadMs: number;
  readonly holdMs: number;
  readonly up: Smoothing["rampUp"];
  readonly down: Smoothing["rampDown"];
  /** How far ahead and behind the calendar can matter. */
  readonly aheadMs: number;
  readonly behindMs: number;
  /** Steps of both ramps together. */
  readonly steps: number;
}

type Field = "hot" | "stopped";

/** Levels of one field around a page, as steps of the target inside it. */
function stepsOf(
  nominal: Track<State, unknown>,
  field: Field,
  { leadMs, holdMs, up, down, aheadMs, behindMs }: FieldSmoothing,
  startMs: number,
): Step[] {
  const { pageMs } = nominal;
  const endMs = startMs + pageMs;
  const steps: Step[] = [];
  const add = (from: number, to: number, value: number, rank: number): void => {
    const start = Math.max(0, Math.min(from, to) - startMs);
    const end = Math.min(pageMs, Math.max(from, to) - startMs);
    if (start < end) steps.push({ start, end, value, rank });
  };
  /** A level beside its own time: flat first, then stairs down; into the past before a rise (`side` -1), into the future after a fall. */
  const slope = (
    level: number,
    at: number,
    side: 1 | -1,
    flatMs: number,
    ramp: Ramp | undefined,
  ): void => {
    add(at, at + side * flatMs, level, side > 0 ? 2 : 1);
    if (ramp === undefined) return;
    const { step, everyMs } = ramp;
    const edge = at + side * flatMs;
    // Only what the page shows of the stairs.
    const away = side > 0 ? startMs - edge : edge - endMs;
    for (
      let nth = Math.max(0, Math.floor(away / everyMs));
      nth * everyMs < away + pageMs && level > step * (nth + 1);
      nth++
    ) {
      const near = edge + side * nth * everyMs;
      add(near, near + side * everyMs, level - step * (nth + 1), 3);
    }
  };
  const addLevel = (from: number, to: number, value: number): void => {
    add(from, to, value, 0);
    slope(value, from, -1, leadMs, up);
    slope(value, to, 1, holdMs, down);
  };

  const first = Math.floor((startMs - behindMs) / pageMs);
  const last = Math.floor((endMs + aheadMs) / pageMs);
  let level = -1;
  let since = -Infinity;
  for (let index = first; index <= last; index++) {
    const page = loadPage(nominal, index);
    for (const [segment, state] of page.values.entries()) {
      const value = state.capacity[field];
      if (value === level) continue;
      const at = page.startMs + (page.starts[segment] as number);
      if (level >= 0) addLevel(since, at, level);
      since = level < 0 ? -Infinity : at;
      level = value;
    }
  }
  addLevel(since, Infinity, level);
  return steps;
}

const REASONS: readonly TargetReason[] = ["nominal", "lead", "hold", "ramp"];

/** Builds the page of targets that belongs to a page of states. */
export function buildTargetPage(
  nominal: Track<State, unknown>,
  smoothing: Readonly<Record<Field, FieldSmoothing>>,
  index: number,
): Page<TargetValue, Target> {
  const { pageMs } = nominal;
  const hot = envelope(stepsOf(nominal, "hot", smoothing.hot, index * pageMs));
  const stopped = envelope(stepsOf(nominal, "stopped", smoothing.stopped, index * pageMs));
  const starts: number[] = [];
  const values: TargetValue[] = [];
  let [h, s, at] = [0, 0, 0];
  while (at < pageMs) {
    const hotStep = hot[h] as Step;
    const stoppedStep = stopped[s] as Step;
    const rank = hotStep.rank || stoppedStep.rank;
    const value: TargetValue = {
      hot: hotStep.value,
      stopped: stoppedStep.value,
      reason: REASONS[rank] as TargetReason,
    };
    const last = values.at(-1);
    if (!last || !sameTarget(last, value) || last.reason !== value.reason) {
      starts.push(at);
      values.push(value);
    }
    at = Math.min(hotStep.end, stoppedStep.end);
    if (hotStep.end === at) h++;
    if (stoppedStep.end === at) s++;
  }
  return makePage(index, pageMs, starts, values);
}

/** Whether two targets ask for the same machines. */
export const sameTarget = (a: Capacity, b: Capacity): boolean =>
  a.hot === b.hot && a.stopped === b.stopped;
