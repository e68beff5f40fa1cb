import type { Check } from "../ports/github-client.ts";
import type { JobRecord } from "./records.ts";

/** The check run that tells a developer why their job got no runner; `undefined` when there is nothing to tell. */
export function refusalCheck(job: JobRecord): Check | undefined {
  const { cause, headSha } = job;
  if (cause === undefined || headSha === undefined) return undefined;
  const labels = job.labels.map((label) => `\`${label.replaceAll("`", "'")}\``).join(", ");
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
