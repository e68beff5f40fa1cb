import type { JobRecord, MachineRecord } from "./records.ts";
import { workStates } from "./transitions.ts";

/** Whether a machine has a job: to the plans all such machines of a fit are alike, they only take up a place. */
function isTaken({ state, jobKey }: MachineRecord): boolean {
  return jobKey !== undefined && (workStates.has(state) || state === "ending");
}

/** Whether a plan of assignments, launches or retirements could tell the two apart. */
export function machineMatters(before: MachineRecord | undefined, after: MachineRecord): boolean {
  if (before === undefined || !isTaken(before) || !isTaken(after)) return true;
  return before.fit !== after.fit || before.attemptId !== after.attemptId;
}

/** Whether a job was given a machine and is not over: plans count it towards its repository's limit, and no more. */
function isActive({ state }: JobRecord): boolean {
  return state === "assigned" || state === "running";
}

/**
 * The same of two states of a job.
 *
 * @param limited - Whether any repository has a limit: then the end of a job makes room for another.
 */
export function jobMatters(
  before: JobRecord | undefined,
  after: JobRecord,
  limited: boolean,
): boolean {
  if (before === undefined || !isActive(before)) return true;
  if (after.state === "queued") return true;
  return !isActive(after) && limited;
}
