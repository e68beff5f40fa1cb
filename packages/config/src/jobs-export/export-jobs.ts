import type { Clock } from "@runs-fleet/core";
import { createGitHubHistory } from "@runs-fleet/core/github";
import { timeForCallsMs } from "./budget.ts";
import { type Caller, createCaller, type Waiting } from "./caller.ts";
import type { ExportFiles } from "./export-files.ts";
import type { OpenRun } from "./export-state.ts";
import { type ExportRules, takesRepository } from "./exported-job.ts";
import { type Journal, openJournal } from "./journal.ts";
import { listRepositories } from "./list-repositories.ts";
import { askWindow, mayHoldJobs } from "./plan-runs.ts";
import { callsLeftOf, type ExportProgress } from "./progress.ts";
import { isGone, type RunAnswer, readRun } from "./read-run.ts";
import { type ExportSummary, summarise } from "./summary.ts";
import { beginScan, nextWindow } from "./windows.ts";

/** Options of {@link exportJobs}. */
export interface ExportOptions {
  /** The organisation's login. */
  readonly organisation: string;
  /** A token that may read. */
  readonly token: string;
  /** Base of the API. @defaultValue "https://api.github.com" */
  readonly baseUrl?: string;
  /** What is taken in. A range that an earlier run of the same export resolved stays as it was. */
  readonly rules: ExportRules;
  /** The range as the person asked for it: the same words go on with the same export. */
  readonly rangeWords: string;
  /**
   * How long before the range runs are looked through whose jobs may reach into it, milliseconds: runs can be run again for
   * 30 days, and work for long.
   */
  readonly lookBackMs: number;
  /** Calls an hour that are left to others. @defaultValue a fifth of the limit */
  readonly reserve?: number;
  /** Throws away what an earlier run has read. @defaultValue false */
  readonly restart?: boolean;
  /** Items a page. @defaultValue 100 */
  readonly pageSize?: number;
  readonly files: ExportFiles;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExportProgress) => void;
}

/** What was read is saved after so many runs, or so many milliseconds. */
const saveEvery = { runs: 25, ms: 3_000 } as const;

/** Scopes of classic tokens that change nothing. */
const readingScope = /^(read:|$|repo:status$|public_repo$|repo$)/;

/** A range that ended so long before the one asked for is told, milliseconds. */
const staleMs = 3_600_000;

/** Words in which two exports are the same. */
function questionOf(options: ExportOptions): string {
  const { organisation, baseUrl = "", rangeWords, lookBackMs, rules } = options;
  const sorted = (texts: readonly string[]) => texts.map((text) => text.toLowerCase()).sort();
  return JSON.stringify({
    organisation: organisation.toLowerCase(),
    baseUrl,
    range: rangeWords,
    lookBackMs,
    hosted: rules.hosted,
    firstAttempts: rules.firstAttempts,
    labels: sorted(rules.labels),
    repositories: sorted(rules.repositories),
  });
}

/**
 * The finished jobs of an organisation are in `files`, each once: also when an earlier run was killed at any moment, and while
 * runs come and go. A run of the same export goes on where the last one ended; when that one had ended, it asks again for what
 * had not finished then.
 *
 * One call at a time. What was read is saved before every wait, and when the export fails or is aborted.
 *
 * @throws A `FleetError` that `explainProblem` puts into words; `signal.reason` when aborted.
 */
