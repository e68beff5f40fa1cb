import { requeueJob, startJob } from "./change-job.ts";
import { mayBecome, moveMachine, releaseJob } from "./change-machine.ts";
import type { FleetContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { isPlaced, type JobRecord, type MachineRecord } from "./records.ts";
import type { Sighting } from "./sighting.ts";
import { without } from "./without.ts";

/** GitHub gave the runner of a machine to another job than it was meant for: that one waits again. */
export function displaceJob(
  ledger: Ledger,
  context: FleetContext,
  machine: MachineRecord,
  taker: Pick<JobRecord, "key" | "jobId">,
): void {
  const { jobKey = taker.key } = machine;
  const displaced = jobKey === taker.key ? undefined : ledger.jobs.get(jobKey);
  if (displaced?.state === "assigned") {
    const why = {
      code: "taken-by-sibling",
      message: `Job ${taker.jobId} with the same labels took its runner`,
    };
    // The released machine, if it is still waiting, finds its next job in planAssignments: the oldest one.
    requeueJob(ledger, context, displaced, why);
  } else if (displaced?.state === "running" && !isPlaced(displaced)) {
    // It runs, and now we know one place where it does not.
    ledger.putJob(without(displaced, "machineId", "served"));
  }
}

/** The machine that was meant for `job` serves another one, or nobody: settles who gets what. */
export function bindMachine(
  ledger: Ledger,
  context: FleetContext,
  job: JobRecord,
  machine: MachineRecord | undefined,
): void {
  const meant = job.machineId === undefined ? undefined : ledger.machines.get(job.machineId);
  if (meant?.id === machine?.id) return;
  if (meant?.jobKey === job.key) releaseJob(ledger, context, meant);
  if (machine === undefined) return;
  displaceJob(ledger, context, machine, job);
  ledger.putMachine({ ...machine, jobKey: job.key });
}

function machineStarted(
  ledger: Ledger,
  context: FleetContext,
  machineId: string,
  job: JobRecord,
): void {
  const machine = ledger.machines.get(machineId);
  if (!machine || !mayBecome(machine, "running")) return;
  ledger.dropAssignment(machineId);
  moveMachine(ledger, context, machine, "running", {
    code: "job-started",
    message: `GitHub says that job ${job.jobId} runs here`,
  });
}

/** States in which a machine was handed no registration: no job can run there. */
const unregistered: ReadonlySet<string> = new Set(["booting", "ready", "claimed"]);

/**
 * GitHub says that the job runs, and not where. The machine that was meant for it may be the one, or have been given to
 * another job: it stays reserved, and nothing is concluded about it, until GitHub says more or its own agent does.
 */
export function startSomewhere(ledger: Ledger, context: FleetContext, job: JobRecord): void {
  const meant = job.machineId === undefined ? undefined : ledger.machines.get(job.machineId);
  const isPossible = meant?.jobKey === job.key && !unregistered.has(meant.state);
  if (!isPossible) bindMachine(ledger, context, job, undefined);
  startJob(ledger, context, job, { atMs: context.nowMs, meant: isPossible ? meant : undefined });
}

/** GitHub says where the job runs: at once, or when it was asked for what it had left out. */
export function startThere(
  ledger: Ledger,
  context: FleetContext,
  job: JobRecord,
  { runnerName, machine }: Sighting,
): void {
  bindMachine(ledger, context, job, machine);
  const started = startJob(ledger, context, job, {
    atMs: job.state === "running" ? (job.startedAtMs ?? context.nowMs) : context.nowMs,
    runnerName,
    machine: machine && ledger.machines.get(machine.id),
  });
  if (machine) machineStarted(ledger, context, machine.id, started);
}

/** The machine of ours on which a job is known to run. */
export function machineOf(ledger: Ledger, job: JobRecord): MachineRecord | undefined {
  if (job.state !== "running" || job.runnerName === undefined) return undefined;
  return ledger.machineOfRunner(job.runnerName);
}
