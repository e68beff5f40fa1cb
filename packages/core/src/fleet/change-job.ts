import type { Cause, CauseCode } from "../ports/cause.ts";
import type { FleetContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { type JobRecord, type MachineRecord, withHistory } from "./records.ts";
import { deadlineSlackMs } from "./timings.ts";
import { without } from "./without.ts";

/** How often a check run is tried before we give up. */
const checkTries = 5;
/** When a check run that nobody confirmed is tried again, milliseconds. */
const checkAgainMs = 30_000;

const tell = (ledger: Ledger, context: FleetContext, job: JobRecord, why: Why): void => {
  ledger.decide({
    atMs: context.nowMs,
    subject: {
      jobId: job.key,
      ...(job.placement?.pool === undefined ? {} : { pool: job.placement.pool }),
      ...(job.machineId === undefined ? {} : { machineId: job.machineId }),
    },
    ...why,
  });
};

/** Should the check run of a job that is over be lost with the process, the next controller tells the developer soon. */
function mustTell({ nowMs }: FleetContext): Pick<JobRecord, "checkTriesLeft" | "deadlineMs"> {
  return { checkTriesLeft: checkTries, deadlineMs: nowMs + checkAgainMs };
}

interface Why {
  readonly code: string;
  readonly message: string;
}

/** How warm the machine was when the job came. */
function servedBy(job: JobRecord, machine: MachineRecord): "hot" | "stopped" | "cold" {
  // A start takes `readyAtMs` away: it tells of the present boot alone.
  if (machine.readyAtMs !== undefined && machine.readyAtMs <= job.receivedAtMs) return "hot";
  return machine.wasStopped ? "stopped" : "cold";
}

/** Hands a job to a machine that is about to be, or already is, registered for it. */
export function assignJob(
  ledger: Ledger,
  context: FleetContext,
  job: JobRecord,
  machine: MachineRecord,
  why: Why,
): JobRecord {
  const assigned: JobRecord = {
    ...without(job, "cause"),
    state: "assigned",
    machineId: machine.id,
    claimedAtMs: context.nowMs,
    served: servedBy(job, machine),
    history: withHistory(job.history, { atMs: context.nowMs, ...why }),
  };
  ledger.putJob(assigned);
  tell(ledger, context, assigned, why);
  return assigned;
}

/** Gives a job back to the demand; it keeps its place by age. */
export function requeueJob(ledger: Ledger, context: FleetContext, job: JobRecord, why: Why): void {
  ledger.putJob({
    ...without(job, "machineId", "claimedAtMs", "assignedAtMs", "served", "cause", "interruption"),
    state: "queued",
    history: withHistory(job.history, { atMs: context.nowMs, ...why }),
  });
  tell(ledger, context, job, why);
}

function whyStarted(machine: MachineRecord | undefined, runnerName: string | undefined): Why {
  if (machine) return { code: "started", message: `Runs on ${machine.id}` };
  if (runnerName === undefined) {
    return { code: "started", message: "Runs; GitHub does not say yet on which runner" };
  }
  return { code: "started-elsewhere", message: `Runs on ${runnerName} that is not ours` };
}

/** A runner took the job. Without its name, nobody knows which. */
export function startJob(
  ledger: Ledger,
  context: FleetContext,
  job: JobRecord,
  start: {
    readonly atMs: number;
    readonly runnerName?: string;
    /** On which it runs. */
    readonly machine?: MachineRecord | undefined;
    /** On which it may run: stays reserved. */
    readonly meant?: MachineRecord | undefined;
  },
): JobRecord {
  const { machine, meant, runnerName } = start;
  const why = whyStarted(machine, runnerName);
  const base = (machine ?? meant) ? job : without(job, "machineId", "served");
  // To whoever read that it waits.
  const isNews = job.told !== undefined && !job.told.isOver;
  const running: JobRecord = {
    ...without(base, "cause", "runnerName"),
    state: "running",
    startedAtMs: start.atMs,
    ...(runnerName === undefined ? {} : { runnerName }),
    ...(machine === undefined
      ? {}
      : {
          machineId: machine.id,
          served: job.served ?? servedBy(job, machine),
        }),
    deadlineMs: context.nowMs + context.timings.maxRuntimeMs + deadlineSlackMs,
    ...(isNews ? { told: { atMs: context.nowMs, tries: 1, isOver: true } } : {}),
    history: withHistory(job.history, { atMs: context.nowMs, ...why }),
  };
  ledger.putJob(running);
  if (isNews) ledger.effect({ kind: "check", jobKey: job.key });
  tell(ledger, context, running, why);
  return running;
}

/** GitHub says that the job is over. */
export function concludeJob(
  ledger: Ledger,
  context: FleetContext,
  job: JobRecord,
  conclusion: string,
  atMs: number,
  message?: string,
  /** What its end means besides. */
  changes: Partial<JobRecord> = {},
): void {
  const cancelled = conclusion === "cancelled" || conclusion === "skipped";
  const why: Why = cancelled
    ? { code: "cancelled-on-github", message: message ?? `GitHub ended the job: ${conclusion}` }
    : { code: "completed", message: message ?? `Completed with ${conclusion}` };
  // To whoever read that it waits, and not yet that it no longer does.
  const isNews = job.told !== undefined && !(job.told.isOver && job.told.isDone);
  ledger.putJob({
    ...without(job, "cause"),
    state: cancelled ? "cancelled" : "completed",
    conclusion,
    endedAtMs: atMs,
    ...(cancelled ? { cause: { code: "cancelled-on-github", message: why.message } } : {}),
    ...(isNews ? mustTell(context) : {}),
    ...changes,
    history: withHistory(changes.history ?? job.history, { atMs: context.nowMs, ...why }),
  });
  if (isNews) ledger.effect({ kind: "check", jobKey: job.key });
  tell(ledger, context, job, why);
  if (changes.cause) tell(ledger, context, job, changes.cause);
}

/**
 * The job is not ours to serve while the configuration only observes its repository: it is put on record, with what would become of
 * it, and nothing else. Its developer is told nothing: what serves it today may know its labels better than we.
 */
export function observeJob(
  ledger: Ledger,
  context: FleetContext,
  job: JobRecord,
  wouldBe: string,
): void {
  const cause: Cause = {
    code: "observe-only",
    message: `${wouldBe}; jobs of ${job.repository} are only observed, and something else has to run it`,
  };
  ledger.putJob({
    ...job,
    state: "cancelled",
    cause,
    endedAtMs: context.nowMs,
    history: withHistory(job.history, { atMs: context.nowMs, ...cause }),
  });
  tell(ledger, context, job, cause);
}

/** We give the job up: refused, or out of time. The developer is told by a check run. */
export function failJob(
  ledger: Ledger,
  context: FleetContext,
  job: JobRecord,
  code: CauseCode,
  message: string,
): void {
  const cause: Cause = { code, message };
  const failed: JobRecord = {
    ...job,
    state: "failed",
    cause,
    endedAtMs: context.nowMs,
    ...(job.headSha === undefined ? {} : mustTell(context)),
    history: withHistory(job.history, { atMs: context.nowMs, ...cause }),
  };
  ledger.putJob(failed);
  if (job.headSha !== undefined) ledger.effect({ kind: "check", jobKey: job.key });
  tell(ledger, context, failed, cause);
}
