import { FleetError } from "@runs-fleet/core";
import type { GitHubHistory, RecordedJob, RecordedRepository } from "@runs-fleet/core/github";
import type { Caller } from "./caller.ts";
import { collect } from "./collect.ts";
import type { OpenRun } from "./export-state.ts";
import { type ExportedJob, type ExportRules, judgeJob, type LeftOut } from "./exported-job.ts";

/** What became of a run. */
export type RunAnswer =
  | { readonly kind: "gone" | "unchanged" }
  | {
      readonly kind: "read";
      readonly jobs: readonly ExportedJob[];
      readonly leftOut: readonly LeftOut[];
      readonly unlisted: number;
      /** When jobs of the range have not ended. */
      readonly open?: OpenRun;
    };

/** Whether an error says that something is not there, or not for us to see. */
export function isGone(error: unknown): boolean {
  if (!FleetError.isInstance(error)) return false;
  const { reason } = error.details;
  return reason === "not-found" || reason === "blocked";
}

/** The jobs of a run that are not `settled` yet. With an `etag`, GitHub may answer that nothing has changed. */
export async function readRun(
  history: GitHubHistory,
  caller: Caller,
  run: OpenRun,
  rules: ExportRules,
): Promise<RunAnswer> {
  const { repository, runId, etag, settled } = run;
  const ask = async (page: number) => {
    const answer = await caller.call(() => history.jobs(repository.name, runId, { page }));
    // Only a call with an ETag is answered so.
    return answer ?? { items: [], more: false };
  };
  try {
    const first =
      etag === undefined
        ? await ask(1)
        : await caller.call(() => history.jobs(repository.name, runId, { etag }));
    if (first === undefined) return { kind: "unchanged" };
    const collected = await collect<RecordedJob>(first, ask);
    return judgeAll(
      collected.items,
      collected.unlisted,
      repository,
      runId,
      settled,
      rules,
      collected.etag,
    );
  } catch (error) {
    if (isGone(error)) return { kind: "gone" };
    throw error;
  }
}

function judgeAll(
  items: readonly RecordedJob[],
  unlisted: number,
  repository: RecordedRepository,
  runId: string,
  settled: readonly string[],
  rules: ExportRules,
  etag: string | undefined,
): RunAnswer {
  const known = new Set(settled);
  const jobs: ExportedJob[] = [];
  const leftOut: LeftOut[] = [];
  let unfinished = 0;
  for (const item of items) {
    if (known.has(item.id)) continue;
    const verdict = judgeJob(item, repository, rules);
    if ("job" in verdict) jobs.push(verdict.job);
    else if (verdict.leftOut === "unfinished") {
      unfinished += 1;
      continue;
    } else leftOut.push(verdict.leftOut);
    known.add(item.id);
  }
  const open: OpenRun = {
    repository,
    runId,
    settled: [...known],
    unfinished,
    ...(etag === undefined ? {} : { etag }),
  };
  return { kind: "read", jobs, leftOut, unlisted, ...(unfinished > 0 ? { open } : {}) };
}
