import * as v from "valibot";
import type { Write } from "../../ports/state-store.ts";
import { traceIdOf } from "./recording-telemetry.ts";

const carrier = v.optional(v.record(v.string(), v.string()));
const jobSchema = v.object({
  key: v.string(),
  jobId: v.string(),
  repository: v.string(),
  state: v.string(),
  fit: v.optional(v.string()),
  demand: v.optional(v.string()),
  machineId: v.optional(v.string()),
  runnerName: v.optional(v.string()),
  conclusion: v.optional(v.string()),
  cause: v.optional(v.object({ code: v.string() })),
  rerunOf: v.optional(v.string()),
  rerun: v.optional(v.object({ state: v.string() })),
  placement: v.optional(
    v.object({
      pool: v.optional(v.string()),
      perRepository: v.optional(v.number()),
      maxReruns: v.optional(v.number()),
    }),
  ),
  trace: carrier,
});
const machineSchema = v.object({
  id: v.string(),
  attemptId: v.string(),
  fit: v.string(),
  state: v.string(),
  market: v.optional(v.string()),
  jobKey: v.optional(v.string()),
});
const attemptSchema = v.object({
  request: v.object({ id: v.string(), count: v.number() }),
  fit: v.string(),
  state: v.string(),
  reason: v.string(),
});

/** A job as its record was stored. */
export interface StoredJob extends v.InferOutput<typeof jobSchema> {
  readonly traceId: string | undefined;
  /** When it was first stored, epoch milliseconds. */
  readonly knownMs: number;
  /** When its state was first stored, epoch milliseconds. */
  readonly sinceMs: number;
}

/** A machine as its record was stored. */
export type StoredMachine = v.InferOutput<typeof machineSchema>;

/** A purchase as its record was stored. */
export type StoredAttempt = v.InferOutput<typeof attemptSchema>;

/** What one commit made of a record; `before` is absent for a new one. */
export interface Change<T> {
  readonly before: T | undefined;
  readonly after: T;
}

/** What one commit changed. */
export interface Changes {
  readonly jobs: readonly Change<StoredJob>[];
  readonly machines: readonly Change<StoredMachine>[];
  readonly attempts: readonly Change<StoredAttempt>[];
}

/** The open records as they were stored last: what the controller says that it does. */
export interface RecordFacts {
  readonly jobs: ReadonlyMap<string, StoredJob>;
  readonly machines: ReadonlyMap<string, StoredMachine>;
  readonly attempts: ReadonlyMap<string, StoredAttempt>;
  /** Takes a commit in that has been made. */
  take(writes: readonly Write[], nowMs: number): Changes;
}

/** No records yet. */
export function createRecordFacts(): RecordFacts {
  const jobs = new Map<string, StoredJob>();
  const machines = new Map<string, StoredMachine>();
  const attempts = new Map<string, StoredAttempt>();
  const put = <T>(
    records: Map<string, T>,
    { id, open }: Write,
    changes: Change<T>[],
    make: (before: T | undefined) => T,
  ): void => {
    const before = records.get(id);
    const after = make(before);
    if (open) records.set(id, after);
    else records.delete(id);
    changes.push({ before, after });
  };
  return {
    jobs,
    machines,
    attempts,
    take: (writes, nowMs) => {
      const changes = {
        jobs: [] as Change<StoredJob>[],
        machines: [] as Change<StoredMachine>[],
        attempts: [] as Change<StoredAttempt>[],
      };
      for (const write of writes) {
        const { table, value } = write;
        if (value === undefined) continue;
        if (table === "jobs") {
          const job = v.parse(jobSchema, value);
          put(jobs, write, changes.jobs, (before) => ({
            ...job,
            traceId: traceIdOf(job.trace),
            knownMs: before?.knownMs ?? nowMs,
            sinceMs: before?.state === job.state ? before.sinceMs : nowMs,
          }));
        } else if (table === "machines") {
          const machine = v.parse(machineSchema, value);
          put(machines, write, changes.machines, () => machine);
        } else if (table === "attempts") {
          const attempt = v.parse(attemptSchema, value);
          const open = attempt.state !== "settled";
          put(attempts, { ...write, open }, changes.attempts, () => attempt);
        }
      }
      return changes;
    },
  };
}
