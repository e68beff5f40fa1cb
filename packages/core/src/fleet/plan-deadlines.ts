import { failJob } from "./change-job.ts";
import { moveMachine, releaseJob, retireMachine } from "./change-machine.ts";
import { awaitCheck } from "./check-retry.ts";
import type { FleetContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { isRerunOpen, type JobRecord, type MachineRecord } from "./records.ts";
import { beginRecovery } from "./take-purchase.ts";
import { abandonClaim } from "./take-registration.ts";
import { isTerminal, jobRules } from "./transitions.ts";
import { without } from "./without.ts";

/** How often an owner looks again at a record that it could not move on, milliseconds. */
const lookAgainMs = 15_000;

function jobDue(ledger: Ledger, context: FleetContext, job: JobRecord): void {
  if (isTerminal(jobRules, job.state)) {
    // Nobody has answered: the word may also wait for its turn behind many others.
    const waiting = awaitCheck(job, context.nowMs);
    ledger.putJob(waiting ?? without(job, "checkTriesLeft"));
    if (waiting) ledger.effect({ kind: "check", jobKey: job.key });
    return;
  }
  const machine = job.machineId === undefined ? undefined : ledger.machines.get(job.machineId);
  if (machine?.jobKey === job.key) releaseJob(ledger, context, machine);
  const waited = Math.round((context.nowMs - job.receivedAtMs) / 60_000);
  if (job.state === "running") {
    failJob(ledger, context, job, job.cause?.code ?? "machine-lost", "GitHub never told its end");
    return;
  }
  const wait = ledger.waits.get(job.key);
  const last = wait ? `; at last it waited for ${wait.code}: ${wait.message}` : "";
  failJob(ledger, context, job, "deadline-exceeded", `No runner within ${waited} minutes${last}`);
}

function machineDue(
  ledger: Ledger,
  context: FleetContext,
  machine: MachineRecord,
  onBootTimeout: (fit: string) => void,
): void {
  switch (machine.state) {
    case "booting":
      if (machine.wasStopped && context.nowMs < machine.sinceMs + context.timings.bootDeadlineMs) {
        again(ledger, context, machine);
        ledger.effect({ kind: "start", machineId: machine.id });
        return;
      }
      if (!machine.wasStopped) onBootTimeout(machine.fit);
      retireMachine(ledger, context, machine, {
        code: "boot-timeout",
        message: `Not ready ${context.timings.bootDeadlineMs} ms after its start`,
      });
      return;
    case "claimed":
      abandonClaim(ledger, context, machine);
      return;
    case "assigned":
      moveMachine(ledger, context, machine, "withdrawing", {
        code: "withdrawing",
        message: "The agent does not acknowledge; the assignment is taken back",
      });
      ledger.effect({ kind: "withdraw", machineId: machine.id });
      return;
    case "withdrawing":
      again(ledger, context, machine);
      ledger.effect({
        kind: ledger.assignments.has(machine.id) ? "withdraw" : "deregister",
        machineId: machine.id,
      });
      return;
    case "acknowledged":
    case "registered":
      // Unknown counts as busy: only GitHub's removal of the idle runner proves that no job runs there.
      again(ledger, context, machine);
      ledger.effect({ kind: "deregister", machineId: machine.id });
      return;
    case "ending":
      retireMachine(ledger, context, machine, {
        code: "not-switched-off",
        message: "Its work is over and it is still there",
      });
      return;
    case "stopping":
      again(ledger, context, machine);
      ledger.effect({ kind: "stop", machineId: machine.id });
      return;
    case "retiring":
      again(ledger, context, machine, 30_000);
      ledger.effect({ kind: "terminate", machineId: machine.id });
      return;
    // Their deadline is the hard one: endOverdue.
    case "ready":
    case "running":
    case "stopped":
    case "gone":
      return;
  }
}

function again(
  ledger: Ledger,
  context: FleetContext,
  machine: MachineRecord,
  afterMs = lookAgainMs,
): void {
  ledger.putMachine({ ...machine, deadlineMs: context.nowMs + afterMs });
}

/**
 * Lets the owner of each state act whose deadline has passed.
 *
 * @param most - Stops when this many writes are pending; the rest is due at once in the next pass.
 * @param onBootTimeout - Told the fit of each machine that was bought and did not become ready.
 * @returns When the next deadline is, epoch milliseconds.
 */
export function actOnDeadlines(
  ledger: Ledger,
  context: FleetContext,
  most: number,
  onBootTimeout: (fit: string) => void = () => undefined,
): number {
  const { nowMs } = context;
  let next = Number.POSITIVE_INFINITY;
  const due = (deadlineMs: number): boolean => {
    if (deadlineMs <= nowMs && ledger.pendingWrites() < most) return true;
    next = Math.min(next, Math.max(deadlineMs, nowMs));
    return false;
  };
  for (const job of [...ledger.jobs.values()]) {
    // Of those whose re-run is open planReruns takes care.
    if (isRerunOpen(job)) continue;
    if (due(job.deadlineMs)) jobDue(ledger, context, job);
  }
  for (const machine of [...ledger.machines.values()]) {
    if (due(machine.deadlineMs)) machineDue(ledger, context, machine, onBootTimeout);
  }
  for (const attempt of [...ledger.attempts.values()]) {
    if (due(attempt.deadlineMs)) beginRecovery(ledger, context, attempt.request.id);
  }
  return next;
}
