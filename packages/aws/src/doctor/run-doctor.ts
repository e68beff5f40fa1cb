import type { DoctorContext } from "./context.ts";
import { explainFailure } from "./explain-failure.ts";
import { foldAnswer, reasonToSkip } from "./fold.ts";
import type { DoctorFinding, DoctorRow } from "./row.ts";

/** What a run has found. */
export interface DoctorRun {
  /** Every row, in order. */
  readonly findings: readonly DoctorFinding[];
  /** Who was asked: AWS, something that plays it, or nobody. */
  readonly place: "aws" | "emulator" | "nowhere";
  /** The row after which nothing could be asked any more. */
  readonly brokenBy?: string;
}

/**
 * Every row has been asked, or says why it was not. A failure that concerns every call, such as expired credentials, is told once.
 * What was bought is taken away, also when the signal has aborted.
 *
 * @param onFinding - Told of each row as it ends.
 */
export async function runDoctor(
  context: DoctorContext,
  rows: readonly DoctorRow[],
  onFinding: (finding: DoctorFinding) => void = () => undefined,
): Promise<DoctorRun> {
  const findings = new Map<string, DoctorFinding>();
  let brokenBy: string | undefined;
  for (const row of rows) {
    const reason = reasonToSkip(row, {
      findings,
      ...(brokenBy === undefined ? {} : { brokenBy }),
      live: context.options.live,
      isStopped: context.signal.aborted,
    });
    const finding = reason === undefined ? await ask(context, row) : skipped(row, reason);
    findings.set(row.id, finding);
    if (finding.failure?.isEverywhere === true) brokenBy ??= row.id;
    onFinding(finding);
  }
  return {
    findings: [...findings.values()],
    place: context.recorder.place(),
    ...(brokenBy === undefined ? {} : { brokenBy }),
  };
}

/** What emulators answer to a call that they do not know. */
const notServed: ReadonlySet<string> = new Set(["NotImplemented", "UnknownOperationException"]);

async function ask(context: DoctorContext, row: DoctorRow): Promise<DoctorFinding> {
  const { clock, recorder, signal } = context;
  const { id, question, why } = row;
  const startedMs = clock.monotonicMs();
  const sentBefore = recorder.sent;
  const spent = () => ({
    tookMs: Math.round(clock.monotonicMs() - startedMs),
    calls: recorder.sent - sentBefore,
  });
  try {
    const answer = foldAnswer(row, await row.run(context), recorder.place() === "aws");
    return { id, question, why, evidence: {}, ...answer, ...spent() };
  } catch (error) {
    if (signal.aborted && row.isCleanUp !== true) {
      return { ...skipped(row, "because the run was stopped"), ...spent() };
    }
    const failure = explainFailure(error, recorder.callOf(error));
    if (recorder.place() !== "aws" && notServed.has(failure.code)) {
      const detail = `unproven here: the emulator does not know ${failure.call ?? "a call"}`;
      return {
        id,
        question,
        why,
        verdict: "unproven",
        holds: false,
        detail,
        evidence: {},
        ...spent(),
      };
    }
    const { code, call, message, advice } = failure;
    const where = call === undefined ? "" : ` to ${call}`;
    return {
      id,
      question,
      why,
      verdict: "unproven",
      holds: false,
      detail: `${code}${where}: ${message}`,
      evidence: {},
      ...(advice === undefined ? {} : { advice }),
      failure,
      ...spent(),
    };
  }
}

function skipped({ id, question, why }: DoctorRow, detail: string): DoctorFinding {
  return {
    id,
    question,
    why,
    verdict: "skipped",
    holds: false,
    detail,
    evidence: {},
    tookMs: 0,
    calls: 0,
  };
}
