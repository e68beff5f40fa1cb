import { defaultTimings } from "../../../fleet/timings.ts";
import type { Observation } from "../observe-provider.ts";
import type { Trouble } from "../trouble.ts";
import type { JobFact } from "../truth.ts";
import { wasRefused } from "./refusals.ts";
import { overdueMs, type ToldMemory } from "./told.ts";

const minutes = 60_000;
const { jobDeadlineMs, sweepMs } = defaultTimings;

/** A visible end may need a retry or two after the deadline, and GitHub may be down meanwhile. */
const deadlineGraceMs = 15 * minutes;
/** Two sweeps and what backing off after trouble takes. */
const knownWithinMs = 2 * sweepMs + 3 * minutes;
/** A job that nobody serves has been refused by then. */
const refusedWithinMs = 10 * minutes;

/** GitHub's. */
const queueLimitMs = 24 * 60 * minutes;

/** no-lost-job: a job that waits past its deadline has been refused where its developer sees it. */
export function judgeWaits({ truth, judge, clock }: Observation, told: ToldMemory): void {
  for (const id of truth.openJobs) {
    const job = truth.jobs.get(id);
    if (job === undefined || job.startedAtMs !== undefined) continue;
    const ageMs = clock.now() - job.queuedAtMs;
    const lateMs = overdueMs(told, job.queuedAtMs + jobDeadlineMs, clock.now());
    if (lateMs < deadlineGraceMs) continue;
    judge.check(
      "no-lost-job",
      id,
      wasRefused(truth, job)
        ? undefined
        : `job ${id} (${job.arrival?.labels.join(" ")}) has waited ${Math.round(ageMs / minutes)} min and nobody was told why`,
    );
  }
}

/** no-lost-job: what a job came to is what its runner made of it, unless something happened to the machine. */
export function judgeEnd({ truth, judge, trace, clock }: Observation, job: JobFact): void {
  trace.add("github", `job ${job.id} ${job.conclusion ?? "?"} on ${job.runnerName ?? "nothing"}`);
  const { arrival, conclusion, runnerName } = job;
  if (arrival === undefined || arrival.isForeign || truth.observedJobs.has(job.id)) return;
  const expected = arrival.result === "succeeded" ? "success" : "failure";
  const machine = runnerName === undefined ? undefined : truth.machineOf.get(runnerName);
  // GitHub cancels what has waited for a day; whoever waits so long was refused before.
  const isOverdue = clock.now() - job.queuedAtMs >= queueLimitMs && wasRefused(truth, job);
  const isExcused =
    (conclusion === "cancelled" &&
      (arrival.cancelAfterMs !== undefined || job.cancelledAtMs !== undefined || isOverdue)) ||
    (machine !== undefined && truth.killed.has(machine)) ||
    (runnerName !== undefined && truth.strangers.has(runnerName)) ||
    truth.runnersDownAtMs > job.queuedAtMs;
  judge.check(
    "no-lost-job",
    `end ${job.id}`,
    conclusion === expected || isExcused
      ? undefined
      : `job ${job.id} ended as ${conclusion} on ${runnerName ?? "no runner"} (${machine ?? "no machine"}), to which nothing had happened`,
  );
}

/** known-demand, and explained for refusals: looked at only when nothing has been wrong for a while. */
export async function judgeKnown(
  { truth, judge, clock }: Observation,
  trouble: Trouble,
  told: ToldMemory,
): Promise<void> {
  const calmMs = trouble.calmForMs();
  for (const id of truth.openJobs) {
    const job = truth.jobs.get(id);
    if (job === undefined || job.startedAtMs !== undefined) continue;
    const ageMs = Math.min(calmMs, clock.now() - job.queuedAtMs);
    if (ageMs < knownWithinMs) continue;
    const record = await truth.store.get("jobs", `${id}.${job.attempt ?? 1}`);
    judge.check(
      "known-demand",
      id,
      record === undefined
        ? `job ${id} of ${job.arrival?.repository} is queued at GitHub and unknown to the fleet`
        : undefined,
    );
    const lateMs = Math.min(calmMs, overdueMs(told, job.queuedAtMs, clock.now()));
    if (!job.arrival?.isWrong || lateMs < refusedWithinMs) continue;
    judge.check(
      "explained",
      `refusal ${id}`,
      wasRefused(truth, job)
        ? undefined
        : `job ${id} (${job.arrival.labels.join(" ")} of ${job.arrival.repository}) was not refused visibly`,
    );
  }
}

/** Codes are words of small letters, and stand in the headline that developers see. */
const headline = /^No runner: ([a-z]+(-[a-z]+)*)$/;

/** What else developers read: what a job waits for that may still be served, and that its wait is over. */
const otherHeadlines: Readonly<Record<string, RegExp>> = {
  neutral: /^Waits (for a machine: |no longer: )/,
  success: /^Began after \d+ min$/,
};

/** explained: every refusal at GitHub names its cause, in its headline and in its text; else only of waits is spoken. */
export function judgeRefusals({ truth, judge }: Observation): void {
  for (const { externalId, title, summary, conclusion } of truth.github.checks()) {
    if (otherHeadlines[conclusion ?? ""]?.test(title)) continue;
    const code = headline.exec(title)?.[1];
    judge.check(
      "explained",
      `check ${externalId}`,
      code !== undefined && summary.includes(`**${code}**: `) && conclusion === "failure"
        ? undefined
        : `the refusal of job ${externalId} says "${title}" and names no cause`,
    );
  }
}
