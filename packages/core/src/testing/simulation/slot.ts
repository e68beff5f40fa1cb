import type { Orchestrator } from "../../orchestrator-port.ts";
import type { Life } from "./life.ts";

/** How wrong the clock of a place is. */
export interface Skew {
  /** What it is off from the beginning. */
  readonly offsetMs: number;
  /** What comes on top of it with time. */
  readonly driftMs: number;
  /** When it went wrong, epoch milliseconds of the world. */
  readonly sinceMs: number;
  /** When it has drifted all the way. */
  readonly untilMs: number;
}

/** A place in which one process after another runs. */
export interface Slot {
  /** Such as `p1`. */
  readonly name: string;
  /** Of the process that runs or was the last to run here; `undefined` before the first. */
  life: Life | undefined;
  /** The same process. */
  orchestrator: Orchestrator | undefined;
  /** How many processes have been started here. */
  generation: number;
  /** Port calls of those that have died. */
  calls: number;
  /** Number of the release that its next process is of. */
  release: number;
  /** What is wrong with its clock. */
  skew: Skew | undefined;
  /** How its process dies around its next alarm. */
  alarm: "before" | "after" | undefined;
}

/** An empty place, whose first process will be of the first release. */
export function createSlot(name: string): Slot {
  return {
    name,
    life: undefined,
    orchestrator: undefined,
    generation: 0,
    calls: 0,
    release: 0,
    skew: undefined,
    alarm: undefined,
  };
}
