import { FleetError } from "../ports/failure.ts";
import { noteRerun, rerunStarted } from "./await-rerun.ts";
import type { FleetContext } from "./context.ts";
import { isError, type ResultOf } from "./effects.ts";
import { causeOf } from "./gates.ts";
import type { Ledger } from "./ledger.ts";
import { giveUpRerun } from "./plan-reruns.ts";
import { isRerunOpen, type JobRecord } from "./records.ts";
import { takeDemand } from "./take-demand.ts";

/** Soonest and latest time between two looks at a run, milliseconds. */
const soonestMs = 10_000;
const latestMs = 120_000;
/** How long the webhook of a re-run is waited for before its run is looked at, milliseconds. */
const webhookMs = 30_000;
/** A reason that does not pass is heard so often before it is believed. */
const mostRefusals = 3;

/** A quarter of the wait so far: who has waited for hours can wait two minutes longer. */
function pauseOf({ rerun }: JobRecord, nowMs: number): number {
  return Math.min(latestMs, Math.max(soonestMs, (nowMs - (rerun?.sinceMs ?? nowMs)) / 4));
}

function refused(ledger: Ledger, context: FleetContext, job: JobRecord, error: unknown): void {
  const { nowMs } = context;
  const { code, message } = causeOf(error);
  const pauseMs = pauseOf(job, nowMs);
  const passes = code === "unavailable" || code === "throttled" || code === "unknown";
  const asked = FleetError.isInstance(error) ? (error.retryAfterMs ?? 0) : 0;
  if (passes || code === "conflict") {
    // It may have been heard: the next look tells.
    ledger.putJob({ ...job, deadlineMs: nowMs + Math.max(pauseMs, asked) });
    return;
  }
  const refusals = (job.rerun?.refusals ?? 0) + 1;
  if (refusals >= mostRefusals) {
    giveUpRerun(ledger, context, job, message);
    return;
  }
  noteRerun(
    ledger,
    context,
    job,
    { refusals },
    { code: "rerun-refused", message },
    { deadlineMs: nowMs + pauseMs },
  );
}

/** GitHub was looked at, and asked to run a job again. */
export function rerunAnswered(
  ledger: Ledger,
  context: FleetContext,
  { jobKey, result }: ResultOf<"rerun">,
): void {
  const job = ledger.jobs.get(jobKey);
  if (!job || !isRerunOpen(job) || job.rerun?.state === "weighed") return;
  const { nowMs } = context;
  if (isError(result)) {
    refused(ledger, context, job, result.error);
    return;
  }
  const isAccepted = job.rerun?.state === "accepted";
  switch (result.answer) {
    case "again":
      if (!result.isEnded) takeDemand(ledger, context, result.event);
      // Unless its news did so just now, or by themselves before.
      rerunStarted(ledger, context, ledger.jobs.get(jobKey), result.event);
      return;
    case "accepted":
      noteRerun(
        ledger,
        context,
        job,
        { state: "accepted" },
        { code: "rerun-accepted", message: "GitHub runs it again" },
        { deadlineMs: nowMs + webhookMs },
      );
      return;
    case "not-yet":
      if (isAccepted) ledger.putJob({ ...job, deadlineMs: nowMs + webhookMs });
      else {
        noteRerun(
          ledger,
          context,
          job,
          { state: "wanted" },
          { code: "rerun-waits", message: "Other jobs of its run have not ended" },
          { deadlineMs: nowMs + pauseOf(job, nowMs) },
        );
      }
      return;
    case "gone":
      giveUpRerun(ledger, context, job, "GitHub does not know its run any more");
      return;
    case "spent":
      giveUpRerun(ledger, context, job, "its run has had too many attempts");
      return;
  }
}
