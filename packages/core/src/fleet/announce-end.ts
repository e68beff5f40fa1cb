import { weighAgain } from "./await-rerun.ts";
import { mayBecome, retireMachine } from "./change-machine.ts";
import type { FleetContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { isPlaced, type MachineRecord, withHistory } from "./records.ts";

/** States in which nobody has been promised the machine. */
const nobodys: ReadonlySet<string> = new Set(["booting", "ready", "stopping", "stopped"]);
/** States in which it was promised to a job that does not run there, as far as we know: their owners take the promise back. */
const promised: ReadonlySet<string> = new Set([
  "claimed",
  "assigned",
  "withdrawing",
  "acknowledged",
  "registered",
]);

/**
 * The machine is taken away at `endsAtMs`: its provider says so, or the machine itself. One that is nobody's ends now, so that another
 * one is bought in its place; one that was promised is taken back, unless its job was faster; one that works is left to its work.
 * Saying it again changes nothing.
 */
export function announceEnd(
  ledger: Ledger,
  context: FleetContext,
  machine: MachineRecord,
  endsAtMs: number,
): void {
  if (machine.announcedEndMs !== undefined && machine.announcedEndMs <= endsAtMs) {
    ledger.putMachine(machine);
    return;
  }
  const code = "interrupted";
  const inS = Math.round(Math.max(0, endsAtMs - context.nowMs) / 1_000);
  const message = `The machine is taken away in ${inS} s`;
  const line = { atMs: context.nowMs, code, message };
  const marked: MachineRecord = { ...machine, announcedEndMs: endsAtMs };
  if (nobodys.has(machine.state) && mayBecome(machine, "retiring")) {
    retireMachine(ledger, context, marked, { code, message });
    return;
  }
  ledger.putMachine({
    ...marked,
    history: withHistory(machine.history, line),
    ...(promised.has(machine.state) ? { deadlineMs: context.nowMs } : {}),
  });
  const job = machine.jobKey === undefined ? undefined : ledger.jobs.get(machine.jobKey);
  if (job?.state === "running" && (!isPlaced(job) || job.machineId === machine.id)) {
    const history = withHistory(job.history, line);
    ledger.putJob({ ...job, cause: { code, message }, history });
  }
  ledger.decide({
    ...line,
    subject: {
      machineId: machine.id,
      ...(machine.pool === undefined ? {} : { pool: machine.pool }),
      ...(job ? { jobId: job.key } : {}),
    },
  });
  weighAgain(ledger, context, machine.id, endsAtMs);
}
