import type { Telemetry } from "@runs-fleet/telemetry";
import type { CallOptions } from "../ports/call-options.ts";
import { FleetError } from "../ports/failure.ts";
import type { GitHubJobs } from "../ports/github-client.ts";
import type { StateStore } from "../ports/state-store.ts";
import { isAgain, isSameJob, mostRunAttempts } from "./await-rerun.ts";
import type { RerunAnswer } from "./effects.ts";
import { type JobRecord, jobKeyOf } from "./records.ts";

/**
 * Looks at a job's run, and asks GitHub to run the job again when nobody did, the run has ended, and it is on record that GitHub may
 * be asked. A question whose answer was lost is not asked again once GitHub has heard it.
 */
export async function askRerun(
  tools: {
    readonly jobs: Pick<GitHubJobs, "listOfRun" | "rerun">;
    readonly store: Pick<StateStore, "get">;
    readonly mayAct: () => boolean;
    readonly telemetry: Telemetry;
  },
  job: JobRecord,
  call: CallOptions,
): Promise<RerunAnswer> {
  const { jobs, store, mayAct, telemetry } = tools;
  const { repository, runId, jobId } = job;
  const listed = await jobs.listOfRun(repository, runId, call);
  const event = listed.find((other) => isAgain(job, other));
  if (event) {
    const record = await store.get("jobs", jobKeyOf(event), call);
    const isEnded = record !== undefined && !record.open;
    return telemetry.span("rerun", { "job.id": event.jobId }, async () => ({
      ...{ answer: "again", event, isEnded },
      trace: telemetry.inject(),
    }));
  }
  // In a later attempt that did not repeat it, it may stand under another number.
  const own =
    listed.find((other) => other.jobId === jobId) ?? listed.find((other) => isSameJob(job, other));
  if (own === undefined) return { answer: "gone" };
  const isOver = listed.every(({ action }) => action === "completed");
  if (!isOver || job.rerun?.state === "accepted") return { answer: "not-yet" };
  if (listed.some(({ attempt }) => attempt >= mostRunAttempts)) return { answer: "spent" };
  if (job.rerun?.state !== "asked") return { answer: "free" };
  // The look took its time.
  if (!mayAct()) throw new FleetError({ kind: "conflict", message: "No longer the controller" });
  return { answer: await jobs.rerun(repository, own.jobId, call) };
}
