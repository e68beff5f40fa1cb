import { type FailureKind, FleetError } from "../ports/failure.ts";
import { concludeJob, requeueJob } from "./change-job.ts";
import { releaseJob, retireMachine } from "./change-machine.ts";
import { retryCheck } from "./check-retry.ts";
import type { FleetContext } from "./context.ts";
import { type EffectResult, isError, type ResultOf } from "./effects.ts";
import type { Gates } from "./gates.ts";
import { wordOf } from "./job-check.ts";
import type { Ledger } from "./ledger.ts";
import type { JobRecord } from "./records.ts";
import { takeDemand } from "./take-demand.ts";
import { loseMachine } from "./take-observation.ts";
import { launched, recovered } from "./take-purchase.ts";
import { deregistered, minted, withdrawn } from "./take-registration.ts";
import { rerunAnswered } from "./take-rerun.ts";
import { notTold } from "./tell-waiting.ts";
import { without } from "./without.ts";

/** How soon a start that was not answered is asked for again, milliseconds. */
const startRetryMs = 10_000;

function isTransient(failure: FailureKind | undefined): boolean {
  return failure === "throttled" || failure === "unavailable";
}

/** Takes in what came of an effect. */
export function takeResult(
  ledger: Ledger,
  context: FleetContext,
  gates: Gates,
  result: EffectResult,
): void {
  switch (result.kind) {
    case "launched":
      launched(ledger, context, gates, result);
      return;
    case "recovered":
      recovered(ledger, context, result);
      return;
    case "minted":
      minted(ledger, context, gates, result);
      return;
    case "withdrawn":
      withdrawn(ledger, context, result);
      return;
    case "deregistered":
      deregistered(ledger, context, result);
      return;
    case "outcome":
      outcome(ledger, context, gates, result);
      return;
    case "verified":
      verified(ledger, context, result);
      return;
    case "checked":
      checked(ledger, context, result);
      return;
    case "rerun":
      rerunAnswered(ledger, context, result);
      return;
  }
}

function outcome(
  ledger: Ledger,
  context: FleetContext,
  gates: Gates,
  { action, outcome: { id, ok, failure } }: ResultOf<"outcome">,
): void {
  const machine = ledger.machines.get(id);
  if (!machine || action === "ring") return;
  if (action === "start") {
    if (ok) gates.pass(`start:${machine.fit}`);
    else if (machine.state === "booting" && isTransient(failure)) {
      // Nothing is wrong with the machine, and it may have started: it is asked for again while it has time to boot.
      ledger.putMachine({ ...machine, deadlineMs: context.nowMs + startRetryMs });
    } else if (machine.state === "booting") {
      gates.fail(
        `start:${machine.fit}`,
        new FleetError({ kind: failure ?? "unknown", message: "Start failed" }),
        context.nowMs,
      );
      retireMachine(ledger, context, machine, {
        code: failure ?? "unknown",
        message: "Could not be started; the next tier takes over",
      });
    }
    return;
  }
  if (failure === "not-found") {
    loseMachine(ledger, context, machine, "The provider does not know it");
    return;
  }
  // A stop that failed never becomes a termination; its deadline asks again.
  if (action === "terminate" && ok && machine.state === "retiring") {
    ledger.decide({
      atMs: context.nowMs,
      subject: { machineId: id },
      code: "terminating",
      message: "The provider accepted its termination",
    });
  }
}

function verified(
  ledger: Ledger,
  context: FleetContext,
  { jobKey, event }: ResultOf<"verified">,
): void {
  const job = ledger.jobs.get(jobKey);
  if (!job || isError(event)) return;
  if (event === undefined) {
    absent(ledger, context, job);
    return;
  }
  if (job.absentSinceMs !== undefined) ledger.putJob(without(job, "absentSinceMs"));
  if (event.action !== "queued") {
    takeDemand(ledger, context, event);
    return;
  }
  if (job.state !== "assigned" || job.machineId === undefined) return;
  const machine = ledger.machines.get(job.machineId);
  const spent =
    !machine ||
    machine.state === "ending" ||
    machine.state === "retiring" ||
    machine.state === "running";
  if (!spent) return;
  // Its runner ran something, and it was not this job: somebody else's job is on our books as waiting.
  if (machine?.jobKey === jobKey) ledger.putMachine(without(machine, "jobKey"));
  requeueJob(ledger, context, job, {
    code: "taken-by-sibling",
    message: "Its runner ran another job with the same labels",
  });
}

/** How long GitHub must go on not to know a job before we believe that it is gone, milliseconds. */
const believedAfterMs = 45_000;

/**
 * GitHub does not know a job that waits: its run was deleted. Believed when it says so again later, for it might lag.
 * Otherwise machines would be bought for it, one after the other, until its deadline.
 */
function absent(ledger: Ledger, context: FleetContext, job: JobRecord): void {
  if (job.state !== "queued" && job.state !== "assigned") return;
  if (job.absentSinceMs === undefined) {
    ledger.putJob({ ...job, absentSinceMs: context.nowMs });
    return;
  }
  if (context.nowMs - job.absentSinceMs < believedAfterMs) return;
  const machine = job.machineId === undefined ? undefined : ledger.machines.get(job.machineId);
  if (machine?.jobKey === job.key) releaseJob(ledger, context, machine);
  const gone = without(job, "absentSinceMs");
  concludeJob(
    ledger,
    context,
    gone,
    "cancelled",
    context.nowMs,
    "GitHub does not know the job any more",
  );
}

function checked(
  ledger: Ledger,
  context: FleetContext,
  { jobKey, word, result }: ResultOf<"checked">,
): void {
  const job = ledger.jobs.get(jobKey);
  // Whoever moved on meanwhile is owed another word, which has an answer of its own.
  if (job === undefined || word !== wordOf(job)) return;
  if (job.checkTriesLeft !== undefined) {
    const waiting = isError(result) ? retryCheck(job, result.error, context.nowMs) : undefined;
    ledger.putJob(waiting ?? without(job, "checkTriesLeft"));
    return;
  }
  if (job.told === undefined || job.told.isDone) return;
  // What failed is tried again in its time.
  const told = isError(result) ? notTold(job.told, result.error) : { ...job.told, isDone: true };
  if (told !== job.told) ledger.putJob({ ...job, told });
}
