import type { Cause } from "../ports/cause.ts";
import type { Check } from "../ports/github-client.ts";
import type { JobRecord } from "./records.ts";

const labelsOf = (job: JobRecord): string =>
  job.labels.map((label) => `\`${label.replaceAll("`", "'")}\``).join(", ");

/**
 * The check run that tells a developer that their job waits, and for what. It concludes as neutral: the job may still be served, and
 * the check must not hold up anything.
 *
 * @param wait - What it waits for, if anything holds it.
 */
export function waitingCheck(
  job: JobRecord,
  wait: Cause | undefined,
  nowMs: number,
): Check | undefined {
  const { headSha } = job;
  if (headSha === undefined) return undefined;
  const minutes = Math.max(1, Math.round((nowMs - job.receivedAtMs) / 60_000));
  return {
    name: "runs-fleet",
    sha: headSha,
    externalId: job.key,
    conclusion: "neutral",
    title: `Waits for a machine: ${wait?.code ?? "one is on its way"}`,
    summary: [
      `Job ${job.jobId} asked for ${labelsOf(job)} and has waited for ${minutes} min.`,
      "",
      wait === undefined ? "A machine is on its way." : `**${wait.code}**: ${wait.message}`,
      "",
      "It is served as soon as that passes. Nothing has to be done in the workflow.",
    ].join("\n"),
    annotations: [],
  };
}

/** The check run that tells a developer why their job got no runner; `undefined` when there is nothing to tell. */
export function refusalCheck(job: JobRecord): Check | undefined {
  const { cause, headSha } = job;
  if (cause === undefined || headSha === undefined) return undefined;
  const labels = labelsOf(job);
  return {
    name: "runs-fleet",
    sha: headSha,
    externalId: job.key,
    conclusion: "failure",
    title: `No runner: ${cause.code}`,
    summary: [
      `Job ${job.jobId} asked for ${labels} and got no runner.`,
      "",
      `**${cause.code}**: ${cause.message}`,
      "",
      "Change `runs-on` in the workflow, or ask those who run the fleet, naming the job's number.",
    ].join("\n"),
    annotations: [],
  };
}
