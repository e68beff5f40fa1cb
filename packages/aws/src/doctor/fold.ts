import type { DoctorFinding, DoctorRow, RowAnswer } from "./row.ts";

/** How far a run has come. */
export interface DoctorProgress {
  /** By id of the row. */
  readonly findings: ReadonlyMap<string, DoctorFinding>;
  /** The row after which nothing can be asked any more, such as one that found the credentials expired. */
  readonly brokenBy?: string;
  /** Whether rows that buy machines may be asked. */
  readonly live: boolean;
  /** Whether the person has stopped the run. */
  readonly isStopped: boolean;
}

/** Why a row is not asked; `undefined` when it is. */
export function reasonToSkip(row: DoctorRow, progress: DoctorProgress): string | undefined {
  const { findings, brokenBy, live, isStopped } = progress;
  // Whatever has gone wrong: what was bought is taken away.
  if (row.isCleanUp) return live ? undefined : "only with --live";
  if (brokenBy !== undefined) return `because of ${brokenBy}`;
  if (isStopped) return "because the run was stopped";
  if (row.isLive && !live) return "only with --live";
  const missing = row.after?.find((id) => findings.get(id)?.holds !== true);
  if (missing !== undefined) return `because ${missing} does not hold`;
  const wrong = row.unless?.find((id) => findings.get(id)?.verdict === "disproven");
  return wrong === undefined ? undefined : `because ${wrong} is disproven`;
}

/** What an answer comes to where it was given: an emulator proves little. */
export function foldAnswer(
  { onlyOnAws }: Pick<DoctorRow, "onlyOnAws">,
  answer: RowAnswer,
  isAws: boolean,
): RowAnswer & { readonly holds: boolean } {
  const isProven = answer.verdict === "proven";
  const holds = answer.holds ?? isProven;
  if (!isProven || isAws || onlyOnAws === undefined) return { ...answer, holds };
  const detail = `${answer.detail}; unproven here: ${onlyOnAws}`;
  return { ...answer, verdict: "unproven", detail, holds };
}

/** 0: nothing is wrong. 1: something is, or could not be looked at. 2: nothing could be looked at. */
export function exitCodeOf(
  findings: readonly DoctorFinding[],
  brokenBy: string | undefined,
): 0 | 1 | 2 {
  if (brokenBy !== undefined) return 2;
  const isBad = findings.some(
    ({ verdict, failure }) => verdict === "disproven" || failure !== undefined,
  );
  return isBad ? 1 : 0;
}
