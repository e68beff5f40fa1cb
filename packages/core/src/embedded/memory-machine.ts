import type { LaunchAttempt, ObservedMachine, ObservedState } from "../ports/machine-provider.ts";
import type { Market } from "../routing/shape.ts";

/** A machine of the memory provider. Its state is a function of time: nothing has to tick. */
export interface MemoryMachine {
  readonly id: string;
  readonly attempt: LaunchAttempt;
  readonly market: Market;
  readonly zone: string | undefined;
  readonly launchedAtMs: number;
  /** What it was last told. */
  told: "run" | "stop" | "end";
  /** Epoch milliseconds at which it has done what it was told. */
  settledAtMs: number;
  /** How a listing showed it last: most machines are listed many times in one state. */
  shown?: ObservedMachine;
}

const transient = { run: "pending", stop: "stopping", end: "shutting-down" } as const;
const settled = { run: "running", stop: "stopped", end: "terminated" } as const;

/** The state at `nowMs`. */
export function stateOf(machine: MemoryMachine, nowMs: number): ObservedState {
  return (nowMs < machine.settledAtMs ? transient : settled)[machine.told];
}

/** The machine as a listing shows it. */
export function observe(machine: MemoryMachine, nowMs: number): ObservedMachine {
  const state = stateOf(machine, nowMs);
  if (machine.shown?.state === state) return machine.shown;
  machine.shown = Object.freeze({
    id: machine.id,
    attemptId: machine.attempt.id,
    state,
    market: machine.market,
    ...(machine.zone === undefined ? {} : { zone: machine.zone }),
    launchedAtMs: machine.launchedAtMs,
  });
  return machine.shown;
}
