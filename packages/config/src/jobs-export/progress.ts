import type { HistoryBudget } from "@runs-fleet/core/github";
import { reserveOf } from "./budget.ts";
import type { Waiting } from "./caller.ts";
import type { ExportState } from "./export-state.ts";

/** How far an export is. */
export interface ExportProgress {
  readonly phase: ExportState["phase"];
  readonly repositories: { readonly done: number; readonly total: number };
  /** `total` grows while repositories are read. */
  readonly runs: { readonly done: number; readonly total: number };
  readonly jobs: number;
  readonly calls: number;
  /** Calls that may still be made this hour, the reserve left alone. */
  readonly callsLeft?: number;
  readonly waiting?: Waiting;
  /** Milliseconds; once the number of runs is known. */
  readonly leftMs?: number;
  readonly nowMs: number;
}

/** Calls that may still be made; `undefined` when GitHub counts none. */
export function callsLeftOf(
  budget: HistoryBudget | undefined,
  asked: number | undefined,
): number | undefined {
  if (budget?.remaining === undefined) return undefined;
  return Math.max(0, budget.remaining - reserveOf(budget, asked));
}

/** `1,234`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `45 s`, `12 min`, `3 h 05 min`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** `59:07`, `1:02:03`. */
function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const start = hours === 0 ? String(minutes) : `${hours}:${two(minutes)}`;
  return `${start}:${two(seconds % 60)}`;
}

const reasons: Readonly<Record<Waiting["why"], string>> = {
  budget: "the budget but for the reserve is used up",
  limited: "GitHub asks to wait",
  unavailable: "GitHub does not answer",
};

function shareOf(progress: ExportProgress): number {
  const { phase, repositories, runs } = progress;
  if (phase === "done") return 1;
  const [done, total] =
    phase === "jobs" ? [runs.done, runs.total] : [repositories.done, repositories.total];
  return total === 0 ? 0 : Math.min(1, done / total);
}

const words: Readonly<Record<ExportProgress["phase"], string>> = {
  repositories: "listing repositories",
  runs: "listing runs",
  jobs: "reading jobs",
  done: "done",
};

/** One line that tells all, without a bar. */
function progressText(progress: ExportProgress): string {
  const { phase, repositories, runs, jobs, callsLeft, waiting, leftMs, nowMs } = progress;
  const parts = [
    ...(waiting === undefined
      ? []
      : [`waiting ${countdownText(waiting.untilMs - nowMs)}, ${reasons[waiting.why]}`]),
    words[phase],
    `repositories ${countText(repositories.done)}/${countText(repositories.total)}`,
    `runs ${countText(runs.done)}/${countText(runs.total)}`,
    `jobs ${countText(jobs)}`,
    ...(callsLeft === undefined ? [] : [`calls left ${countText(callsLeft)}`]),
    ...(leftMs === undefined || phase !== "jobs" ? [] : [`about ${durationText(leftMs)} left`]),
  ];
  return parts.join(" · ");
}

/** A bar and the line, no longer than the terminal is wide. */
export function progressBar(progress: ExportProgress, columns: number): string {
  const cells = 20;
  const full = Math.round(shareOf(progress) * cells);
  const text = `${"█".repeat(full)}${"░".repeat(cells - full)} ${progressText(progress)}`;
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}

/** Shows progress: a bar that moves in a terminal, else a line now and then. */
export interface ProgressView {
  show(progress: ExportProgress): void;
  /** Nothing of it is left on a terminal. */
  end(): void;
}

const barEveryMs = 100;
const lineEveryMs = 10_000;
/** In a log a wait of an hour is worth a dozen lines. */
const waitLineEveryMs = 300_000;

/** A view on a stream. */
export function createProgressView(
  stream: { readonly isTerminal: boolean; readonly columns?: number; write(text: string): void },
  quiet: boolean,
): ProgressView {
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastPhase: string | undefined;
  let lastWait: number | undefined;
  let open = false;
  return {
    show: (progress) => {
      if (quiet) return;
      const { phase, waiting, nowMs } = progress;
      // The same wait tells its end anew each second: in a log, once is enough.
      const began = waiting !== undefined && waiting.untilMs !== lastWait;
      const news = phase !== lastPhase || began;
      const lineMs = waiting === undefined ? lineEveryMs : waitLineEveryMs;
      if (!news && nowMs - lastMs < (stream.isTerminal ? barEveryMs : lineMs)) return;
      lastMs = nowMs;
      lastPhase = phase;
      lastWait = waiting?.untilMs;
      if (stream.isTerminal) {
        stream.write(`\r\u001b[K${progressBar(progress, stream.columns ?? 80)}`);
        open = true;
      } else {
        stream.write(`${progressText(progress)}\n`);
      }
    },
    end: () => {
      if (open) stream.write("\r\u001b[K");
      open = false;
    },
  };
}
