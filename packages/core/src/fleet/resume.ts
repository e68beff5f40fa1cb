import { requeueJob } from "./change-job.ts";
import { releaseJob } from "./change-machine.ts";
import type { FleetContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";

/** States of a machine in which GitHub, not the books, says what runs on it. */
const toldByGitHub: ReadonlySet<string> = new Set(["running", "ending", "retiring"]);

/** A pass that took several commits may have been torn apart: what a job and its machine say of each other is made one. */
function mend(ledger: Ledger, context: FleetContext): void {
  for (const machine of [...ledger.machines.values()]) {
    const job = ledger.jobs.get(machine.jobKey ?? "");
    if (job && job.machineId !== machine.id) releaseJob(ledger, context, machine);
  }
  for (const job of [...ledger.jobs.values()]) {
    const machine = ledger.machines.get(job.machineId ?? "");
    if (job.state !== "assigned" || !machine || machine.jobKey === job.key) continue;
    if (toldByGitHub.has(machine.state)) continue;
    const message = `${machine.id} was meant for it and is not any more`;
    requeueJob(ledger, context, job, { code: "taken-by-sibling", message });
  }
  for (const machineId of [...ledger.assignments.keys(), ...ledger.takenAssignments]) {
    if (!ledger.machines.has(machineId)) ledger.dropAssignment(machineId);
  }
}

/**
 * Picks up what the last controller left open: each record whose effect may or may not have happened is due at once, and
 * its owner finds out. Effects that are safe to repeat are simply asked for again.
 */
export function resume(ledger: Ledger, context: FleetContext): void {
  const { nowMs } = context;
  mend(ledger, context);
  for (const attempt of [...ledger.attempts.values()]) {
    ledger.putAttempt({ ...attempt, state: "recovering", deadlineMs: nowMs });
  }
  for (const machine of [...ledger.machines.values()]) {
    switch (machine.state) {
      // The registration may or may not exist: the next try has another name, the orphan is swept.
      case "claimed":
      case "withdrawing":
      case "retiring":
      case "stopping":
        ledger.putMachine({ ...machine, deadlineMs: nowMs });
        break;
      case "booting":
        if (machine.wasStopped) ledger.effect({ kind: "start", machineId: machine.id });
        break;
      default:
    }
  }
}
