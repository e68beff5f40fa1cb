import { nameOf } from "./admit-jobs.ts";
import { phasesOf } from "./measure-phases.ts";
import type { StartedJob } from "./measure-waits.ts";
import type { WorstJob } from "./report.ts";

const shown = 10;

function decisionsOf({ life }: StartedJob): WorstJob["decisions"] {
  const { machine, startedAtMs = Number.POSITIVE_INFINITY } = life;
  const own = life.decisions.map(({ atMs, code, message }) => ({ atMs, code, message }));
  // What concerns both is told of the job; of one instant the machine's part comes first, because it is the reason.
  const told = new Set(own.map(({ atMs, code }) => `${atMs}/${code}`));
  const ofMachine = (machine?.history ?? [])
    .filter(({ atMs, code }) => !told.has(`${atMs}/${code}`))
    .map(({ atMs, code, message }) => ({
      atMs,
      code,
      message: `${machine?.id ?? "?"}: ${message}`,
    }));
  return [...ofMachine, ...own]
    .filter(({ atMs }) => atMs <= startedAtMs)
    .sort((left, right) => left.atMs - right.atMs);
}

/** The ten jobs that waited longest, and why. */
export function worstOf(jobs: readonly StartedJob[]): readonly WorstJob[] {
  return [...jobs]
    .sort((left, right) => right.waitMs - left.waitMs || left.life.index - right.life.index)
    .slice(0, shown)
    .map((started) => {
      const { life, waitMs } = started;
      const { job, index, pool, served = "cold" } = life;
      return {
        id: nameOf(job, index),
        repository: job.repository,
        labels: job.labels,
        pool,
        queuedAtMs: job.queuedAtMs,
        waitMs,
        served,
        phasesMs: phasesOf(started),
        decisions: decisionsOf(started),
      };
    });
}
