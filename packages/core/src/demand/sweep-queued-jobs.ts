import type { CallOptions } from "../ports/call-options.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import type { GitHubJobs } from "../ports/github-client.ts";
import { parseLabels } from "../routing/parse-labels.ts";
import type { LabelCatalog } from "../routing/request.ts";
import { forEachBounded } from "./for-each-bounded.ts";
import {
  type QueuedSweep,
  type SweepFailure,
  type SweepStop,
  sweepFailure,
  sweepStop,
} from "./sweep-types.ts";

/** What a pass over queued jobs works with. */
export interface QueuedJobsPass {
  readonly jobs: Pick<GitHubJobs, "listQueued">;
  readonly repositories: readonly string[];
  readonly concurrency: number;
  readonly catalog: LabelCatalog | undefined;
  /** Which of a repository's active runs are looked into. */
  readonly choose: (runIds: readonly string[]) => readonly string[];
}

/** One pass over the repositories, in order. Rejects only with the reason of an aborted signal. */
export async function passOverQueuedJobs(
  pass: QueuedJobsPass,
  call: CallOptions,
): Promise<QueuedSweep> {
  const jobs: JobEvent[] = [];
  const failures: SweepFailure[] = [];
  let answered = 0;
  let stopped: SweepStop | undefined;
  const skipped = await forEachBounded(pass.repositories, pass.concurrency, async (repository) => {
    call.signal?.throwIfAborted();
    try {
      const queued = await pass.jobs.listQueued(repository, { ...call, choose: pass.choose });
      jobs.push(...queued.filter((job) => parseLabels(job.labels, pass.catalog) !== undefined));
      answered += 1;
      return "next";
    } catch (error) {
      call.signal?.throwIfAborted();
      const stop = sweepStop(error);
      if (stop !== undefined) {
        stopped ??= stop;
        return "stop";
      }
      failures.push(sweepFailure(repository, error));
      return "next";
    }
  });
  const found = { jobs, repositories: answered, skipped, failures };
  return stopped === undefined ? found : { ...found, stopped };
}
