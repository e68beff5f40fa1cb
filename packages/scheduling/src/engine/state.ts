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
  /** Names of active entries, in fold order; frozen, made when first asked for. */
  active: readonly string[] | undefined;
  /** Entries that begin or end where another state follows, as far as it was asked. */
  readonly causes: WeakMap<State, readonly string[]>;
}

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

function fold(schedule: Schedule, lanes: readonly Lane[], flags: Uint8Array): State {
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
  return {
    capacity: Object.freeze({
      hot: clamp(hot.value, schedule.min?.hot, schedule.max?.hot),
      stopped: clamp(stopped.value, schedule.min?.stopped, schedule.max?.stopped),
    }),
    entry: lanes[Math.max(hot.changed, stopped.changed)]?.name,
    flags: flags.slice(),
    hotBy: hot.by,
    stoppedBy: stopped.by,
    idleTimeoutMs,
    active: undefined,
    causes: new WeakMap(),
  };
}

/** Folds sets of active lanes, given as one flag per lane; few lanes have few sets, which are kept. */
export function createFold(
  schedule: Schedule,
  lanes: readonly Lane[],
): (flags: Uint8Array) => State {
  if (lanes.length >= WIDE) return (flags) => fold(schedule, lanes, flags);
  const states = new Map<number, State>();
  return (flags) => {
    let key = 0;
    for (let index = 0; index < flags.length; index++) key |= (flags[index] as number) << index;
    let state = states.get(key);
    if (state === undefined) {
      if (states.size >= MAX_STATES) states.clear();
      state = fold(schedule, lanes, flags);
      states.set(key, state);
    }
    return state;
  };
}

/** Names of the active entries of a state. */
export function activeOf(lanes: readonly Lane[], state: State): readonly string[] {
  if (state.active) return state.active;
  const names: string[] = [];
  for (const [index, { name }] of lanes.entries()) {
    // Lanes of one entry are neighbours, so comparing with the last name finds every repetition.
    if (state.flags[index] === 1 && names.at(-1) !== name) names.push(name);
  }
  state.active = Object.freeze(names);
  return state.active;
}

/** Whether the same lanes are active in two states. */
export function sameLanes(a: State, b: State): boolean {
  return a === b || a.flags.every((flag, index) => flag === b.flags[index]);
}

/** Whether two states differ in nothing one can see. */
export function looksLike(lanes: readonly Lane[], a: State, b: State): boolean {
  if (a === b) return true;
  if (a.capacity.hot !== b.capacity.hot || a.capacity.stopped !== b.capacity.stopped) return false;
  if (a.entry !== b.entry || a.idleTimeoutMs !== b.idleTimeoutMs) return false;
  for (let index = 0; index < lanes.length; ) {
    const { name } = lanes[index] as Lane;
    let [inA, inB] = [0, 0];
    // Two lanes of one entry that take turns look like one that stays.
    for (; lanes[index]?.name === name; index++) {
      inA |= a.flags[index] as number;
      inB |= b.flags[index] as number;
    }
    if (inA !== inB) return false;
  }
  return true;
}
