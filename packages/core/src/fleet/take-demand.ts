import type { TraceCarrier } from "@runs-fleet/telemetry";
import type { JobEvent } from "../ports/demand-event.ts";
import type { Placement } from "../routing/catalog.ts";
import { narrower } from "../routing/index.ts";
import type { JobDemand } from "./ask-narrowing.ts";
import { lostJobOf, onBadEnd, rerunStarted } from "./await-rerun.ts";
import { concludeJob, failJob, observeJob } from "./change-job.ts";
import { mayBecome, moveMachine, releaseJob } from "./change-machine.ts";
import type { FleetContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import {
  type HistoryLine,
  isPlaced,
  type JobPlacement,
  type JobRecord,
  jobKeyOf,
  type MachineRecord,
} from "./records.ts";
import {
  demandOf,
  fitOf,
  ignoredNote,
  onDemand,
  perRepository,
  type Routed,
  routeJob,
} from "./route-demand.ts";
import { sightingOf } from "./sighting.ts";
import { bindMachine, displaceJob, machineOf, startSomewhere, startThere } from "./take-start.ts";
import { isTerminal, jobRules } from "./transitions.ts";
import { without } from "./without.ts";

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
    ...(event.name === undefined ? {} : { name: event.name }),
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

function rerunNote({ jobId, attempt }: JobRecord, { nowMs }: FleetContext): HistoryLine {
  const message = `The re-run of job ${jobId} of attempt ${attempt}, which lost its machine: bought on demand`;
  return { atMs: nowMs, code: "rerun", message };
}

/** Bounds that a job keeps: those of its policy and its repository, and of the job that it runs again. */
function boundsOf(
  { narrowing }: JobDemand,
  policy: string,
  lost: JobRecord | undefined,
  { catalog }: FleetContext,
): Pick<JobPlacement, "perRepository" | "maxReruns"> {
  const byRule = narrower(perRepository(catalog, policy), narrowing?.maxJobs);
  const most = narrower(byRule, lost?.placement?.perRepository);
  const maxReruns = narrower(narrowing?.maxReruns, lost?.placement?.maxReruns);
  return {
    ...(most === undefined ? {} : { perRepository: most }),
    ...(maxReruns === undefined ? {} : { maxReruns }),
  };
}

function admittedNote(
  { repository, narrowing }: JobDemand,
  { policy, pool }: Placement,
  { nowMs }: FleetContext,
): HistoryLine {
  const to = pool === undefined ? "" : `, pool ${pool}`;
  const by =
    narrowing === undefined
      ? ""
      : `, narrowed by ${repository} (version ${narrowing.version.slice(0, 10)})`;
  return { atMs: nowMs, code: "admitted", message: `Policy ${policy}${to}${by}` };
}

/** What would become of a job that is only observed. */
function wouldBe(routed: Exclude<Routed, { readonly kind: "not-ours" }>): string {
  if (routed.kind === "refused") return `It would be refused (${routed.code}: ${routed.message})`;
  const { pool, policy } = routed.placement;
  const where = pool === undefined ? "a machine of its own" : `pool ${pool}`;
  return `It would get ${where} by policy ${policy}`;
}

function admit(
  ledger: Ledger,
  context: FleetContext,
  event: JobDemand,
  trace: TraceCarrier | undefined,
): JobRecord | undefined {
  const routed = routeJob(event, context);
  if (routed.kind === "not-ours") return undefined;
  const lost = lostJobOf(ledger, event);
  const job: JobRecord = {
    ...newJob(event, context, trace),
    ...(lost ? { rerunOf: lost.key, reruns: (lost.reruns ?? 0) + 1 } : {}),
  };
  if (lost) rerunStarted(ledger, context, lost, job);
  // What lost its machine here is run again here, whatever the configuration says by now.
  if (routed.isObserved && lost === undefined) {
    if (event.action === "queued") observeJob(ledger, context, job, wouldBe(routed));
    return undefined;
  }
  if (routed.kind === "refused") {
    // Another orchestrator, or GitHub itself, may be running it: only a job that waits is refused.
    if (event.action === "queued") failJob(ledger, context, job, routed.code, routed.message);
    return undefined;
  }
  const placement = lost ? onDemand(routed.placement, context.catalog) : routed.placement;
  const admitted: JobRecord = {
    ...job,
    placement: {
      environment: placement.environment,
      ...(placement.pool === undefined ? {} : { pool: placement.pool }),
      shape: placement.shape,
      ...(placement.runnerGroup === undefined ? {} : { runnerGroup: placement.runnerGroup }),
      policy: placement.policy,
      ...boundsOf(event, placement.policy, lost, context),
    },
    fit: fitOf(placement),
    demand: demandOf(event, placement.runnerGroup),
    history: [
      admittedNote(event, placement, context),
      ...(lost ? [rerunNote(lost, context)] : []),
      ...ignoredNote(event, context),
    ],
  };
  ledger.putJob(admitted);
  ledger.seeRepository(event.repository);
  return admitted;
}

/** Whether the end of a job on a machine is the machine's: not where nobody has read its assignment. */
function isDoneWith(machine: MachineRecord): boolean {
  return mayBecome(machine, "ending") && machine.state !== "assigned";
}

/** GitHub says the job on the machine is over: the machine is one-shot, so it ends soon. */
function machineDone(ledger: Ledger, context: FleetContext, machine: MachineRecord): void {
  if (!isDoneWith(machine)) return;
  ledger.dropAssignment(machine.id);
  moveMachine(ledger, context, machine, "ending", {
    code: "job-completed",
    message: "GitHub says that its job is over",
  });
}

/**
 * A job that is not on the books is over, and ran on a machine of ours: one that was refused waits on at GitHub, which may give it the
 * runner of another. The machine is one-shot all the same, and its agent may be silent.
 */
function endElsewhere(ledger: Ledger, context: FleetContext, event: JobDemand): void {
  const machine = event.action === "completed" ? sightingOf(ledger, event)?.machine : undefined;
  if (machine === undefined || !isDoneWith(machine)) return;
  const meant = machine.jobKey === undefined ? undefined : ledger.jobs.get(machine.jobKey);
  // Two of one runner: what its own job says counts.
  if (meant?.state === "running" && isPlaced(meant)) return;
  displaceJob(ledger, context, machine, { key: jobKeyOf(event), jobId: event.jobId });
  releaseJob(ledger, context, machine);
  const free = ledger.machines.get(machine.id);
  if (free) machineDone(ledger, context, free);
}

/** What the end of a job that ran on one of our machines means for its re-run. */
function meaningOfEnd(
  job: JobRecord,
  machine: MachineRecord | undefined,
  { runnerName = job.state === "running" ? job.runnerName : undefined, completedAtMs }: JobEvent,
  conclusion: string,
  context: FleetContext,
): Partial<JobRecord> | undefined {
  // Cancelled while it waited: it lost nothing.
  if (runnerName === undefined && job.state !== "running") return undefined;
  const ran = runnerName === undefined ? job : { ...job, runnerName };
  return onBadEnd(ran, machine, conclusion, completedAtMs ?? context.nowMs, context);
}

/**
 * Takes in what GitHub says about a job. Repeated, late and reordered news change nothing: states only move forward.
 *
 * @returns Whether the job is ours.
 */
export function takeDemand(
  ledger: Ledger,
  context: FleetContext,
  event: JobDemand,
  trace?: TraceCarrier,
): boolean {
  if (event.action === "waiting") return false;
  const key = jobKeyOf(event);
  const job = ledger.hasEnded(key)
    ? undefined
    : (ledger.jobs.get(key) ?? admit(ledger, context, event, trace));
  if (!job || isTerminal(jobRules, job.state)) {
    endElsewhere(ledger, context, event);
    return job !== undefined || ledger.hasEnded(key);
  }
  if (event.action === "queued") return true;

  const sighting = sightingOf(ledger, event);
  if (event.action === "in_progress") {
    if (job.state === "running" && (isPlaced(job) || sighting === undefined)) return true;
    if (sighting === undefined) startSomewhere(ledger, context, job);
    else startThere(ledger, context, job, sighting);
    return true;
  }

  // Without a runner: cancelled while it waited, or nobody says where it ran. The machine that was meant for it, if it
  // still waits, serves the next; one that works says itself when it is done.
  const machine = sighting ? sighting.machine : machineOf(ledger, job);
  bindMachine(ledger, context, job, machine);
  const current = ledger.jobs.get(key) ?? job;
  const ranSomewhere = job.state === "running" && !isPlaced(job);
  const known: JobRecord = machine
    ? { ...current, machineId: machine.id, ...(sighting && { runnerName: sighting.runnerName }) }
    : ranSomewhere
      ? without(current, "machineId", "served")
      : current;
  const conclusion = event.conclusion ?? "unknown";
  const changes = meaningOfEnd(known, machine, event, conclusion, context);
  concludeJob(ledger, context, known, conclusion, context.nowMs, undefined, changes);
  const served = machine && ledger.machines.get(machine.id);
  if (served) machineDone(ledger, context, served);
  return true;
}
