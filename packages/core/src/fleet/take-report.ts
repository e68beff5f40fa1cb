import type { AgentEvent } from "../wire/agent-event.ts";
import { announceEnd } from "./announce-end.ts";
import { requeueJob } from "./change-job.ts";
import { mayBecome, moveMachine } from "./change-machine.ts";
import type { FleetContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import type { JobRecord, MachineRecord } from "./records.ts";
import type { MachineState } from "./transitions.ts";
import { without } from "./without.ts";

/** What became of a report. `unknown-machine`: its launch may not be recorded yet; hand it in again later. */
export type ReportOutcome = "taken" | "stale" | "forged" | "unknown-machine";

const stateAfter = {
  ready: "ready",
  acknowledged: "acknowledged",
  registered: "registered",
  "job-started": "running",
  finished: "ending",
} as const satisfies Partial<Record<AgentEvent["kind"], MachineState>>;

/**
 * Takes in what a machine says about itself. A report moves its own machine forward and nothing else; whether a job
 * is over is for GitHub to say.
 *
 * @param sender - The machine id that the queue verified; `undefined` when the queue verifies none.
 */
export function takeReport(
  ledger: Ledger,
  context: FleetContext,
  event: AgentEvent,
  sender: string | undefined,
): ReportOutcome {
  if (sender !== undefined && sender !== event.machineId) {
    ledger.decide({
      atMs: context.nowMs,
      subject: { machineId: sender },
      code: "forged-report",
      message: `${sender} reported for ${event.machineId}; refused`,
    });
    return "forged";
  }
  const machine = ledger.machines.get(event.machineId);
  // While its end is not stored yet, the store calls a machine that is gone open: only the ledger knows better.
  if (!machine) return ledger.hasGone(event.machineId) ? "stale" : "unknown-machine";
  // A new boot counts from 1 again; only `ready` can begin one.
  const fresh = event.sequence > machine.sequence || machine.state === "booting";
  if (!fresh) return "stale";
  const counted: MachineRecord = { ...machine, sequence: event.sequence };
  if (event.kind === "interrupted") {
    announceEnd(ledger, context, counted, event.endsAtMs);
    return "taken";
  }
  const state = stateAfter[event.kind];
  if (!mayBecome(machine, state)) return "stale";
  // Only a boot makes ready: a claimed machine that says so again keeps its claim.
  if (event.kind === "ready" && machine.state !== "booting") return "stale";
  if ("runnerName" in event && event.runnerName !== machine.registration?.runnerName)
    return "stale";
  if (event.kind === "ready") {
    moveMachine(ledger, context, { ...counted, readyAtMs: context.nowMs }, "ready", {
      code: "ready",
      message: `Ready after ${context.nowMs - machine.sinceMs} ms`,
    });
    return "taken";
  }
  // The document was read: it holds a credential that nobody needs any more.
  ledger.dropAssignment(machine.id);
  const detail = event.kind === "finished" ? `: ${event.result}` : "";
  const moved = moveMachine(ledger, context, counted, state, {
    code: event.kind,
    message: `The agent reports ${event.kind}${detail}`,
  });
  if (event.kind === "finished") finished(ledger, context, moved, event.result);
  return "taken";
}

function meantFor(ledger: Ledger, machine: MachineRecord): JobRecord | undefined {
  return machine.jobKey === undefined ? undefined : ledger.jobs.get(machine.jobKey);
}

/** The runner is gone without a job: whoever it was meant for waits again. */
function finished(
  ledger: Ledger,
  context: FleetContext,
  machine: MachineRecord,
  result: string,
): void {
  const job = meantFor(ledger, machine);
  if (job?.state !== "assigned") return;
  if (result === "no-job" || result === "runner-outdated") {
    requeueJob(ledger, context, job, {
      code: result === "no-job" ? "registration-failed" : "runner-outdated",
      message: `${machine.id} ended without a job (${result})`,
    });
    ledger.putMachine(without(machine, "jobKey"));
  }
}
