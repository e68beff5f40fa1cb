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

/** Soonest and latest time between two looks at a run, milliseconds. */
const soonestMs = 10_000;
const latestMs = 120_000;

/** A quarter of the wait so far: who has waited for hours can wait two minutes longer. */
function pauseMs(sinceMs: number, lookedMs: number): number {
  return Math.min(latestMs, Math.max(soonestMs, Math.ceil((lookedMs - sinceMs) / 4)));
}

/**
 * Picks the jobs that lost their machine and whose moment has come. The look at a run and the question are calls out of a budget;
 * a look changes no record.
 *
 * @param looks - When GitHub was last looked at for each job, by its key, epoch milliseconds.
 * @param most - How many of them the budget allows now.
 */
export function planReruns(
  { jobs }: Pick<FleetView, "jobs">,
  looks: ReadonlyMap<string, number>,
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
    const lookedMs = looks.get(job.key);
    const nextLookMs = lookedMs === undefined ? 0 : lookedMs + pauseMs(rerun.sinceMs, lookedMs);
    const dueMs = Math.min(
      Math.max(job.deadlineMs, nextLookMs),
      Math.max(job.deadlineMs, rerun.untilMs),
    );
    if (dueMs > nowMs) nextWakeAtMs = Math.min(nextWakeAtMs, dueMs);
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

/** Settles what is settled, and has GitHub looked at for the rest. */
export function carryOutReruns(ledger: Ledger, context: FleetContext, plan: RerunPlan): void {
  for (const job of plan.settled) ledger.putJob(without(job, "rerun"));
  for (const job of plan.late) giveUpRerun(ledger, context, job, "its run did not end in time");
  for (const { key } of plan.due) ledger.effect({ kind: "rerun", jobKey: key });
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
