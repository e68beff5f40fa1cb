import type { Cause } from "../ports/cause.ts";
import type { Check } from "../ports/github-client.ts";
import type { JobRecord } from "./records.ts";

/** What the developer of a job is to read: that it waits, that it waits no longer, or why it got no runner. */
export type Word = "waits" | "over" | "refused";

/** What the developer of a job is to read by now, if anything. Whose job was never spoken of hears nothing of its end. */
export function wordOf({ state, told }: Pick<JobRecord, "state" | "told">): Word | undefined {
  switch (state) {
    case "queued":
    case "assigned":
      return "waits";
    case "failed":
      return "refused";
    case "running":
    case "completed":
    case "cancelled":
      return told && "over";
  }
}

/**
 * The check run by which the developer of a job reads the word that is due. All words about a job change one check run.
 *
 * @param wait - What it waits for, if anything holds it.
 * @returns `undefined`: nothing is to be said, or the commit is not known.
 */
export function jobCheck(job: JobRecord, wait: Cause | undefined): Check | undefined {
  const { headSha, key } = job;
  const word = wordOf(job);
  if (headSha === undefined || word === undefined) return undefined;
  const text = word === "waits" ? waiting(job, wait) : word === "over" ? over(job) : refused(job);
  if (text === undefined) return undefined;
  return {
    name: "runs-fleet",
    sha: headSha,
    externalId: key,
    ...{ conclusion: text.conclusion, title: text.title, summary: text.lines.join("\n") },
    annotations: [],
  };
}

interface CheckText extends Pick<Required<Check>, "conclusion" | "title"> {
  readonly lines: readonly string[];
}

const labelsOf = (job: JobRecord): string =>
  job.labels.map((label) => `\`${label.replaceAll("`", "'")}\``).join(", ");

const minutesUntil = (job: JobRecord, atMs: number): number =>
  Math.max(1, Math.round((atMs - job.receivedAtMs) / 60_000));

/** Neutral: the job may still be served, and the check must not hold up anything. */
function waiting(job: JobRecord, wait: Cause | undefined): CheckText {
  const minutes = minutesUntil(job, job.told?.atMs ?? job.receivedAtMs);
  return {
    conclusion: "neutral",
    title: `Waits for a machine: ${wait?.code ?? "one is on its way"}`,
    lines: [
      `Job ${job.jobId} asked for ${labelsOf(job)} and has waited for ${minutes} min.`,
      "",
      wait === undefined ? "A machine is on its way." : `**${wait.code}**: ${wait.message}`,
      "",
      "It is served as soon as that passes. Nothing has to be done in the workflow.",
    ],
  };
}

/** The same words while it runs and when it has ended: its end is GitHub's to tell. */
function over(job: JobRecord): CheckText {
  const { startedAtMs, endedAtMs, runnerName, jobId } = job;
  if (startedAtMs === undefined) {
    const minutes = minutesUntil(job, endedAtMs ?? job.receivedAtMs);
    return {
      conclusion: "neutral",
      title: `Waits no longer: ${job.conclusion ?? "ended"}`,
      lines: [
        `Job ${jobId} asked for ${labelsOf(job)} and waited for ${minutes} min, until it was ended.`,
      ],
    };
  }
  const minutes = minutesUntil(job, startedAtMs);
  return {
    conclusion: "success",
    title: `Began after ${minutes} min`,
    lines: [
      `Job ${jobId} asked for ${labelsOf(job)} and waited for ${minutes} min.`,
      ...(runnerName === undefined ? [] : ["", `It was taken by runner ${runnerName}.`]),
    ],
  };
}

function refused(job: JobRecord): CheckText | undefined {
  const { cause } = job;
  if (cause === undefined) return undefined;
  return {
    conclusion: "failure",
    title: `No runner: ${cause.code}`,
    lines: [
      `Job ${job.jobId} asked for ${labelsOf(job)} and got no runner.`,
      "",
      `**${cause.code}**: ${cause.message}`,
      "",
      "Change `runs-on` in the workflow, or ask those who run the fleet, naming the job's number.",
    ],
  };
}
