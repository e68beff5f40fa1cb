import { noteRerun } from "./await-rerun.ts";
import type { FleetContext } from "./context.ts";
import type { FleetView } from "./fleet-view.ts";
import type { Ledger } from "./ledger.ts";
import { isRerunOpen, type JobRecord } from "./records.ts";
import { without } from "./without.ts";

/** Jobs whose re-run somebody has to see to now. */
export interface RerunPlan {
  /** News of their machines were waited for, and none came: they ended by themselves. */
  readonly settled: readonly JobRecord[];
  /** Nobody asks for these any more. */
  readonly late: readonly JobRecord[];
  /** GitHub is looked at, and asked if it may be; those that have waited longest first. */
  readonly due: readonly JobRecord[];
  /** Epoch milliseconds. */
  readonly nextWakeAtMs: number;
}

/** How long an answer is waited for, milliseconds. */
const answerMs = 60_000;

/**
 * Picks the jobs that lost their machine and whose moment has come. The look at a run and the question are calls out of a budget.
 *
 * @param most - How many of them the budget allows now.
 */
export function planReruns(
  { jobs }: Pick<FleetView, "jobs">,
  nowMs: number,
  most: number,
): RerunPlan {
  const settled: JobRecord[] = [];
  const late: JobRecord[] = [];
  const due: JobRecord[] = [];
  let nextWakeAtMs = Number.POSITIVE_INFINITY;
  for (const job of jobs.values()) {
    const { rerun } = job;
    if (rerun === undefined || !isRerunOpen(job)) continue;
    if (job.deadlineMs > nowMs) nextWakeAtMs = Math.min(nextWakeAtMs, job.deadlineMs);
    else if (rerun.state === "weighed") settled.push(job);
    else if (nowMs >= rerun.untilMs) late.push(job);
    else due.push(job);
  }
  due.sort(
    (left, right) =>
      (left.endedAtMs ?? 0) - (right.endedAtMs ?? 0) || (left.key < right.key ? -1 : 1),
  );
  return { settled, late, due: due.slice(0, most), nextWakeAtMs };
}

/** Writes down that GitHub may be asked from now on, before it is. */
export function carryOutReruns(ledger: Ledger, context: FleetContext, plan: RerunPlan): void {
  for (const job of plan.settled) ledger.putJob(without(job, "rerun"));
  for (const job of plan.late) giveUpRerun(ledger, context, job, "its run did not end in time");
  for (const job of plan.due) {
    const { rerun } = job;
    if (rerun === undefined) continue;
    const state = rerun.state === "accepted" ? "accepted" : "asked";
    const line = { code: "rerun-asked", message: "GitHub is asked to run it again" };
    noteRerun(ledger, context, job, { state }, line, { deadlineMs: context.nowMs + answerMs });
    ledger.effect({ kind: "rerun", jobKey: job.key });
  }
}

/** The job is not run again: whoever waits for it must do it. */
export function giveUpRerun(
  ledger: Ledger,
  context: FleetContext,
  job: JobRecord,
  reason: string,
): void {
  const where = job.interruption?.machineId ?? "Its machine";
  const message = `${where} was taken away while it ran, and it is not run again: ${reason}`;
  const cause = { code: "rerun-failed", message } as const;
  noteRerun(ledger, context, job, { state: "failed" }, cause, { cause });
}
