import type { Decision, FleetStatus, JobStatus, MachineStatus, PoolStatus } from "./status.ts";

function spanWords(lengthMs: number): string {
  const seconds = Math.max(0, Math.round(lengthMs / 1_000));
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}

function poolMessage({ name, machines, limits, words, timeZone }: PoolStatus): string {
  const has = machines === 1 ? "1 machine" : `${machines} machines`;
  return `Pool ${name} has ${has} of at most ${limits.machines}. ${words.now} ${words.next} Times are in ${timeZone}.`;
}

/** How far the machine of a job that has one is, by the state of its record. */
const steps: Readonly<Record<string, string>> = {
  claimed: "GitHub is asked for the credential of its runner on",
  assigned: "its assignment is written, and not taken yet by",
  withdrawing: "its assignment was not taken in time, and is taken back from",
  acknowledged: "the runner starts on",
  registered: "GitHub has not handed it yet to the runner on",
};

/** What a job without a cause waits for. */
function nextStep(
  job: JobStatus,
  pool: PoolStatus | undefined,
  machine: MachineStatus | undefined,
): { readonly code: string; readonly message: string } {
  if (job.state === "assigned") {
    if (machine) {
      const step = steps[machine.state] ?? `it waits for ${machine.state}`;
      return { code: "starting", message: `${step} ${machine.id}` };
    }
    return { code: "starting", message: "its runner starts" };
  }
  if (!pool) return { code: "machine-coming", message: "a machine of its shape is on the way" };
  const { name, booting, buying } = pool;
  const message =
    booting + buying > 0
      ? `pool ${name} has ${booting} booting and ${buying} being bought`
      : `pool ${name} gets a machine for it in the next pass`;
  return { code: "machine-coming", message };
}

function jobDecision(job: JobStatus, status: FleetStatus, atMs: number): Decision | undefined {
  if (job.state !== "queued" && job.state !== "assigned") return undefined;
  const pool = status.pools.find(({ name }) => name === job.pool);
  const machine = status.machines.find(({ id }) => id === job.machineId);
  const { code, message } = job.cause ?? nextStep(job, pool, machine);
  const waited = spanWords(atMs - job.queuedAtMs);
  const around = job.state === "queued" && pool ? ` Pool ${pool.name}: ${pool.words.now}` : "";
  return {
    atMs,
    subject: { jobId: job.id, ...(job.pool === undefined ? {} : { pool: job.pool }) },
    code,
    message: `Waits for ${waited} by now: ${message}.${around}`,
    current: true,
  };
}

/**
 * How the subject stands now: one record for a pool, why it has the machines it has; one for a job that waits, what it
 * waits for. Nothing for what is not known, or does not wait.
 */
export function currentDecisions(
  { pool: name, jobId }: Decision["subject"],
  status: FleetStatus,
  atMs: number,
): readonly Decision[] {
  const records: Decision[] = [];
  if (jobId !== undefined) {
    // A job may be named by its id alone: then its first attempt is meant.
    const job = status.jobs.find(({ id }) => id === jobId || id === `${jobId}.1`);
    const record = job && jobDecision(job, status, atMs);
    if (record) records.push(record);
  } else if (name !== undefined) {
    const pool = status.pools.find((candidate) => candidate.name === name);
    if (pool) {
      const code = pool.cause?.code ?? "pool-target";
      records.push({
        atMs,
        subject: { pool: name },
        code,
        message: poolMessage(pool),
        current: true,
      });
    }
  }
  return records;
}
