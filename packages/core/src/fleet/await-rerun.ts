import type { Cause } from "../ports/cause.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import { labelSetKey } from "../routing/index.ts";
import type { FleetContext } from "./context.ts";
import { explainsEnd, interruptionOf } from "./explain-end.ts";
import type { Ledger } from "./ledger.ts";
import {
  type HistoryLine,
  isRerunOpen,
  type JobRecord,
  jobKeyOf,
  type MachineRecord,
  type Rerun,
  withHistory,
} from "./records.ts";
import { mostReruns } from "./route-demand.ts";
import { without } from "./without.ts";

/** How long news of the machine of a job that ended badly are waited for, milliseconds. */
const weighMs = 90_000;
/** How soon GitHub is asked first: it concludes a run moments after the last of its jobs, milliseconds. */
const firstAskMs = 5_000;
/** GitHub runs a run again up to 50 times; we stop long before, so that no run goes in circles. Source: GITHUB 2.7. */
export const mostRunAttempts = 10;

/** What changes in the record of a job that ends, besides its end. */
type EndChanges = Pick<JobRecord, "interruption" | "rerun" | "cause" | "deadlineMs" | "history">;

const bad: ReadonlySet<string> = new Set(["failure", "cancelled"]);

function sentence(kind: "announced" | "lost", machineId: string): string {
  return kind === "announced"
    ? `${machineId} was taken away while it ran`
    : `${machineId} was gone while it ran`;
}

/** Why a job that lost its machine is not run again; `undefined`: it is. */
function whyNot(job: JobRecord, { catalog }: FleetContext): string | undefined {
  const { policy, maxReruns } = job.placement ?? {};
  if (maxReruns === 0) return `${job.repository} allows itself no re-runs in its runs-fleet.yml`;
  const byPolicy = mostReruns(catalog, policy);
  if (byPolicy === 0) return `policy ${policy ?? ""} asks for no re-runs`;
  const most = Math.min(byPolicy, maxReruns ?? byPolicy);
  if ((job.reruns ?? 0) >= most) return `it was run again ${most === 1 ? "once" : `${most} times`}`;
  if (job.attempt >= mostRunAttempts) return `its run had ${job.attempt} attempts`;
  return undefined;
}

/**
 * What a job's end means for its re-run: wanted when it ended badly because its machine was taken away and its policy lets us;
 * weighed for a while when its machine was one that may be taken away and nobody has said so yet.
 *
 * @param endedAtMs - When it ended, epoch milliseconds by GitHub.
 */
export function onBadEnd(
  job: JobRecord,
  machine: MachineRecord | undefined,
  conclusion: string,
  endedAtMs: number,
  context: FleetContext,
): EndChanges | undefined {
  if (!bad.has(conclusion)) return undefined;
  const { nowMs, timings } = context;
  const rerun = (state: Rerun["state"]): Rerun => ({
    state,
    sinceMs: nowMs,
    // Its siblings may run on for as long as any job may.
    untilMs: nowMs + timings.maxRuntimeMs,
  });
  const interruption = interruptionOf(job, machine, nowMs);
  if (interruption === undefined || !explainsEnd(interruption, conclusion, endedAtMs)) {
    const mayBeTold = machine?.market === "spot" && interruption === undefined;
    if (!mayBeTold || whyNot(job, context) !== undefined) return undefined;
    return { rerun: rerun("weighed"), deadlineMs: nowMs + weighMs, history: job.history };
  }
  const { kind, machineId } = interruption;
  const what = sentence(kind, machineId);
  const code = kind === "announced" ? "interrupted" : "machine-lost";
  const no = whyNot(job, context);
  const cause: Cause =
    no === undefined
      ? {
          code: "rerun-pending",
          message: `${what}; GitHub is asked to run it again when the rest of its run has ended`,
        }
      : { code, message: `${what}; not run again: ${no}` };
  return {
    interruption,
    cause,
    history: withHistory(job.history, { atMs: nowMs, ...cause }),
    ...(no === undefined
      ? { rerun: rerun("wanted"), deadlineMs: nowMs + firstAskMs }
      : { deadlineMs: job.deadlineMs }),
  };
}

