import type { JobEvent } from "../../../ports/demand-event.ts";
import type { Assignment } from "../../../wire/assignment.ts";
import type { Observation } from "../observe-provider.ts";
import type { Changes, RecordFacts } from "../record-facts.ts";
import { traceIdOf } from "../recording-telemetry.ts";

/** Which traces told of each job. */
export interface TraceFacts {
  /** Traces in which each webhook was delivered, by its id: more than one when it came again. */
  readonly deliveries: Map<string, Set<string>>;
  /** Traces of the messages about each job, by the key of its record. */
  readonly told: Map<string, Set<string>>;
  /** Assignments that were judged: siblings may swap what is stored already. */
  readonly assigned: Set<string>;
  /** The job that each machine was claimed for, and registered for: siblings may swap before the answer is in. */
  readonly claimedFor: Map<string, string>;
  /** Traces of the jobs that asked for each fit: one may have ended while its purchase was on its way. */
  readonly askedFor: Map<string, Set<string>>;
}

/** Nothing told yet. */
export function createTraceFacts(): TraceFacts {
  return {
    deliveries: new Map(),
    told: new Map(),
    assigned: new Set(),
    claimedFor: new Map(),
    askedFor: new Map(),
  };
}

/** Notes in which trace a delivery came. */
export function noteDelivery(facts: TraceFacts, deliveryId: string, traceId: string): void {
  const known = facts.deliveries.get(deliveryId) ?? new Set();
  facts.deliveries.set(deliveryId, known.add(traceId));
}

/** one-trace: a message on the demand queue carries the trace of the delivery that it comes from. */
export function judgeMessageTrace(
  { judge }: Observation,
  facts: TraceFacts,
  event: Pick<JobEvent, "jobId" | "attempt" | "deliveryId">,
  trace: Readonly<Record<string, string>> | undefined,
): void {
  const traceId = traceIdOf(trace);
  const wanted = facts.deliveries.get(event.deliveryId);
  const key = `${event.jobId}.${event.attempt}`;
  if (traceId !== undefined) {
    const told = facts.told.get(key) ?? new Set();
    facts.told.set(key, told.add(traceId));
  }
  if (wanted === undefined) return;
  judge.check(
    "one-trace",
    `message ${event.deliveryId}`,
    traceId !== undefined && wanted.has(traceId)
      ? undefined
      : `delivery ${event.deliveryId} came in trace ${[...wanted].join(" or ")} and its message is in ${traceId ?? "none"}`,
  );
}

/** Spans in which a job is found of which no message has told. */
const tellers = ["sweep", "rerun"] as const;

/** one-trace: a job's record keeps the trace of the message that told of it, or has one of its own if none did. */
export function judgeRecordTraces(
  { judge }: Observation,
  facts: TraceFacts,
  { jobs, machines }: Changes,
  spansOf: (traceId: string) => ReadonlySet<string>,
): void {
  for (const { before, after } of machines) {
    if (after.state === "claimed" && before?.state !== "claimed")
      facts.claimedFor.set(after.id, after.jobKey ?? "");
  }
  for (const { before, after } of jobs) {
    const { key, traceId, fit } = after;
    if (fit !== undefined && traceId !== undefined)
      facts.askedFor.set(fit, (facts.askedFor.get(fit) ?? new Set()).add(traceId));
    const told = facts.told.get(key);
    const problem =
      traceId === undefined
        ? `job ${key} is on record without a trace`
        : before !== undefined && before.traceId !== traceId
          ? `job ${key} went from trace ${before.traceId} to ${traceId}`
          : told !== undefined &&
              before === undefined &&
              !told.has(traceId) &&
              !tellers.some((name) => spansOf(traceId).has(name))
            ? `job ${key} is on record in trace ${traceId}, which told of no such job`
            : before?.state !== after.state && !spansOf(traceId).has(`job.${after.state}`)
              ? `job ${key} is ${after.state}, and its trace ${traceId} was not told`
              : undefined;
    judge.check("one-trace", `record ${key}`, problem);
  }
}

/** one-trace: what a machine is told to do is told in the trace of the job that it is meant for. */
export function judgeAssignmentTrace(
  { judge }: Observation,
  facts: TraceFacts,
  records: RecordFacts,
  { id, machineId, trace }: Pick<Assignment, "id" | "machineId" | "trace">,
  spansOf: (traceId: string) => ReadonlySet<string>,
): void {
  if (facts.assigned.has(id)) return;
  facts.assigned.add(id);
  const jobKey = records.machines.get(machineId)?.jobKey;
  const job = jobKey === undefined ? undefined : records.jobs.get(jobKey);
  if (job === undefined) return;
  const traceId = traceIdOf(trace);
  // Its job may have gone to a sibling just before, and another one been reserved in the same commit.
  const isSwapped = facts.claimedFor.get(machineId) !== job.key;
  judge.check(
    "one-trace",
    `assignment ${id}`,
    isSwapped || traceId === job.traceId
      ? undefined
      : `${machineId} is assigned job ${job.key} of trace ${job.traceId} in ${traceId ?? "none"}`,
  );
  judge.check(
    "one-trace",
    `registration ${id}`,
    traceId === undefined || isSwapped || spansOf(traceId).has("mint")
      ? undefined
      : `${machineId} is assigned job ${job.key}, and its registration is not in trace ${traceId}`,
  );
}

/** one-trace: what is bought for jobs is bought in the trace of one that asked for such a machine. */
export function judgePurchaseTrace(
  { judge, truth }: Observation,
  facts: TraceFacts,
  records: RecordFacts,
  attemptId: string,
  traceId: string | undefined,
): void {
  const attempt = records.attempts.get(attemptId);
  // One that is looked for again is asked about, not bought.
  if (attempt?.state !== "open" || attempt.reason !== "demand") return;
  if (truth.purchases.has(attemptId)) return;
  const jobs = [...records.jobs.values()].filter(({ fit }) => fit === attempt.fit);
  if (!jobs.some(({ state }) => state === "queued")) return;
  judge.check(
    "one-trace",
    `purchase ${attemptId}`,
    traceId !== undefined && facts.askedFor.get(attempt.fit)?.has(traceId)
      ? undefined
      : `attempt ${attemptId} is bought for jobs in trace ${traceId ?? "none"}, which is none of theirs`,
  );
}
