/** States of a job's record. */
export type JobState = "queued" | "assigned" | "running" | "completed" | "cancelled" | "failed";
/** States of a launch attempt's record. */
export type AttemptState = "open" | "recovering" | "settled";
/** States of a machine's record. */
export type MachineState =
  | "booting"
  | "ready"
  | "claimed"
  | "assigned"
  | "withdrawing"
  | "acknowledged"
  | "registered"
  | "running"
  | "ending"
  | "stopping"
  | "stopped"
  | "retiring"
  | "gone";

/** Who acts when a state's deadline passes: exactly one for each state that is not the last. */
export interface StateRule<State extends string> {
  readonly next: readonly State[];
  /** The function that acts at the deadline; absent for terminal states. */
  readonly owner?: string;
}

/** Jobs. `assigned` goes back to `queued` when a sibling took the runner or the machine was lost. */
export const jobRules: Readonly<Record<JobState, StateRule<JobState>>> = Object.freeze({
  queued: {
    next: ["assigned", "running", "completed", "cancelled", "failed"],
    owner: "job-deadline",
  },
  assigned: {
    next: ["queued", "running", "completed", "cancelled", "failed"],
    owner: "job-deadline",
  },
  running: { next: ["completed", "cancelled", "failed"], owner: "run-deadline" },
  completed: { next: [] },
  cancelled: { next: [] },
  failed: { next: [] },
});

/** Launch attempts. */
export const attemptRules: Readonly<Record<AttemptState, StateRule<AttemptState>>> = Object.freeze({
  open: { next: ["recovering", "settled"], owner: "attempt-deadline" },
  recovering: { next: ["settled"], owner: "attempt-recovery" },
  settled: { next: [] },
});

/** Machines. Every state may end in `gone`, because a provider can take any machine away. */
export const machineRules: Readonly<Record<MachineState, StateRule<MachineState>>> = Object.freeze({
  booting: { next: ["ready", "retiring", "gone"], owner: "boot-deadline" },
  ready: { next: ["claimed", "stopping", "retiring", "gone"], owner: "retirement" },
  claimed: { next: ["assigned", "ready", "retiring", "gone"], owner: "mint-deadline" },
  assigned: {
    next: ["withdrawing", "acknowledged", "registered", "running", "ending", "retiring", "gone"],
    owner: "acknowledge-deadline",
  },
  withdrawing: {
    next: ["acknowledged", "registered", "running", "ending", "retiring", "gone"],
    owner: "withdrawal",
  },
  acknowledged: {
    next: ["registered", "running", "ending", "retiring", "gone"],
    owner: "registration-deadline",
  },
  registered: { next: ["running", "ending", "retiring", "gone"], owner: "idle-runner-deadline" },
  running: { next: ["ending", "retiring", "gone"], owner: "hard-deadline" },
  ending: { next: ["retiring", "gone"], owner: "ending-grace" },
  stopping: { next: ["stopped", "retiring", "gone"], owner: "stop-deadline" },
  stopped: { next: ["booting", "retiring", "gone"], owner: "retirement" },
  retiring: { next: ["gone"], owner: "termination" },
  gone: { next: [] },
});

/** States in which a machine has work, or is about to. */
export const workStates: ReadonlySet<MachineState> = new Set([
  "claimed",
  "assigned",
  "withdrawing",
  "acknowledged",
  "registered",
  "running",
]);

/** Whether a record in this state still needs its controller. */
export function isTerminal<State extends string>(
  rules: Readonly<Record<State, StateRule<State>>>,
  state: State,
): boolean {
  return rules[state].next.length === 0;
}

/**
 * The state to go to, checked against the table.
 *
 * @throws An `Error` for a transition that the table does not have: a programmer's mistake, never the world's.
 */
export function checkedState<State extends string>(
  rules: Readonly<Record<State, StateRule<State>>>,
  from: State,
  to: State,
): State {
  if (from !== to && !rules[from].next.includes(to)) {
    throw new Error(`Illegal transition from ${from} to ${to}`);
  }
  return to;
}