/** Writes down how far the re-run of a job that has ended is, and tells what is new. */
export function noteRerun(
  ledger: Ledger,
  context: FleetContext,
  job: JobRecord,
  changes: Partial<Rerun>,
  line: Omit<HistoryLine, "atMs">,
  more: { readonly cause?: Cause; readonly deadlineMs?: number } = {},
): void {
  if (job.rerun === undefined) return;
  const told = { atMs: context.nowMs, ...line };
  // GitHub is asked, and has it wait, over and over: once is enough.
  const isOld = job.history.some(
    ({ code, message }) => code === line.code && message === line.message,
  );
  const history = isOld ? job.history : withHistory(job.history, told);
  ledger.putJob({ ...job, ...more, rerun: { ...job.rerun, ...changes }, history });
  if (!isOld) ledger.decide({ ...told, subject: { jobId: job.key } });
}

/** That a machine is taken away may be what the end of its job was weighed for, be the machine gone by now or not. */
export function weighAgain(
  ledger: Ledger,
  context: FleetContext,
  machineId: string,
  endsAtMs: number,
): void {
  const { nowMs } = context;
  for (const job of ledger.jobs.values()) {
    if (job.rerun?.state !== "weighed" || job.machineId !== machineId) continue;
    const { conclusion = "", endedAtMs = nowMs } = job;
    const interruption = { kind: "announced", atMs: nowMs, endsAtMs, machineId } as const;
    const changes = onBadEnd({ ...job, interruption }, undefined, conclusion, endedAtMs, context);
    if (changes === undefined) continue;
    // One that is not run again after all is closed.
    ledger.putJob({ ...without(job, "rerun"), ...changes });
    if (changes.cause) {
      ledger.decide({ atMs: nowMs, subject: { jobId: job.key, machineId }, ...changes.cause });
    }
  }
}

/** Whether two records, or a record and GitHub's news, are of the same job of a workflow, in whatever attempt. */
export function isSameJob(
  job: Pick<JobRecord, "runId" | "name" | "labels">,
  other: Pick<JobRecord, "runId" | "name" | "labels">,
): boolean {
  if (job.runId !== other.runId) return false;
  if (job.name !== undefined && other.name !== undefined && job.name !== other.name) return false;
  return labelSetKey(job.labels) === labelSetKey(other.labels);
}

/**
 * Whether GitHub's news are of a later attempt of a job. A partial re-run lists the jobs that it did not repeat once more, with their
 * old times: those are none.
 */
export function isAgain(
  job: JobRecord,
  news: Pick<JobEvent, "runId" | "name" | "labels" | "attempt" | "action" | "completedAtMs">,
): boolean {
  if (news.attempt <= job.attempt || !isSameJob(job, news)) return false;
  const isCopy =
    news.action === "completed" &&
    news.completedAtMs !== undefined &&
    news.completedAtMs <= (job.endedAtMs ?? 0);
  return !isCopy;
}

/** The job whose re-run GitHub's news are about, be it that a person was quicker than we. */
export function lostJobOf(ledger: Ledger, news: JobEvent): JobRecord | undefined {
  if (news.attempt < 2) return undefined;
  for (const job of ledger.jobs.values()) {
    if (!isRerunOpen(job) || job.rerun?.state === "weighed") continue;
    if (isAgain(job, news)) return job;
  }
  return undefined;
}

/** A job that lost its machine has been queued again, by whoever asked: nobody has to ask for it any more. */
export function rerunStarted(
  ledger: Ledger,
  context: FleetContext,
  lost: JobRecord | undefined,
  again: { readonly jobId: string; readonly attempt: number },
): void {
  if (!lost || !isRerunOpen(lost)) return;
  const { interruption } = lost;
  const code = interruption?.kind === "lost" ? "machine-lost" : "interrupted";
  const where = interruption?.machineId ?? "Its machine";
  const message = `${where} was taken away while it ran; it runs again as job ${again.jobId}`;
  noteRerun(
    ledger,
    context,
    lost,
    { state: "started", jobKey: jobKeyOf(again) },
    { code: "rerun-started", message: `Runs again as job ${again.jobId}` },
    { cause: { code, message } },
  );
}
