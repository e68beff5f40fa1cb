import type { CallOptions } from "../ports/call-options.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import { type FailureKind, FleetError } from "../ports/failure.ts";

/** Something that could not be done. The sweep went on without it. */
export interface SweepFailure {
  /** The repository, the guid of the delivery, or `deliveries` for their list. */
  readonly subject: string;
  readonly kind: FailureKind;
  readonly message: string;
}

/** Why a pass ended before it was through. */
export interface SweepStop {
  /** `throttled`: GitHub takes no more calls now; `limit`: the pass has done its share. */
  readonly reason: "throttled" | "limit";
  /** How long GitHub asked us to wait, milliseconds. */
  readonly retryAfterMs?: number;
}

/** What a pass over failed deliveries did. */
export interface DeliverySweep {
  /** Failed deliveries that were looked at. */
  readonly failed: number;
  readonly redelivered: number;
  /** Left alone because they were redelivered a short while ago. */
  readonly recent: number;
  readonly failures: readonly SweepFailure[];
  /** Absent when the pass went through. */
  readonly stopped?: SweepStop;
}

/** What a pass over queued jobs found. */
export interface QueuedSweep {
  /** Jobs of ours that are queued at GitHub, those known already among them. */
  readonly jobs: readonly JobEvent[];
  /** Repositories that answered. */
  readonly repositories: number;
  /** Repositories that the pass did not come to; the next one begins with them. */
  readonly skipped: readonly string[];
  readonly failures: readonly SweepFailure[];
  /** Absent when the pass went through. */
  readonly stopped?: SweepStop;
}

/** Finds what webhooks lost. At most one pass of each kind at a time. */
export interface Sweep {
  /**
   * Asks GitHub to deliver again what failed since `sinceMs`; what comes of it arrives as a webhook.
   * Rejects only with the reason of an aborted signal.
   */
  sweepDeliveries(sinceMs: number, options?: CallOptions): Promise<DeliverySweep>;
  /**
   * Lists the queued jobs of the repositories that are ours. A repository that fails hinders no other.
   * Rejects only with the reason of an aborted signal.
   */
  sweepQueuedJobs(repositories: readonly string[], options?: CallOptions): Promise<QueuedSweep>;
}

/** A failure as data. What is not a {@link FleetError} may hold anything, so its words are not repeated. */
export function sweepFailure(subject: string, error: unknown): SweepFailure {
  return FleetError.isInstance(error)
    ? { subject, kind: error.kind, message: error.message }
    : { subject, kind: "unknown", message: "It failed in a way that is not known" };
}

/** The stop that an error asks for; `undefined` when it concerns its subject alone. */
export function sweepStop(error: unknown): SweepStop | undefined {
  if (!FleetError.isInstance(error) || error.kind !== "throttled") return undefined;
  const { retryAfterMs } = error;
  return { reason: "throttled", ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
