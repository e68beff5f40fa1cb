import type { Target, TargetReason } from "../types/answers.ts";
import type { Capacity, Smoothing } from "../types/schedule.ts";
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
}

type Field = "hot" | "stopped";

/** Levels of one field around a page, as steps of the target. */
function stepsOf(
  nominal: Track<State, unknown>,
  field: Field,
  smoothing: FieldSmoothing,
  startMs: number,
): Step[] {
  const endMs = startMs + nominal.pageMs;
  const { leadMs, holdMs, up, down, aheadMs, behindMs } = smoothing;
  const steps: Step[] = [];
  const add = (from: number, to: number, value: number, rank: number): void => {
    const start = Math.max(from, startMs - 1);
    const end = Math.min(to, endMs);
    if (start < end) steps.push({ start: start - startMs, end: end - startMs, value, rank });
  };
  /** Stairs down from a level: into the past before a rise (`everyMs` below 0), into the future after a fall. */
  const stairs = (level: number, at: number, step: number, everyMs: number): void => {
    let from = everyMs < 0 ? at + everyMs : at;
    for (let value = level - step; value > 0; value -= step) {
      add(from, from + Math.abs(everyMs), value, 3);
      from += everyMs;
    }
  };
  const addLevel = (from: number, to: number, value: number): void => {
    add(from, to, value, 0);
    if (from > startMs - 1) {
      add(from - leadMs, from, value, 1);
      if (up) stairs(value, from - leadMs, up.step, -up.everyMs);
    }
    if (to < endMs) {
      add(to, to + holdMs, value, 2);
      if (down) stairs(value, to + holdMs, down.step, down.everyMs);
    }
  };

  const first = Math.floor((startMs - 1 - behindMs) / nominal.pageMs);
  const last = Math.floor((endMs + aheadMs) / nominal.pageMs);
  let level = -1;
  let since = 0;
  for (let index = first; index <= last; index++) {
    const page = loadPage(nominal, index);
    for (const [segment, state] of page.values.entries()) {
      const value = state.capacity[field];
      if (value === level) continue;
      const at = page.startMs + (page.starts[segment] as number);
      if (level >= 0) addLevel(since, at, level);
      level = value;
      since = at;
    }
  }
  addLevel(since, (last + 1) * nominal.pageMs, level);
  return steps;
}

const REASONS: readonly TargetReason[] = ["nominal", "lead", "hold", "ramp"];

/** Builds the page of targets that belongs to a page of states. */
export function buildTargetPage(
  nominal: Track<State, unknown>,
  smoothing: Readonly<Record<Field, FieldSmoothing>>,
  index: number,
): Page<TargetValue, Target> {
  const startMs = index * nominal.pageMs;
  const hot = envelope(stepsOf(nominal, "hot", smoothing.hot, startMs));
  const stopped = envelope(stepsOf(nominal, "stopped", smoothing.stopped, startMs));
  const starts: number[] = [];
  const values: TargetValue[] = [];
  let [h, s, at] = [0, 0, -1];
  while (at < nominal.pageMs) {
    const hotStep = hot[h] as Step;
    const stoppedStep = stopped[s] as Step;
    const rank = hotStep.rank > 0 ? hotStep.rank : stoppedStep.rank;
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
  const before = values[0] as TargetValue;
  // The millisecond before the page only says what held then.
  if (starts[1] === 0) {
    starts.shift();
    values.shift();
  }
  starts[0] = 0;
  return makePage(index, nominal.pageMs, starts, values, before);
}

/** Whether two targets ask for the same machines. */
export const sameTarget = (a: Capacity, b: Capacity): boolean =>
  a.hot === b.hot && a.stopped === b.stopped;
