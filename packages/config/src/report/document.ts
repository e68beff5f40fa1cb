import type { Comparison, FleetReport, SensitivityRow } from "@runs-fleet/core/testing";

/** What was asked, in the words of the command line: nothing of when or where it ran, so that same inputs give same bytes. */
export interface ReportInputs {
  /** Name and version of the program. */
  readonly program: string;
  /** The configuration's file, as it was written. */
  readonly config: string;
  /** The file of jobs, or how they were generated. */
  readonly jobs: string;
}

/** A condition of `--assert`, and what came of it. */
export interface AssertionOutcome {
  /** As it was written. */
  readonly condition: string;
  readonly holds: boolean;
  /** What was measured: milliseconds, a share of 0 to 1, or US dollars. */
  readonly value: number;
  /** The same in words: `p95(linux) is 52 s`. */
  readonly measured: string;
}

/** Another configuration under the same jobs. */
export interface Compared {
  /** Its file, as it was written. */
  readonly config: string;
  readonly report: FleetReport;
  /** The other one against ours. */
  readonly changes: Comparison;
}

/** All that a report shows, in any form. */
export interface ReportDocument {
  readonly inputs: ReportInputs;
  readonly report: FleetReport;
  readonly assertions: readonly AssertionOutcome[];
  /** Absent: not asked for. */
  readonly sensitivity?: readonly SensitivityRow[];
  /** Absent: not asked for. */
  readonly compared?: Compared;
}
