import type { RecordedRepository } from "@runs-fleet/core/github";
import * as v from "valibot";
import { type LeftOut, leftOutReasons } from "./exported-job.ts";
import { exportError } from "./problems.ts";
import type { Scan } from "./windows.ts";

/** A run that had jobs in the range which had not ended: it is asked for again by the next run of the export. */
export interface OpenRun {
  readonly repository: RecordedRepository;
  readonly runId: string;
  /** Of its only page; asking with it costs nothing while nothing has changed. */
  readonly etag?: string;
  /** Jobs of it that are in the file, or left out for good. */
  readonly settled: readonly string[];
  /** How many of its jobs had not ended. */
  readonly unfinished: number;
}

/** How far an export has come. All of it belongs together: it is replaced as a whole, after what it counts is on disk. */
export interface ExportState {
  readonly format: 1;
  /** The question that it answers: other options cannot go on with it. */
  readonly question: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Which list is being read: first all repositories, then all runs, then the jobs of each. */
  readonly phase: "repositories" | "runs" | "jobs" | "done";
  /** Repositories whose runs are read. */
  readonly scanned: number;
  /** Of the repository whose runs are being read. */
  readonly scan: Scan | null;
  /** Runs whose jobs are read. */
  readonly runsDone: number;
  /** Bytes of the plan and of the output that count; what lies beyond was never finished. */
  readonly planBytes: number;
  readonly outputBytes: number;
  readonly jobs: number;
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
  /** What is missing because GitHub would not show it, by why. */
  readonly missing: Readonly<Record<MissingPart, number>>;
  readonly open: readonly OpenRun[];
  /** Calls of all runs of the export. */
  readonly calls: number;
  /** Repositories that were asked for; of these, those that not everybody sees. */
  readonly repositories: number;
  readonly privateRepositories: number;
  /** Repositories that were not asked for. */
  readonly otherRepositories: number;
}

/**
 * `repositories`: gone, blocked or not for this token. `runs`: deleted while the export ran. `listings`: entries that GitHub
 * counts and does not list.
 */
export type MissingPart = "repositories" | "runs" | "listings";

/** The state before the first call. */
export function firstState(question: string, fromMs: number, toMs: number): ExportState {
  return {
    format: 1,
    question,
    fromMs,
    toMs,
    phase: "repositories",
    scanned: 0,
    scan: null,
    runsDone: 0,
    planBytes: 0,
    outputBytes: 0,
    jobs: 0,
    leftOut: {},
    missing: { repositories: 0, runs: 0, listings: 0 },
    open: [],
    calls: 0,
    repositories: 0,
    privateRepositories: 0,
    otherRepositories: 0,
  };
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(65_536));
/** A run has no more jobs than this, all its attempts together. */
const mostJobs = 100_000;

const stateSchema = v.object({
  format: v.literal(1),
  question: text,
  fromMs: count,
  toMs: count,
  phase: v.picklist(["repositories", "runs", "jobs", "done"]),
  scanned: count,
  scan: v.nullable(v.object({ nextMs: count, widthMs: count })),
  runsDone: count,
  planBytes: count,
  outputBytes: count,
  jobs: count,
  leftOut: v.object(v.entriesFromList(leftOutReasons, v.exactOptional(count))),
  missing: v.object({ repositories: count, runs: count, listings: count }),
  open: v.array(
    v.object({
      repository: v.object({
        name: text,
        visibility: v.picklist(["public", "private", "internal"]),
        fork: v.boolean(),
      }),
      runId: v.pipe(v.string(), v.regex(/^\d{1,19}$/)),
      etag: v.exactOptional(text),
      settled: v.pipe(v.array(text), v.maxLength(mostJobs)),
      unfinished: count,
    }),
  ),
  calls: count,
  repositories: count,
  privateRepositories: count,
  otherRepositories: count,
});

/**
 * The state that a file holds.
 *
 * @throws A `FleetError` with the code `state-unreadable` when it is none.
 */
export function parseState(text: string): ExportState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const read = v.safeParse(stateSchema, value);
  if (read.success) return read.output;
  throw exportError(
    "state-unreadable",
    "The state of the export cannot be read: begin anew with --restart, or choose another --output",
  );
}

/** The lines of the plan: the repositories, then the runs by the number of their repository. */
export type PlanLine =
  | { readonly repository: RecordedRepository }
  | { readonly run: readonly [number, string] };

/** What the plan's file holds: the lines that count. */
export function parsePlan(text: string): {
  readonly repositories: readonly RecordedRepository[];
  readonly runs: readonly (readonly [number, string])[];
} {
  const repositories: RecordedRepository[] = [];
  const runs: (readonly [number, string])[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const value = JSON.parse(line) as PlanLine;
    if ("repository" in value) repositories.push(value.repository);
    else runs.push(value.run);
  }
  return { repositories, runs };
}
