import type { DoctorFinding, DoctorVerdict } from "./row.ts";
import type { DoctorRun } from "./run-doctor.ts";

/** What a run comes to, as data: for `--json`, and to be sent. */
export interface DoctorReport {
  /** Of this form; grows when a field changes its meaning. */
  readonly format: 1;
  /** Of the package. */
  readonly version: string;
  /** When the run began, in UTC. */
  readonly at: string;
  /** Which environment. */
  readonly environment: string;
  /** Which region. */
  readonly region: string;
  /** Who was asked: AWS, something that plays it, or nobody. */
  readonly place: DoctorRun["place"];
  /** Whether a machine could be bought. */
  readonly live: boolean;
  /** How many rows came to what. */
  readonly counts: Readonly<Record<DoctorVerdict, number>>;
  /** Calls that were sent. */
  readonly calls: number;
  /** From the first row to the last, milliseconds. */
  readonly tookMs: number;
  /** The row after which nothing could be asked any more. */
  readonly brokenBy?: string;
  /** Every row. */
  readonly findings: readonly DoctorFinding[];
}

/** Makes the report. */
export function reportOf(
  run: DoctorRun,
  about: Pick<DoctorReport, "version" | "at" | "environment" | "region" | "live">,
): DoctorReport {
  const { findings, place, brokenBy } = run;
  const sum = (of: (finding: DoctorFinding) => number) =>
    findings.reduce((total, finding) => total + of(finding), 0);
  return {
    format: 1,
    ...about,
    place,
    counts: countsOf(findings),
    calls: sum(({ calls }) => calls),
    tookMs: sum(({ tookMs }) => tookMs),
    ...(brokenBy === undefined ? {} : { brokenBy }),
    findings,
  };
}

/** How many rows came to what. */
export function countsOf(findings: readonly DoctorFinding[]): DoctorReport["counts"] {
  const counts = { proven: 0, disproven: 0, unproven: 0, skipped: 0 };
  for (const { verdict } of findings) counts[verdict] += 1;
  return counts;
}
