import type { Clock } from "@runs-fleet/core";

/** One of the two streams that a person or a pipe reads. */
export interface CliStream {
  /** Whether a person sees it as it is written: progress bars and colours are for them. */
  readonly isTerminal: boolean;
  /** Width in characters; absent when it is not a terminal. */
  readonly columns?: number;
  /** Appends text; line ends are the caller's. */
  write(text: string): void;
}

/** All that the command line takes from the process that runs it; files are read from `cwd`. */
export interface CliHost {
  /** Version of the package, for `--version` and reports. */
  readonly version: string;
  /** Results: what a pipe takes further. */
  readonly out: CliStream;
  /** Problems and progress. */
  readonly err: CliStream;
  /** `NO_COLOR`, `TERM`, and the tokens that verbs name in their help. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directory from which relative paths count. */
  readonly cwd: string;
  /** Time of progress bars and waits; no result depends on it. */
  readonly clock: Clock;
  /** The way to GitHub, for verbs that speak with it. */
  readonly fetch: typeof fetch;
  /** Aborts when the person presses Ctrl-C, or the process is told to end. */
  readonly signal: AbortSignal;
}

/** 0: fine. 1: problems found, such as an assertion that does not hold. 2: wrong use or a broken environment. */
export type ExitCode = 0 | 1 | 2;
