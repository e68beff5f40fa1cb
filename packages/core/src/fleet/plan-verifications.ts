import type { FleetView } from "./fleet-view.ts";
import { isPlaced, type JobRecord, type MachineRecord } from "./records.ts";

/** When GitHub last told us about a job because we asked, and how often in a row we did. */
export interface Asked {
  readonly atMs: number;
  readonly times: number;
}

/** Jobs whose webhooks we seem to have missed: GitHub is asked how they stand. */
export interface VerificationPlan {
  readonly jobs: readonly JobRecord[];
  readonly nextWakeAtMs: number;
}

/** How long we wait for a webhook that ought to have come before we ask, milliseconds. */
const endPatienceMs = 5_000;
/** The least of all patience: news are missed no earlier than this after what makes us expect them. */
export const leastPatienceMs: number = endPatienceMs;
/** A job that has started tells us more when it ends; asking earlier is for long ones. */
const startPatienceMs = 30_000;
const longestPauseMs = 60_000;
/**
 * How often a job is asked about because GitHub has not said on which runner it runs: it leaves that out for a moment, and
 * some hosts for ever.
 */
const mostPlaceQuestions = 6;

/** Sweep intervals of silence after which a job is asked about although nothing seems to be missing. */
const silence = { queued: 2, assigned: 10, running: 15, elsewhere: 5 } as const;

/** Since when our machine has known more than GitHub told us, and how long we wait then. */
function missingNews(
  job: JobRecord,
  machine: MachineRecord | undefined,
  asked: number,
): { readonly sinceMs: number; readonly patienceMs: number } | undefined {
  const over = machine?.state === "ending" || machine?.state === "retiring";
  if (job.state === "assigned") {
    if (machine === undefined) {
      return { sinceMs: job.claimedAtMs ?? job.receivedAtMs, patienceMs: endPatienceMs };
    }
    if (over) return { sinceMs: machine.sinceMs, patienceMs: endPatienceMs };
    // A runner that listens gets its job within seconds; if not, another one has probably taken it.
    if (machine.state !== "running" && machine.state !== "registered") return undefined;
    return { sinceMs: machine.sinceMs, patienceMs: startPatienceMs };
  }
  if (job.state !== "running") return undefined;
  if (!isPlaced(job) && asked < mostPlaceQuestions) {
    return { sinceMs: job.startedAtMs ?? job.receivedAtMs, patienceMs: endPatienceMs };
  }
  if (job.machineId === undefined) return undefined;
  if (machine === undefined) {
    return { sinceMs: job.startedAtMs ?? job.receivedAtMs, patienceMs: endPatienceMs };
  }
  return over ? { sinceMs: machine.sinceMs, patienceMs: endPatienceMs } : undefined;
}

function silentSpans(job: JobRecord): number {
  if (job.state === "queued") return silence.queued;
  if (job.state === "assigned") return silence.assigned;
  return job.machineId === undefined ? silence.elsewhere : silence.running;
}

/**
 * Picks the jobs to ask GitHub about: first those whose machine knows more than we were told, at growing intervals, then
 * those that were silent for several sweeps. Each question is a call out of a budget, so a healthy job costs none.
 *
 * @param most - Questions that the budget allows now.
 */
export function planVerifications(
  view: Pick<FleetView, "jobs" | "machines">,
  asked: ReadonlyMap<string, Asked>,
  nowMs: number,
  sweepMs: number,
  most: number,
): VerificationPlan {
  const due: { readonly job: JobRecord; readonly urgent: boolean; readonly dueMs: number }[] = [];
  let nextWakeAtMs = Number.POSITIVE_INFINITY;
  for (const job of view.jobs.values()) {
    if (job.state !== "queued" && job.state !== "assigned" && job.state !== "running") continue;
    const machine = job.machineId === undefined ? undefined : view.machines.get(job.machineId);
    const last = asked.get(job.key);
    const newsMs = Math.max(job.receivedAtMs, job.startedAtMs ?? 0, last?.atMs ?? 0);
    const missing = missingNews(job, machine, last?.times ?? 0);
    let dueMs = newsMs + silentSpans(job) * sweepMs;
    if (missing) {
      const patienceMs = Math.min(missing.patienceMs, sweepMs);
      const pauseMs = Math.min(longestPauseMs, patienceMs * (1 << Math.min(last?.times ?? 0, 8)));
      const soonMs = Math.max(missing.sinceMs + patienceMs, last ? last.atMs + pauseMs : 0);
      dueMs = Math.min(dueMs, soonMs);
    }
    if (dueMs <= nowMs) due.push({ job, urgent: missing !== undefined, dueMs });
    else nextWakeAtMs = Math.min(nextWakeAtMs, dueMs);
  }
  due.sort(
    (left, right) =>
      Number(right.urgent) - Number(left.urgent) ||
      left.dueMs - right.dueMs ||
      (left.job.key < right.job.key ? -1 : 1),
  );
  return { jobs: due.slice(0, most).map(({ job }) => job), nextWakeAtMs };
}
