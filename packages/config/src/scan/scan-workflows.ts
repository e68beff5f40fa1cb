import type { Narrowing, RoutedJob, Visibility } from "@runs-fleet/core";
import type { FleetConfig } from "../parse-config.ts";
import { type Judgement, judgeLabels } from "../which/judge-labels.ts";
import { type FoundJob, findJobs } from "./find-jobs.ts";
import { unknownWords } from "./unknown-words.ts";
import { readWorkflow, type Workflow, type WorkflowProblem } from "./workflow.ts";

/** What a job of a workflow gets: as `which` tells it, not known before it runs, or nothing that GitHub takes. */
export type ScanAnswer =
  | Judgement
  | { readonly kind: "unknown"; readonly source: string; readonly message: string }
  | { readonly kind: "invalid"; readonly message: string };

/** One thing that a job may ask for, and what it gets. */
export interface ScanRow {
  /** `owner/name` in which the job runs. */
  readonly repository: string;
  readonly file: string;
  /** Where `runs-on` stands, from 1. */
  readonly line: number;
  readonly column: number;
  readonly job: string;
  /** What it asks for, its expressions resolved. Absent: not known. */
  readonly labels?: readonly string[];
  readonly group?: string;
  /** How many jobs of one run ask for this: those of a matrix. */
  readonly count: number;
  /** The calls through which it runs, `file, job` each; of calls within calls the outer one first, with ` > ` between; at most 100. */
  readonly callers: readonly string[];
  /** Whether its workflow is only there to be called, and nothing that was looked at calls it. */
  readonly isUncalled: boolean;
  readonly answer: ScanAnswer;
}

/** How many rows have which answer. */
export interface ScanTotals {
  readonly served: number;
  readonly refused: number;
  readonly notOurs: number;
  readonly unknown: number;
  readonly invalid: number;
  readonly workflows: number;
  /** Rows that are served, by pool; under the empty name those without one. */
  readonly pools: Readonly<Record<string, number>>;
}

/** What the workflows of some repositories would get. */
export interface ScanReport {
  readonly rows: readonly ScanRow[];
  /** Files that GitHub could not read either. */
  readonly problems: readonly WorkflowProblem[];
  readonly totals: ScanTotals;
}

/** What a scan is told besides the workflows. */
export interface ScanOptions {
  /** Who can see the repositories. */
  readonly visibility: Visibility;
  /** Values of configuration variables. */
  readonly vars?: ReadonlyMap<string, string>;
  /** What repositories allow themselves, by `owner/name`. */
  readonly narrowings?: ReadonlyMap<string, Narrowing>;
  /** Hears how many of the files are read. */
  readonly onRead?: (files: number) => void;
}

/** Reads workflows, and tells of every job what it would get. Never throws. */
export function scanWorkflows(
  config: FleetConfig,
  files: readonly (Pick<Workflow, "file" | "path" | "repository"> & { readonly text: string })[],
  { visibility, vars = new Map(), narrowings, onRead = () => undefined }: ScanOptions,
): ScanReport {
  const workflows: Workflow[] = [];
  const problems: WorkflowProblem[] = [];
  for (const [index, { text, ...at }] of files.entries()) {
    const read = readWorkflow(text, at);
    if (read.ok) workflows.push(read.value);
    else problems.push(read.problem);
    onRead(index + 1);
  }
  const judged = new Map<string, Judgement>();
  const answerOf = ({ runsOn, repository }: FoundJob): ScanAnswer => {
    if (runsOn.kind === "unknown") return { ...runsOn, message: unknownWords(runsOn.source) };
    if (runsOn.kind === "invalid") return runsOn;
    const key = JSON.stringify([repository, runsOn]);
    const known = judged.get(key);
    if (known !== undefined) return known;
    const narrowing = narrowings?.get(repository);
    const job: RoutedJob = {
      repository,
      visibility,
      fork: false,
      ...(narrowing === undefined ? {} : { narrowing }),
    };
    const judgement = judgeLabels(config, runsOn.labels, job, runsOn.group);
    judged.set(key, judgement);
    return judgement;
  };
  const rows = findJobs(workflows, vars).map((found): ScanRow => {
    const { repository, workflow, job, runsOn, count, callers, isUncalled } = found;
    return {
      repository,
      file: workflow.file,
      line: job.line,
      column: job.column,
      job: job.id,
      ...(runsOn.kind === "labels" ? { labels: runsOn.labels } : {}),
      ...(runsOn.kind === "labels" && runsOn.group !== undefined ? { group: runsOn.group } : {}),
      count,
      callers,
      isUncalled,
      answer: answerOf(found),
    };
  });
  return { rows, problems, totals: totalsOf(rows, workflows.length) };
}

function totalsOf(rows: readonly ScanRow[], workflows: number): ScanTotals {
  const count = (kind: ScanAnswer["kind"]): number =>
    rows.filter(({ answer }) => answer.kind === kind).length;
  const pools = new Map<string, number>();
  for (const { answer } of rows) {
    if (answer.kind !== "served") continue;
    const { pool = "" } = answer.placement;
    pools.set(pool, (pools.get(pool) ?? 0) + 1);
  }
  return {
    served: count("served"),
    refused: count("refused"),
    notOurs: count("not-ours"),
    unknown: count("unknown"),
    invalid: count("invalid"),
    workflows,
    pools: Object.fromEntries([...pools].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}
