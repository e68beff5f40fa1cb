import type { CauseCode } from "../ports/cause.ts";
import { noteRerun, rerunStarted } from "./await-rerun.ts";
import type { FleetContext } from "./context.ts";
import { isError, type ResultOf } from "./effects.ts";
import { causeOf } from "./gates.ts";
import type { Ledger } from "./ledger.ts";
import { giveUpRerun } from "./plan-reruns.ts";
import { isRerunOpen, type JobRecord } from "./records.ts";
import { takeDemand } from "./take-demand.ts";

/** How long an answer is waited for, milliseconds. */
const answerMs = 60_000;
/** How long the webhook of a re-run is waited for before its run is looked at, milliseconds. */
const webhookMs = 30_000;
/** A reason that does not pass is heard so often before it is believed. */
const mostRefusals = 3;

const passing: ReadonlySet<CauseCode> = new Set([
  "unavailable",
  "throttled",
  "unknown",
  "conflict",
]);

function refused(ledger: Ledger, context: FleetContext, job: JobRecord, error: unknown): void {
  const { code, message } = causeOf(error);
  // What passes is asked for again in its time. It may have been heard: the next look tells.
  if (passing.has(code)) return;
  const refusals = (job.rerun?.refusals ?? 0) + 1;
  if (refusals >= mostRefusals) {
    giveUpRerun(ledger, context, job, message);
    return;
  }
  noteRerun(ledger, context, job, { refusals }, { code: "rerun-refused", message });
}

const waits = Object.freeze({
  code: "rerun-waits",
  message: "Other jobs of its run have not ended",
});

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
  const state = job.rerun?.state;
  switch (result.answer) {
    case "again":
      if (!result.isEnded) takeDemand(ledger, context, result.event, result.trace);
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
    case "free":
      // Stored before GitHub is asked: whoever comes after us knows that it may have heard.
      noteRerun(
        ledger,
        context,
        job,
        { state: "asked" },
        { code: "rerun-asked", message: "GitHub is asked to run it again" },
        { deadlineMs: nowMs + answerMs },
      );
      ledger.effect({ kind: "rerun", jobKey });
      return;
    case "not-yet":
      if (state === "accepted") return;
      // Nobody was asked, or GitHub would not hear of it yet: said once, and looked at again in its time.
      if (state === "asked" || !job.history.some(({ code }) => code === waits.code)) {
        noteRerun(ledger, context, job, { state: "wanted" }, waits, { deadlineMs: nowMs });
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
