import type { GitHubHistory, HistoryPage, RecordedRun } from "@runs-fleet/core/github";
import type { Caller } from "./caller.ts";
import { collect } from "./collect.ts";
import { advanced, isSmallest, isWhole, narrowed, type Scan, type Window } from "./windows.ts";

/** A window that was asked for: the runs in it and where the scan goes on, or how to ask anew. */
export type WindowAnswer =
  | {
      readonly kind: "read";
      readonly runs: readonly RecordedRun[];
      readonly unlisted: number;
      readonly scan: Scan;
    }
  | { readonly kind: "too-many"; readonly scan: Scan };

/** Asks for the runs of one window. */
export async function askWindow(
  history: GitHubHistory,
  caller: Caller,
  repository: string,
  window: Window,
  pageSize: number,
): Promise<WindowAnswer> {
  const ask = (page: number): Promise<HistoryPage<RecordedRun>> =>
    caller.call(() => history.runs(repository, { ...window, page }));
  const first = await ask(1);
  const total = Math.max(first.total ?? 0, first.items.length);
  if (isWhole(first)) {
    const scan = advanced(window, total, pageSize);
    return { kind: "read", runs: first.items, unlisted: 0, scan };
  }
  if (!isSmallest(window)) return { kind: "too-many", scan: narrowed(window, total, pageSize) };
  const { items, unlisted } = await collect(first, ask, true);
  return { kind: "read", runs: items, unlisted, scan: advanced(window, total, pageSize) };
}

/**
 * Whether jobs of the range can be in the run: one that was last touched before the range has none, and all jobs of a run that
 * was skipped were.
 */
export function mayHoldJobs(run: RecordedRun, fromMs: number): boolean {
  if (run.updatedAtMs !== undefined && run.updatedAtMs < fromMs) return false;
  return !(run.finished && run.conclusion === "skipped" && run.attempt === 1);
}
