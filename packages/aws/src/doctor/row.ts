import type { DoctorContext } from "./context.ts";
import type { DoctorFailure } from "./explain-failure.ts";

/**
 * What a row comes to. `proven`: seen, on AWS where only AWS can show it. `disproven`: seen to be otherwise. `unproven`: nobody knows,
 * and the row says why. `skipped`: not asked, and the row says why.
 */
export type DoctorVerdict = "proven" | "disproven" | "unproven" | "skipped";

/** Facts that a row has seen, by name. */
export type DoctorEvidence = Readonly<Record<string, string | number>>;

/** What a row has found. */
export interface RowAnswer {
  /** What it comes to; of an emulator's answer too. */
  readonly verdict: DoctorVerdict;
  /** Whether what depends on it may be asked. @defaultValue whether it is proven */
  readonly holds?: boolean;
  /** What was seen, in one or two sentences. */
  readonly detail: string;
  /** The facts behind it. */
  readonly evidence?: DoctorEvidence;
  /** What to do. */
  readonly advice?: string;
}

/** One question to an account. */
export interface DoctorRow {
  /** Stable, kebab-case. */
  readonly id: string;
  /** What is asked. */
  readonly question: string;
  /** Why it matters, or what says that it should be so. */
  readonly why: string;
  /** What it costs beside a few free calls; absent: nothing. */
  readonly cost?: string;
  /** Why the answer of an emulator proves nothing; absent: an answer is an answer. */
  readonly onlyOnAws?: string;
  /** Rows that must have held before, by id. */
  readonly after?: readonly string[];
  /** Rows that must not be disproven, by id; that nobody could look is no obstacle. */
  readonly unless?: readonly string[];
  /** Whether it buys or steers machines: only with `live`. */
  readonly isLive?: boolean;
  /** Whether it takes away what others have made: asked whenever a live row was, also when the person has stopped the rest. */
  readonly isCleanUp?: boolean;
  /** Asks. What it throws becomes an unproven row that tells the failure. */
  run(context: DoctorContext): Promise<RowAnswer>;
}

/** A row that has been asked, or not. */
export interface DoctorFinding {
  /** Of the row. */
  readonly id: string;
  /** Of the row. */
  readonly question: string;
  /** Of the row. */
  readonly why: string;
  /** What it comes to here. */
  readonly verdict: DoctorVerdict;
  /** Whether what depends on it may be asked: it held, be it on an emulator. */
  readonly holds: boolean;
  /** What was seen, or why nothing was. */
  readonly detail: string;
  /** The facts behind it. */
  readonly evidence: DoctorEvidence;
  /** What to do. */
  readonly advice?: string;
  /** The call that failed. */
  readonly failure?: DoctorFailure;
  /** How long it took, milliseconds. */
  readonly tookMs: number;
  /** Calls of AWS that it made, those that were tried again included. */
  readonly calls: number;
}
