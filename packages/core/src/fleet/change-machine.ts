import type { FleetContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { type MachineRecord, withHistory } from "./records.ts";
import { deadlineSlackMs, endingGraceMs, idleRunnerMs } from "./timings.ts";
import { type MachineState, machineRules } from "./transitions.ts";
import { without } from "./without.ts";

/** How often a termination that was not confirmed is asked for again, milliseconds. */
const terminationRetryMs = 30_000;
/** How long a mint may be under way before the claim is given up, milliseconds. */
const mintDeadlineMs = 60_000;
/** How often a withdrawal or deregistration is tried again, milliseconds. */
const withdrawalRetryMs = 10_000;
/** How long a stop may take, milliseconds. */
const stopDeadlineMs = 10 * 60_000;

/** When the owner of a state acts if nothing else happens. */
export function machineDeadline(
  state: MachineState,
  hardDeadlineMs: number,
  context: FleetContext,
): number {
  const { nowMs, timings } = context;
  switch (state) {
    case "booting":
      return nowMs + timings.bootDeadlineMs;
    case "claimed":
      return nowMs + mintDeadlineMs;
    case "assigned":
      return nowMs + timings.acknowledgeMs;
    case "withdrawing":
      return nowMs + withdrawalRetryMs;
    case "acknowledged":
      return nowMs + timings.bootGraceMs;
    case "registered":
      return nowMs + idleRunnerMs;
    case "ending":
      return nowMs + endingGraceMs;
    case "stopping":
      return nowMs + stopDeadlineMs;
    case "retiring":
      return nowMs + terminationRetryMs;
    // A stopped machine costs disk only and is re-armed when it starts.
    case "stopped":
      return Number.MAX_SAFE_INTEGER;
    case "ready":
    case "running":
    case "gone":
      return hardDeadlineMs;
  }
}

/** The hard deadline of a machine that starts, or is handed a job, now. */
export function hardDeadlineFrom(context: FleetContext): number {
  const { nowMs, timings } = context;
  return nowMs + timings.bootDeadlineMs + timings.maxRuntimeMs + deadlineSlackMs;
}

/** Whether the table allows the step: reports from outside may ask for anything. */
export function mayBecome(machine: MachineRecord, state: MachineState): boolean {
  return machineRules[machine.state].next.includes(state);
}

/** Moves a machine to a state, with the reason in its history, and returns it as it is then. */
export function moveMachine(
  ledger: Ledger,
  context: FleetContext,
  machine: MachineRecord,
  state: MachineState,
  why: { readonly code: string; readonly message: string },
  changes: Partial<MachineRecord> = {},
): MachineRecord {
  const { nowMs } = context;
  const hardDeadlineMs = changes.hardDeadlineMs ?? machine.hardDeadlineMs;
  const moved: MachineRecord = {
    ...machine,
    ...changes,
    state,
    sinceMs: nowMs,
    hardDeadlineMs,
    deadlineMs: machineDeadline(state, hardDeadlineMs, context),
    history: withHistory(machine.history, { atMs: nowMs, ...why }),
  };
  ledger.putMachine(moved);
  ledger.decide({
    atMs: nowMs,
    subject: {
      machineId: machine.id,
      ...(machine.pool === undefined ? {} : { pool: machine.pool }),
      ...(moved.jobKey === undefined ? {} : { jobId: moved.jobKey }),
    },
    ...why,
  });
  return moved;
}

/**
 * Lets go of the job that a machine was meant for. The machine keeps its registration for the next job with the same
 * labels, but not for as long as a runner that is waiting for its own.
 */
export function releaseJob(ledger: Ledger, context: FleetContext, machine: MachineRecord): void {
  if (machine.jobKey === undefined) return;
  const waits = machine.state === "acknowledged" || machine.state === "registered";
  const spareUntilMs = context.nowMs + context.timings.readyDwellMs;
  ledger.putMachine({
    ...without(machine, "jobKey"),
    deadlineMs: waits ? Math.min(machine.deadlineMs, spareUntilMs) : machine.deadlineMs,
  });
}

/** Gives a registered machine that lost its job another one. */
export function adoptJob(
  ledger: Ledger,
  context: FleetContext,
  machine: MachineRecord,
  jobKey: string,
): void {
  const waits = machine.state === "acknowledged" || machine.state === "registered";
  ledger.putMachine({
    ...machine,
    jobKey,
    deadlineMs: waits
      ? machineDeadline(machine.state, machine.hardDeadlineMs, context)
      : machine.deadlineMs,
  });
}

/** Decides that a machine ends, and asks for it. */
export function retireMachine(
  ledger: Ledger,
  context: FleetContext,
  machine: MachineRecord,
  why: { readonly code: string; readonly message: string },
): void {
  ledger.dropAssignment(machine.id);
  moveMachine(ledger, context, machine, "retiring", why);
  ledger.effect({ kind: "terminate", machineId: machine.id });
}
