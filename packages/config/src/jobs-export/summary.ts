import type { ExportState, MissingPart } from "./export-state.ts";
import type { LeftOut } from "./exported-job.ts";
import { instantText } from "./instants.ts";
import { countText } from "./progress.ts";

/** What an export has done, for people and scripts. */
export interface ExportSummary {
  readonly organisation: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether all has been read. */
  readonly complete: boolean;
  readonly jobs: number;
  readonly repositories: number;
  readonly runs: number;
  readonly calls: number;
  /** Jobs that are not in the file, by why. */
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
  /** What GitHub would not show, by what. */
  readonly missing: Readonly<Record<MissingPart, number>>;
  /** Runs with jobs that had not ended. */
  readonly openRuns: number;
  readonly warnings: readonly string[];
}

const leftOutWords: Readonly<Record<LeftOut, string>> = {
  "outside-range": "queued before or after the range, in runs that reach into it",
  unfinished: "not finished: run the same command later, and they are added",
  skipped: "skipped by their workflow",
  "times-unreadable": "without the times that a simulation needs",
  copied: "listed again by a partial re-run, with the times of the attempt before",
  "re-run": "re-runs, left out by --first-attempts",
  "github-hosted": "on GitHub's own runners: --hosted takes them in",
  "no-labels": "without labels",
  "labels-too-long": "with more than 100 labels, or longer ones than 256 characters",
  "label-filter": "without a label that --label asks for",
  "never-ran": "ended before any runner had them",
};

const missingWords: Readonly<Record<MissingPart, string>> = {
  repositories: "repositories that are gone, blocked or closed to this token",
  runs: "runs that were deleted meanwhile",
  listings: "entries that GitHub counts but does not list",
};

/** The summary of a state. */
export function summarise(
  organisation: string,
  state: ExportState,
  runs: number,
  warnings: readonly string[],
): ExportSummary {
  const unfinished = state.open.reduce((sum, run) => sum + run.unfinished, 0);
  const publicOnly = state.repositories > 0 && state.privateRepositories === 0;
  return {
    organisation,
    fromMs: state.fromMs,
    toMs: state.toMs,
    complete: state.phase === "done",
    jobs: state.jobs,
    repositories: state.repositories,
    runs,
    calls: state.calls,
    leftOut: unfinished === 0 ? state.leftOut : { ...state.leftOut, unfinished },
    missing: state.missing,
    openRuns: state.open.length,
    warnings: [
      ...warnings,
      ...(publicOnly
        ? ["the token sees public repositories only: is its resource owner the organisation?"]
        : []),
      ...(state.phase === "done" && state.repositories === 0 && state.otherRepositories === 0
        ? ["the token sees no repository of the organisation"]
        : []),
    ],
  };
}

function rows<K extends string>(
  counts: Readonly<Partial<Record<K, number>>>,
  texts: Readonly<Record<K, string>>,
): readonly string[] {
  return (Object.keys(texts) as K[])
    .filter((key) => (counts[key] ?? 0) > 0)
    .map((key) => `  ${countText(counts[key] ?? 0).padStart(9)}  ${key}: ${texts[key]}`);
}

/** The summary as lines of text, each with its line break. */
export function summaryText(summary: ExportSummary, output: string): string {
  const { organisation, fromMs, toMs, jobs, runs, repositories, calls } = summary;
  const left = rows(summary.leftOut, leftOutWords);
  const missing = rows(summary.missing, missingWords);
  const lines = [
    `${countText(jobs)} jobs of ${organisation}, queued from ${instantText(fromMs)} to ${instantText(toMs)}, in ${output}`,
    `${countText(repositories)} repositories, ${countText(runs)} runs, ${countText(calls)} calls`,
    ...(left.length === 0 ? [] : ["Left out:", ...left]),
    ...(missing.length === 0 ? [] : ["Missing:", ...missing]),
    ...summary.warnings.map((warning) => `Note: ${warning}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
