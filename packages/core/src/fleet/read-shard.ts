import type { StateStore } from "../ports/state-store.ts";
import type { FleetView } from "./fleet-view.ts";
import { parseAttempt, parseJob, parseMachine } from "./record-schemas.ts";
import type { AttemptRecord, HistoryLine, JobRecord, MachineRecord } from "./records.ts";
import type { Decision } from "./status.ts";

/** The open records of a shard as they are stored, for those who are not its controller. */
export async function readShard(store: StateStore, shard: string): Promise<FleetView> {
  const jobs = new Map<string, JobRecord>();
  const machines = new Map<string, MachineRecord>();
  const attempts = new Map<string, AttemptRecord>();
  for await (const { table, id, value } of store.load(shard)) {
    if (table === "jobs") jobs.set(id, parseJob(value));
    else if (table === "machines") machines.set(id, parseMachine(value));
    else if (table === "attempts") attempts.set(id, parseAttempt(value));
  }
  return { jobs, machines, attempts };
}

/** The history that is stored with a job or a machine, also long after it ended. */
export async function recordedDecisions(
  store: StateStore,
  subject: Decision["subject"],
): Promise<readonly Decision[]> {
  const lines: Decision[] = [];
  const add = (history: readonly HistoryLine[], about: Decision["subject"]): void => {
    for (const line of history) lines.push({ ...line, subject: about });
  };
  if (subject.jobId !== undefined) {
    // A job may be named by its id alone: then its first attempt is meant.
    const key = subject.jobId.includes(".") ? subject.jobId : `${subject.jobId}.1`;
    const record = await store.get("jobs", key);
    if (record) add(parseJob(record.value).history, { jobId: key });
  }
  if (subject.machineId !== undefined) {
    const record = await store.get("machines", subject.machineId);
    if (record) add(parseMachine(record.value).history, { machineId: subject.machineId });
  }
  return lines;
}
