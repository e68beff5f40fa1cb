import type { TraceCarrier } from "@runs-fleet/telemetry";
import type { JobEvent } from "../ports/demand-event.ts";
import { concludeJob, failJob, requeueJob, startJob } from "./change-job.ts";
import { mayBecome, moveMachine, releaseJob } from "./change-machine.ts";
import type { FleetContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { type JobRecord, jobKeyOf, type MachineRecord } from "./records.ts";
import { demandOf, fitOf, ignoredNote, perRepository, routeJob } from "./route-demand.ts";
import { isTerminal, jobRules } from "./transitions.ts";

function newJob(
  event: JobEvent,
  context: FleetContext,
  trace: TraceCarrier | undefined,
): JobRecord {
  const { nowMs, timings } = context;
  const createdAtMs = Math.min(event.createdAtMs ?? nowMs, nowMs);
  return {
    key: jobKeyOf(event),
    jobId: event.jobId,
    runId: event.runId,
    attempt: event.attempt,
    repository: event.repository,
    repositoryId: event.repositoryId,
    visibility: event.visibility,
    fork: event.fork,
    ...(event.headSha === undefined ? {} : { headSha: event.headSha }),
    labels: event.labels,
    state: "queued",
    ...(trace === undefined || Object.keys(trace).length === 0 ? {} : { trace }),
    createdAtMs,
    receivedAtMs: nowMs,
    deadlineMs: nowMs + timings.jobDeadlineMs,
    history: [],
  };
}

function admit(
  ledger: Ledger,
  context: FleetContext,
  event: JobEvent,
  trace: TraceCarrier | undefined,
): JobRecord | undefined {
  const routed = routeJob(event, context);
  if (routed.kind === "not-ours") return undefined;
  const job = newJob(event, context, trace);
  if (routed.kind === "refused") {
    // Another orchestrator, or GitHub itself, may be running it: only a job that waits is refused.
    if (event.action === "queued") failJob(ledger, context, job, routed.code, routed.message);
    return undefined;
  }
  const { placement } = routed;
  const limit = perRepository(context.catalog, placement.policy);
  const admitted: JobRecord = {
    ...job,
    placement: {
      environment: placement.environment,
      ...(placement.pool === undefined ? {} : { pool: placement.pool }),
      shape: placement.shape,
      ...(placement.runnerGroup === undefined ? {} : { runnerGroup: placement.runnerGroup }),
      policy: placement.policy,
      ...(limit === undefined ? {} : { perRepository: limit }),
    },
    fit: fitOf(placement),
    demand: demandOf(event, placement.runnerGroup),
    history: [
      {
        atMs: context.nowMs,
        code: "admitted",
        message: `Policy ${placement.policy}${placement.pool === undefined ? "" : `, pool ${placement.pool}`}`,
      },
      ...ignoredNote(event, context),
    ],
  };
  ledger.putJob(admitted);
  ledger.seeRepository(event.repository);
  return admitted;
}

/** The machine that was meant for `job` serves another one, or nobody: settles who gets what. */
function bind(
  ledger: Ledger,
  context: FleetContext,
  job: JobRecord,
  machine: MachineRecord | undefined,
): void {
  const meant = job.machineId === undefined ? undefined : ledger.machines.get(job.machineId);
  if (meant?.id === machine?.id) return;
  const displacedKey = machine?.jobKey;
  const displaced = displacedKey === undefined ? undefined : ledger.jobs.get(displacedKey);
  if (meant?.jobKey === job.key) releaseJob(ledger, context, meant);
  if (displaced && displaced.key !== job.key && displaced.state === "assigned") {
    const why = {
      code: "taken-by-sibling",
      message: `Job ${job.jobId} with the same labels took its runner`,
    };
    // The released machine, if it is still waiting, finds its next job in planAssignments: the oldest one.
    requeueJob(ledger, context, displaced, why);
  }
  if (machine) ledger.putMachine({ ...machine, jobKey: job.key });
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

/** The machine of ours on which the job runs; older bodies name no runner. */
function runnerOf(ledger: Ledger, event: JobEvent, job: JobRecord): MachineRecord | undefined {
  if (event.runnerName !== undefined) return ledger.machineOfRunner(event.runnerName);
  const known = event.action === "in_progress" || job.state === "running";
  return known && job.machineId !== undefined ? ledger.machines.get(job.machineId) : undefined;
}

/** GitHub says the job on the machine is over: the machine is one-shot, so it ends soon. */
function machineDone(ledger: Ledger, context: FleetContext, machine: MachineRecord): void {
  if (!mayBecome(machine, "ending") || machine.state === "assigned") return;
  ledger.dropAssignment(machine.id);
  moveMachine(ledger, context, machine, "ending", {
    code: "job-completed",
    message: "GitHub says that its job is over",
  });
}

/**
 * Takes in what GitHub says about a job. Repeated, late and reordered news change nothing: states only move forward.
 *
 * @returns Whether the job is ours.
 */
export function takeDemand(
  ledger: Ledger,
  context: FleetContext,
  event: JobEvent,
  trace?: TraceCarrier,
): boolean {
  if (event.action === "waiting") return false;
  const key = jobKeyOf(event);
  if (ledger.hasEnded(key)) return true;
  const job = ledger.jobs.get(key) ?? admit(ledger, context, event, trace);
  if (!job || isTerminal(jobRules, job.state)) return job !== undefined || ledger.hasEnded(key);
  if (event.action === "queued") return true;

  const machine = runnerOf(ledger, event, job);
  if (event.action === "in_progress") {
    if (job.state === "running") return true;
    bind(ledger, context, job, machine);
    const started = startJob(ledger, context, job, {
      atMs: context.nowMs,
      ...(event.runnerName === undefined ? {} : { runnerName: event.runnerName }),
      machine: machine && ledger.machines.get(machine.id),
    });
    if (machine) machineStarted(ledger, context, machine.id, started);
    return true;
  }

  // Cancelled while it waited: no runner took it, so the machine that was meant for it serves the next.
  bind(ledger, context, job, machine);
  const current = ledger.jobs.get(key) ?? job;
  concludeJob(
    ledger,
    context,
    machine ? { ...current, machineId: machine.id } : current,
    event.conclusion ?? "unknown",
    context.nowMs,
  );
  const served = machine && ledger.machines.get(machine.id);
  if (served) machineDone(ledger, context, served);
  return true;
}
