import { type JobRecord, type MachineRecord, takesMachine } from "./records.ts";
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

/**
 * The same of two states of a job: one that has a machine counts towards its repository's limit, and no more.
 *
 * @param limited - Whether any repository has a limit: then a job that ends, or runs elsewhere, makes room for another.
 */
export function jobMatters(
  before: JobRecord | undefined,
  after: JobRecord,
  limited: boolean,
): boolean {
  if (before === undefined || !takesMachine(before)) return true;
  if (after.state === "queued") return true;
  return !takesMachine(after) && limited;
}
