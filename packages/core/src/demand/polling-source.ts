import type { Clock } from "../ports/clock.ts";
import type { DemandSource, SourcedDemand } from "../ports/demand-source.ts";
import type { GitHubClient } from "../ports/github-client.ts";
import { systemClock } from "../ports/system-clock.ts";

/** What {@link createPollingSource} needs. */
export interface PollingSourceOptions {
  /** Where queued jobs are listed. */
  readonly github: { readonly jobs: Pick<GitHubClient["jobs"], "listQueued"> };
  /** `owner/name` each. */
  readonly repositories: readonly string[];
  /** Pause between two looks at all repositories, milliseconds. @defaultValue 30,000 */
  readonly intervalMs?: number;
  /** Source of time. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
}

/**
 * Finds queued jobs by asking GitHub, for hosts that its webhooks cannot reach. Each look costs two calls a repository and
 * one for each active run. The same job is yielded at every look for as long as it waits; that changes nothing.
 *
 * @throws A `TypeError` without repositories; a `RangeError` for an interval that is not positive.
 */
export function createPollingSource(options: PollingSourceOptions): DemandSource {
  const { github, repositories, intervalMs = 30_000, clock = systemClock } = options;
  if (repositories.length === 0) throw new TypeError("repositories must name at least one");
  if (!(intervalMs > 0)) throw new RangeError(`intervalMs must be positive: ${intervalMs}`);

  async function* receive({ signal }: { signal?: AbortSignal } = {}): AsyncIterable<SourcedDemand> {
    for (;;) {
      for (const repository of repositories) {
        const jobs = await github.jobs.listQueued(repository, signal ? { signal } : {});
        for (const event of jobs) yield { event, acknowledge: async () => undefined };
      }
      await clock.sleep(intervalMs, signal);
    }
  }
  return { name: "polling", receive };
}
