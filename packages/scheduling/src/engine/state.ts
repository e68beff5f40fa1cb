import type { Lane } from "../calendar/lanes.ts";
import type { Capacity, Schedule } from "../types/schedule.ts";

/** What a schedule says while one set of lanes is active. */
export interface State {
  /** Folded and clamped; frozen. */
  readonly capacity: Capacity;
  /** The last applied entry that changed a field. */
  readonly entry: string | undefined;
  /** Which lanes are active, one flag each. */
  readonly flags: Uint8Array;
  /** Lanes whose value stands at the end, -1 = the default: who has the last word on each field. */
  readonly hotBy: number;
  readonly stoppedBy: number;
  /** From the last active entry that has one. */
  readonly idleTimeoutMs: number | undefined;
}

/**
 * Folds a page's lanes.
 *
 * @param flags - The lanes that are active before the page, one flag each; changed along the way.
 * @param turns - Lanes that begin or end in the page, in order of time.
 * @returns The state after the first so many of `turns`, to be asked with ascending numbers.
 */
export type Fold = (flags: Uint8Array, turns: Int32Array) => (count: number) => State;

/** Fewest lanes for which a set no longer fits the bits of a small integer. */
export const WIDE = 31;

/** Sets to remember before starting afresh. */
const MAX_STATES = 4_096;

/** One field while lanes are applied to it. */
interface Running {
  value: number;
  by: number;
  changed: number;
}

function apply(running: Running, lane: Lane, index: number, given: number | undefined): void {
  if (given === undefined) return;
  const { mode = "set" } = lane.entry;
  let next = given;
  if (mode === "atLeast") next = Math.max(running.value, given);
  else if (mode === "atMost") next = Math.min(running.value, given);
  if (mode === "set" || next !== running.value) running.by = index;
  if (next !== running.value) running.changed = index;
  running.value = next;
}

const clamp = (value: number, min = 0, max = Infinity): number =>
  Math.max(0, min, Math.min(value, max));

function stateOf(schedule: Schedule, lanes: readonly Lane[], flags: Uint8Array): State {
  const hot: Running = { value: schedule.default.hot, by: -1, changed: -1 };
  const stopped: Running = { value: schedule.default.stopped, by: -1, changed: -1 };
  let idleTimeoutMs: number | undefined;
  for (let index = 0; index < flags.length; index++) {
    if (flags[index] === 0) continue;
    const lane = lanes[index] as Lane;
    apply(hot, lane, index, lane.capacity.hot);
    apply(stopped, lane, index, lane.capacity.stopped);
    idleTimeoutMs = lane.entry.idleTimeoutMs ?? idleTimeoutMs;
  }
  const { min, max } = schedule;
  return {
    capacity: Object.freeze({
      hot: clamp(hot.value, min?.hot, max?.hot),
      stopped: clamp(stopped.value, min?.stopped, max?.stopped),
    }),
    entry: lanes[Math.max(hot.changed, stopped.changed)]?.name,
    flags: flags.slice(),
    hotBy: hot.by,
    stoppedBy: stopped.by,
    idleTimeoutMs,
  };
}

/** Folds sets of active lanes; few lanes have few sets, which are kept. */
export function createFold(schedule: Schedule, lanes: readonly Lane[]): Fold {
  const states = new Map<number, State>();
  return (flags, turns) => {
    let key = flags.reduce((bits, flag, index) => bits ^ (flag << index), 0);
    let done = 0;
    return (count) => {
      for (; done < count; done++) {
        const lane = turns[done] as number;
        key ^= 1 << lane;
        flags[lane] = 1 - (flags[lane] as number);
      }
      const state = states.get(key) ?? stateOf(schedule, lanes, flags);
      if (states.size >= MAX_STATES) states.clear();
      if (lanes.length < WIDE) states.set(key, state);
      return state;
    };
  };
}

/** Names of the active entries of a state, in fold order; frozen. */
export function activeOf(lanes: readonly Lane[], { flags }: State): readonly string[] {
  const names: string[] = [];
  for (const [index, { name }] of lanes.entries()) {
    // Lanes of one entry are neighbours, so comparing with the last name finds every repetition.
    if (flags[index] === 1 && names.at(-1) !== name) names.push(name);
  }
  return Object.freeze(names);
}

/** Whether two states differ in nothing one can see. */
export const looksLike = (lanes: readonly Lane[], a: State, b: State): boolean =>
  a === b ||
  (a.capacity.hot === b.capacity.hot &&
    a.capacity.stopped === b.capacity.stopped &&
    a.entry === b.entry &&
    a.idleTimeoutMs === b.idleTimeoutMs &&
    // Two lanes of one entry that take turns look like one that stays.
    activeOf(lanes, a).join("\n") === activeOf(lanes, b).join("\n"));
