import { FleetError } from "../ports/failure.ts";
import type { JobRecord } from "./records.ts";

/** Soonest and latest time between two tries, milliseconds. */
const soonestMs = 30_000;
const latestMs = 15 * 60_000;
/** A developer who was not told within a day has seen at GitHub that the job is gone. Source: GITHUB 2, queue limit. */
const givenUpMs = 24 * 60 * 60_000;

/** Whether a failure of a check run may pass by itself, as an outage does; and how long GitHub asks to be left alone. */
export function passingFailure(error: unknown): { readonly retryAfterMs: number } | undefined {
  const { kind, retryAfterMs = 0 } = FleetError.isInstance(error)
    ? error
    : { kind: "unknown", retryAfterMs: undefined };
  const isPassing = kind === "unavailable" || kind === "throttled" || kind === "unknown";
  return isPassing ? { retryAfterMs } : undefined;
}

/**
 * The record of a job that has ended as it goes on to wait for its word, each time as long as all before it; `undefined` when a day
 * has passed: whoever is told in a burst without end is told no more, and nothing is owed for ever.
 */
export function awaitCheck(job: JobRecord, nowMs: number, leastMs = 0): JobRecord | undefined {
  const waitedMs = nowMs - (job.endedAtMs ?? nowMs);
  if (waitedMs >= givenUpMs) return undefined;
  const pauseMs = Math.min(latestMs, Math.max(soonestMs, waitedMs));
  return { ...job, deadlineMs: nowMs + Math.max(pauseMs, leastMs) };
}

/**
 * When a check run that failed is tried again. An outage uses up no tries: the job is told of when GitHub is back, however
 * long that takes. What repeating does not mend is tried a few times.
 *
 * @returns The record as it waits for the next try; `undefined`: no more.
 */
export function retryCheck(job: JobRecord, error: unknown, nowMs: number): JobRecord | undefined {
  const passing = passingFailure(error);
  if (passing !== undefined) return awaitCheck(job, nowMs, passing.retryAfterMs);
  const left = (job.checkTriesLeft ?? 0) - 1;
  return left > 0 ? { ...job, checkTriesLeft: left, deadlineMs: nowMs + soonestMs } : undefined;
}
