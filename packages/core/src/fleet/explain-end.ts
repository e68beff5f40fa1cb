import type { Interruption, JobRecord, MachineRecord } from "./records.ts";

/**
 * How long before its announced end a machine may stop its work, and how far the clocks of GitHub and of a provider may be apart,
 * milliseconds. Agents stop their runner 45 s before.
 */
const stopLeadMs = 60_000;

/** What took the machine away on which the job ran, as far as is known; nothing took it away of which we do not know. */
export function interruptionOf(
  job: JobRecord,
  machine: MachineRecord | undefined,
  nowMs: number,
): Interruption | undefined {
  if (machine?.announcedEndMs !== undefined) {
    const runnerName = machine.registration?.runnerName;
    return {
      kind: "announced",
      atMs: nowMs,
      endsAtMs: machine.announcedEndMs,
      machineId: machine.id,
      ...(runnerName === undefined ? {} : { runnerName }),
    };
  }
  const { interruption } = job;
  // The machine that was meant for it may be gone while it ran elsewhere.
  const isElsewhere =
    job.runnerName !== undefined &&
    interruption?.runnerName !== undefined &&
    job.runnerName !== interruption.runnerName;
  return isElsewhere ? undefined : interruption;
}

/**
 * Whether a job ended so because its machine was taken away, and not by its own steps, nor because somebody cancelled it.
 *
 * - A job that ends before its machine stops its work ends by itself, whatever was announced.
 * - An agent that stops its runner in time has the job cancelled, or failed, shortly before the end.
 * - A machine that is gone says nothing: GitHub fails the job when its lock runs out, minutes after. A job that had ended before
 *   we missed the machine had ended by itself, and only a person cancels one that nobody runs any more.
 *
 * @param endedAtMs - When the job ended, epoch milliseconds by GitHub.
 */
export function explainsEnd(
  { kind, atMs, endsAtMs = atMs }: Interruption,
  conclusion: string,
  endedAtMs: number,
): boolean {
  if (kind === "lost") return conclusion === "failure" && endedAtMs >= atMs;
  if (conclusion !== "failure" && conclusion !== "cancelled") return false;
  if (endedAtMs < endsAtMs - stopLeadMs) return false;
  return conclusion === "failure" || endedAtMs <= endsAtMs + stopLeadMs;
}