export async function exportJobs(options: ExportOptions): Promise<ExportSummary> {
  const { organisation, files, clock, signal, reserve, pageSize = 100 } = options;
  const journal = await openJournal(
    files,
    questionOf(options),
    options.rules,
    options.restart ?? false,
  );
  const callsBefore = journal.state.calls;
  const rules = { ...options.rules, fromMs: journal.state.fromMs, toMs: journal.state.toMs };
  const warnings = new Set<string>();
  let waiting: Waiting | undefined;
  let recheck: { readonly done: number; readonly total: number } | undefined;
  let savedMs = clock.monotonicMs();
  let unsavedRuns = 0;

  const save = async (): Promise<void> => {
    journal.note({ calls: callsBefore + caller.calls });
    await journal.save();
    savedMs = clock.monotonicMs();
    unsavedRuns = 0;
  };
  const saveWhenDue = async (): Promise<void> => {
    unsavedRuns += 1;
    const due = unsavedRuns >= saveEvery.runs || clock.monotonicMs() - savedMs >= saveEvery.ms;
    if (due) await save();
  };
  const show = (): void =>
    options.onProgress?.(progressOf(journal, caller, waiting, recheck, options));

  const caller = createCaller({
    clock,
    signal,
    reserve,
    beforeWait: save,
    onWait: (next) => {
      waiting = next;
      show();
    },
  });
  const history = createGitHubHistory({
    token: options.token,
    ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
    fetch: options.fetch,
    clock,
    pageSize,
    onAnswer: (budget) => {
      caller.learn(budget);
      const writing = budget.scopes?.filter((scope) => !readingScope.test(scope)) ?? [];
      if (writing.length > 0) {
        warnings.add(
          `the token may do more than read (${writing.slice(0, 5).join(", ")}): a fine-grained token with Actions: read is enough`,
        );
      }
    },
  });

  const readRepositories = async (): Promise<void> => {
    const found = await listRepositories(history, caller, organisation, show);
    let isPrivate = 0;
    const taken = found.filter((repository) => takesRepository(rules, repository.name));
    for (const repository of taken) {
      journal.addRepository(repository);
      if (repository.visibility !== "public") isPrivate += 1;
    }
    journal.note({
      phase: "runs",
      repositories: taken.length,
      privateRepositories: isPrivate,
      otherRepositories: found.length - taken.length,
    });
    await save();
  };

  /** The runs of one repository, window by window. */
  const scanRepository = async (index: number, name: string): Promise<void> => {
    const planned = new Set<string>();
    const begun = journal.state.scan;
    if (begun !== null) for (const [of, id] of journal.runs) if (of === index) planned.add(id);
    let scan = begun ?? beginScan(rules.fromMs - options.lookBackMs, rules.toMs);
    for (;;) {
      const window = nextWindow(scan, rules.toMs);
      if (window === undefined) break;
      const answer = await askWindow(history, caller, name, window, pageSize);
      scan = answer.scan;
      journal.note({ scan });
      if (answer.kind === "read") {
        for (const run of answer.runs) {
          if (planned.has(run.id) || !mayHoldJobs(run, rules.fromMs)) continue;
          planned.add(run.id);
          journal.addRun(index, run.id);
        }
        if (answer.unlisted > 0) journal.miss("listings", answer.unlisted);
      }
      show();
      await saveWhenDue();
    }
  };

  const planAllRuns = async (): Promise<void> => {
    for (let index = journal.state.scanned; index < journal.repositories.length; index += 1) {
      const name = journal.repositories[index]?.name ?? "";
      try {
        await scanRepository(index, name);
      } catch (error) {
        if (!isGone(error)) throw error;
        journal.miss("repositories");
      }
      journal.note({ scanned: index + 1, scan: null });
      await saveWhenDue();
    }
    journal.note({ phase: "jobs" });
    await save();
  };

  const take = (answer: RunAnswer): OpenRun | undefined => {
    if (answer.kind === "gone") journal.miss("runs");
    if (answer.kind !== "read") return undefined;
    for (const job of answer.jobs) journal.addJob(job);
    for (const why of answer.leftOut) journal.leaveOut(why);
    if (answer.unlisted > 0) journal.miss("listings", answer.unlisted);
    return answer.open;
  };

  const readAllRuns = async (): Promise<void> => {
    for (let next = journal.state.runsDone; next < journal.runs.length; next += 1) {
      const [index = 0, runId = ""] = journal.runs[next] ?? [];
      const repository = journal.repositories[index];
      if (repository === undefined) continue;
      const answer = await readRun(
        history,
        caller,
        { repository, runId, settled: [], unfinished: 0 },
        rules,
      );
      const open = take(answer);
      journal.note({
        runsDone: next + 1,
        ...(open === undefined ? {} : { open: [...journal.state.open, open] }),
      });
      show();
      await saveWhenDue();
    }
    journal.note({ phase: "done", planBytes: 0 });
    await save();
    await files.remove("plan");
  };

  /** Asks again for what had not ended when its run was read. */
  const readOpenRuns = async (): Promise<void> => {
    const before = journal.state.open;
    for (const [index, run] of before.entries()) {
      recheck = { done: index, total: before.length };
      const answer = await readRun(history, caller, run, rules);
      const open = answer.kind === "unchanged" ? run : take(answer);
      const others = journal.state.open.filter((other) => other !== run);
      journal.note({ open: open === undefined ? others : [...others, open] });
      show();
      await saveWhenDue();
    }
    recheck = undefined;
  };

  try {
    show();
    const wasDone = journal.state.phase === "done";
    if (journal.state.phase === "repositories") await readRepositories();
    if (journal.state.phase === "runs") await planAllRuns();
    if (journal.state.phase === "jobs") await readAllRuns();
    if (wasDone) await readOpenRuns();
    if (wasDone && options.rules.toMs - rules.toMs > staleMs) {
      warnings.add(
        "the range is still that of the first call, of which this only read what was unfinished: --restart reads a new one",
      );
    }
  } finally {
    await save();
  }
  show();
  return summarise(organisation, journal.state, journal.state.runsDone, [...warnings]);
}

function progressOf(
  journal: Journal,
  caller: Caller,
  waiting: Waiting | undefined,
  recheck: { readonly done: number; readonly total: number } | undefined,
  options: ExportOptions,
): ExportProgress {
  const { state, repositories, runs } = journal;
  const { clock, reserve } = options;
  const nowMs = clock.now();
  const callsLeft = callsLeftOf(caller.budget, reserve);
  const perCallMs = caller.calls === 0 ? 0 : caller.workMs / caller.calls;
  const phase = recheck === undefined ? state.phase : "jobs";
  const total = state.phase === "done" ? state.runsDone : runs.length;
  const progress = recheck ?? { done: state.runsDone, total };
  const left = progress.total - progress.done;
  return {
    phase,
    repositories: { done: state.scanned, total: repositories.length },
    runs: progress,
    jobs: state.jobs,
    calls: state.calls,
    ...(callsLeft === undefined ? {} : { callsLeft }),
    ...(waiting === undefined ? {} : { waiting }),
    ...(phase === "jobs" && caller.calls > 0
      ? { leftMs: timeForCallsMs(left, perCallMs, caller.budget, reserve, nowMs) }
      : {}),
    nowMs,
  };
}
