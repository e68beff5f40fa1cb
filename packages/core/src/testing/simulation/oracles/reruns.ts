import { defaultTimings } from "../../../fleet/timings.ts";
import type { Assignment } from "../../../wire/assignment.ts";
import type { Observation } from "../observe-provider.ts";
import type { Changes, RecordFacts } from "../record-facts.ts";
import type { JobFact, Truth } from "../truth.ts";
import { covers } from "./isolation.ts";

const seconds = 1_000;
const minutes = 60 * seconds;

/** A notice and a claim may cross: the claim is taken back by then. */
const crossMs = 10 * seconds;
/** By then a run that has ended was looked at again and again, whatever was down meanwhile. */
const rerunWithinMs = 30 * minutes;
/** Losses that became known so shortly before GitHub ended the job may have been noted after it. */
const knownBeforeMs = 1 * minutes;

/** How often a policy has jobs of a repository run again that lost their machine. */
function mostReruns({ catalog }: Truth, repository: string): number {
  const policy = catalog.policies.find(({ repositories }) => covers(repositories, repository));
  return policy?.rerun?.attempts ?? 1;
}

/** The attempts of one job, oldest first. */
function attemptsOf({ jobs }: Truth, originId: string): readonly JobFact[] {
  return [...jobs.values()].filter((job) => (job.originId ?? job.id) === originId);
}

function machineOf(truth: Truth, { runnerName }: JobFact): string | undefined {
  return runnerName === undefined ? undefined : truth.machineOf.get(runnerName);
}

/**
 * one-rerun: the fleet has a job run again only when the attempt before ended badly on a machine to which something had happened,
 * and no more often than the policy says. What people ask for is their business.
 */
export function judgeRerun({ truth, judge }: Observation, job: JobFact): void {
  const { originId } = job;
  if (originId === undefined || truth.askedByPeople.has(originId)) return;
  const before = attemptsOf(truth, originId);
  const last = before.at(-1);
  const { repository = "" } = before[0]?.arrival ?? {};
  const machine = last && machineOf(truth, last);
  const isLost =
    machine !== undefined && (truth.killed.has(machine) || truth.announced.has(machine));
  const isBad = last?.conclusion === "failure" || last?.conclusion === "cancelled";
  const most = mostReruns(truth, repository);
  judge.check(
    "one-rerun",
    job.id,
    !isBad || !isLost
      ? `job ${originId} runs again as ${job.id}, although ${last?.id} ended as ${last?.conclusion ?? "?"} on ${machine ?? "no machine"}, to which nothing had happened`
      : before.length > most
        ? `job ${originId} runs again as ${job.id}, for the ${before.length}. time; ${repository} has ${most}`
        : undefined,
  );
}

/** one-rerun: a job that is run again gets no spot machine; and where the books had each job when it ended. */
export function judgeRerunClaims(
  { truth, judge }: Observation,
  records: RecordFacts,
  { jobs, machines }: Changes,
): void {
  for (const { before, after } of jobs) {
    const { conclusion, machineId, jobId } = after;
    if (conclusion === undefined || before?.conclusion !== undefined) continue;
    if (machineId !== undefined) truth.bookedOn.set(jobId, machineId);
  }
  for (const { before, after } of machines) {
    if (after.state !== "claimed" || before?.state === "claimed") continue;
    const jobId = records.jobs.get(after.jobKey ?? "")?.jobId ?? "";
    const { originId } = truth.jobs.get(jobId) ?? {};
    if (originId === undefined || truth.askedByPeople.has(originId)) continue;
    judge.check(
      "one-rerun",
      `claim ${jobId}`,
      after.market === "spot"
        ? `job ${jobId}, the re-run of ${originId}, is given ${after.id}, which is a spot machine`
        : undefined,
    );
  }
}

/** no-lost-job: nobody is sent to a machine of which the fleet has been told that it ends. */
export function judgeLateUse(
  { truth, judge, clock }: Observation,
  { id, machineId }: Assignment,
): void {
  const knownAtMs = truth.knownAtMs.get(machineId) ?? Number.POSITIVE_INFINITY;
  const lateMs = clock.now() - knownAtMs;
  judge.check(
    "no-lost-job",
    `late use ${id}`,
    lateMs > crossMs
      ? `${machineId} is given an assignment ${Math.round(lateMs / seconds)} s after the fleet was told that it ends`
      : undefined,
  );
}

/** Whether a job was lost with its machine, the fleet knew of both, and nothing but time stands between it and its re-run. */
function isOwed(truth: Truth, job: JobFact): boolean {
  const { id, arrival, conclusion, startedAtMs = 0, completedAtMs = 0 } = job;
  if (arrival === undefined || conclusion !== "failure") return false;
  const machine = machineOf(truth, job) ?? "";
  const takenAtMs = truth.takenAtMs.get(machine) ?? Number.POSITIVE_INFINITY;
  const knownAtMs = truth.knownAtMs.get(machine) ?? Number.POSITIVE_INFINITY;
  return (
    startedAtMs < takenAtMs &&
    takenAtMs < completedAtMs &&
    knownAtMs < completedAtMs - knownBeforeMs &&
    truth.bookedOn.get(id) === machine &&
    !truth.askedByPeople.has(id) &&
    !truth.refusedReruns.has(id) &&
    mostReruns(truth, arrival.repository) > 0 &&
    !truth.withoutReruns.has(arrival.repository)
  );
}

/** one-rerun: in the end, every job that was lost with its machine has been run again. */
export function judgeOwedReruns({ truth, judge, clock }: Observation): void {
  const runOf = new Map<string, string>();
  const overAtMs = new Map<string, number>();
  for (const { id, runId, completedAtMs = Number.POSITIVE_INFINITY } of truth.github.jobs()) {
    runOf.set(id, runId);
    overAtMs.set(runId, Math.max(overAtMs.get(runId) ?? 0, completedAtMs));
  }
  for (const job of truth.jobs.values()) {
    const { id } = job;
    const endMs = overAtMs.get(runOf.get(id) ?? "") ?? Number.POSITIVE_INFINITY;
    if (!isOwed(truth, job) || clock.now() - endMs < rerunWithinMs) continue;
    // A job beside it that nobody serves keeps a run open for a day: after the longest runtime nobody waits for that.
    if (endMs - (job.completedAtMs ?? 0) > defaultTimings.maxRuntimeMs) continue;
    judge.check(
      "one-rerun",
      `owed ${id}`,
      attemptsOf(truth, id).length > 1
        ? undefined
        : `job ${id} was lost with ${machineOf(truth, job)} and is not run again`,
    );
  }
}
