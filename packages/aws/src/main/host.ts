import type { Clock } from "@runs-fleet/core";

/** One of the two streams that a person or a pipe reads. */
export interface CliStream {
  /** Whether a person sees it as it is written. */
  readonly isTerminal: boolean;
  /** Width in characters; absent when it is not a terminal. */
  readonly columns?: number;
  /** Appends text; line ends are the caller's. */
  write(text: string): void;
}

/** All that the command line takes from the process that runs it. */
export interface CliHost {
  /** Version of the package. */
  readonly version: string;
  /** Results: what a pipe takes further. */
  readonly out: CliStream;
  /** Problems and progress. */
  readonly err: CliStream;
  /** What the SDK reads by itself, and nothing is passed on from: verbs only name variables in what they say. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directory from which relative paths count. */
  readonly cwd: string;
  /** Time of waits. */
  readonly clock: Clock;
  /** Aborts when the person presses Ctrl-C, or the process is told to end. */
  readonly signal: AbortSignal;
  /** Asks the person at the terminal for a line; absent when there is nobody to ask. */
  ask?(question: string): Promise<string>;
}

/** 0: fine. 1: problems found. 2: wrong use or a broken environment, such as no credentials. */
export type ExitCode = 0 | 1 | 2;
