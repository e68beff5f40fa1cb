import type { FakeGitHub } from "@runs-fleet/core/testing";

/** What GitHub saw of its jobs. */
export interface Outcome {
  readonly served: number;
  readonly refused: number;
  readonly cancelled: number;
  /** Neither ended nor explained. */
  readonly lost: number;
  /** Given to more than one runner. */
  readonly doubled: number;
  /** From queued to running, milliseconds, sorted. */
  readonly waitsMs: readonly number[];
}

/** Sums up what GitHub saw. */
export function outcomeOf(github: FakeGitHub): Outcome {
  const told = new Set(github.checks().map(({ externalId }) => externalId));
  const jobs = github.jobs();
  const isServed = ({ state, starts }: (typeof jobs)[number]) =>
    state === "completed" && starts > 0;
  const rest = jobs.filter((job) => !isServed(job));
  const cancelled = rest.filter(({ conclusion }) => conclusion === "cancelled");
  const refused = rest.filter(({ id, attempt }) => told.has(`${id}.${attempt}`));
  return {
    served: jobs.length - rest.length,
    refused: refused.length,
    cancelled: cancelled.length,
    lost: rest.filter((job) => !cancelled.includes(job) && !refused.includes(job)).length,
    doubled: jobs.filter(({ starts }) => starts > 1).length,
    waitsMs: jobs
      .flatMap(({ queuedAtMs, startedAtMs }) =>
        startedAtMs === undefined ? [] : [startedAtMs - queuedAtMs],
      )
      .sort((left, right) => left - right),
  };
}

/** The value below which that share of the sorted values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
