import type { Observation } from "../observe-provider.ts";
import type { Changes } from "../record-facts.ts";
import type { JobFact, Truth } from "../truth.ts";
import type { TraceFacts } from "./one-trace.ts";

/** The job that the key of a record names. */
function jobIdOf(key: string): string {
  return key.split(".", 1)[0] ?? key;
}

/** Whether some jobs are only observed, whichever process hears of them. */
function isWatched({ observed, isWidened }: Truth): boolean {
  return observed.size > 0 && !isWidened;
}

/** observe-only: a job whose repository is only observed is on record as such, and no machine is claimed for it. */
export function judgeObservedRecords({ truth, judge }: Observation, changes: Changes): void {
  if (!isWatched(truth)) return;
  for (const { after } of changes.jobs) {
    if (!truth.observedJobs.has(after.jobId)) continue;
    judge.check(
      "observe-only",
      `record ${after.key}`,
      after.state === "cancelled" && after.cause?.code === "observe-only"
        ? undefined
        : `job ${after.key} of ${after.repository} is ${after.state} (${after.cause?.code ?? "no cause"}), and its repository is only observed`,
    );
  }
  for (const { after } of changes.machines) {
    const id = after.jobKey === undefined ? undefined : jobIdOf(after.jobKey);
    if (id === undefined) continue;
    judge.check(
      "observe-only",
      `claim ${after.id} ${id}`,
      truth.observedJobs.has(id)
        ? `${after.id} is ${after.state} for job ${id}, whose repository is only observed`
        : undefined,
    );
  }
}

/** observe-only: nothing is bought in the trace of a job that is only observed. */
export function judgeObservedPurchase(
  { truth, judge }: Observation,
  { told }: TraceFacts,
  attemptId: string,
  traceId: string | undefined,
): void {
  if (!isWatched(truth) || traceId === undefined) return;
  const job = [...truth.observedJobs].find((id) =>
    told.get(`${id}.${truth.jobs.get(id)?.attempt ?? 1}`)?.has(traceId),
  );
  judge.check(
    "observe-only",
    `purchase ${attemptId}`,
    job === undefined
      ? undefined
      : `attempt ${attemptId} is bought for job ${job}, whose repository is only observed`,
  );
}

/** observe-only: a job that is only observed never runs on a machine of ours, whose group does not let it in. */
export function judgeObservedUse({ truth, judge }: Observation, job: JobFact): void {
  if (!isWatched(truth) || !truth.observedJobs.has(job.id)) return;
  const machineId = truth.machineOf.get(job.runnerName ?? "");
  judge.check(
    "observe-only",
    `use ${job.id}`,
    machineId === undefined
      ? undefined
      : `job ${job.id} runs on ${machineId}, and its repository is only observed`,
  );
}

/** observe-only: nobody is told anything about a job that is only observed. */
export function judgeObservedCheck({ truth, judge }: Observation, externalId: string): void {
  if (!isWatched(truth)) return;
  judge.check(
    "observe-only",
    `check ${externalId}`,
    truth.observedJobs.has(jobIdOf(externalId))
      ? `a check run speaks of job ${externalId}, whose repository is only observed`
      : undefined,
  );
}
