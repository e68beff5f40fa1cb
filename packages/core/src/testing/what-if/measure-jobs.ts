import { createJobGroups, nameOf } from "./admit-jobs.ts";
import type { JobLife } from "./lives.ts";
import { waitsOf } from "./measure-waits.ts";
import type { Baseline, JobCounts, JobGroup } from "./report.ts";

/** What a job became. */
function outcomeOf({
  fate,
  startedAtMs,
  verdict,
}: JobLife): keyof Omit<JobCounts, "given" | "leftOut"> {
  if (startedAtMs !== undefined) {
    return fate === "completed" || fate === "interrupted" ? fate : "running";
  }
  if (fate === "cancelled") return "cancelled";
  return verdict?.kind ?? "waiting";
}

const words = {
  cancelled: "Cancelled before a runner was there",
  waiting: "Still waiting when the simulation ended",
  interrupted: "Lost with its machine while it ran",
} as const;

/** Counts the jobs by what they became, and says why those without a runner had none. */
export function countJobs(
  lives: readonly JobLife[],
  leftOut: readonly JobGroup[],
): { readonly jobs: JobCounts; readonly unserved: readonly JobGroup[] } {
  const counts = {
    completed: 0,
    running: 0,
    interrupted: 0,
    refused: 0,
    failed: 0,
    cancelled: 0,
    waiting: 0,
  };
  const groups = createJobGroups();
  for (const life of lives) {
    const outcome = outcomeOf(life);
    counts[outcome] += 1;
    const name = nameOf(life.job, life.index);
    if (outcome === "refused" || outcome === "failed") {
      groups.add(life.verdict?.code ?? outcome, life.verdict?.message ?? outcome, name);
    } else if (outcome === "cancelled" || outcome === "waiting" || outcome === "interrupted") {
      groups.add(outcome, words[outcome], name);
    }
  }
  const left = leftOut.reduce((sum, { jobs }) => sum + jobs, 0);
  return {
    jobs: { given: lives.length + left, leftOut: left, ...counts },
    unserved: groups.all(),
  };
}

function errorOf(recorded: number, simulated: number): Baseline["errorP50"] {
  const ms = simulated - recorded;
  return recorded === 0 ? { ms } : { ms, share: Math.round((ms / recorded) * 10_000) / 10_000 };
}

/** The simulation against the recorded starts. */
export function baselineOf(lives: readonly JobLife[]): Baseline | undefined {
  const both = lives.flatMap(({ job, startedAtMs }) =>
    startedAtMs === undefined || job.startedAtMs === undefined
      ? []
      : [{ recorded: job.startedAtMs - job.queuedAtMs, simulated: startedAtMs - job.queuedAtMs }],
  );
  if (both.length === 0) return undefined;
  const recorded = waitsOf(both.map((waits) => waits.recorded));
  const simulated = waitsOf(both.map((waits) => waits.simulated));
  return {
    jobs: both.length,
    recorded,
    simulated,
    errorP50: errorOf(recorded.p50, simulated.p50),
    errorP95: errorOf(recorded.p95, simulated.p95),
  };
}
