import { readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline/promises";
import type { Clock } from "../ports/clock.ts";
import { systemClock } from "../ports/system-clock.ts";

/** One of the two streams that a person or a pipe reads. */
export interface CliStream {
  /** Whether a person sees it as it is written: progress bars and colours are for them. */
  readonly isTerminal: boolean;
  /** Width in characters; absent when it is not a terminal. */
  readonly columns?: number;
  /** Appends text; line ends are the caller's. */
  write(text: string): void;
}

/** All that a command line takes from the process that runs it; files are read from `cwd`. */
export interface CliHost {
  /** Version of the package, for `--version` and reports. */
  readonly version: string;
  /** Results: what a pipe takes further. */
  readonly out: CliStream;
  /** Problems and progress. */
  readonly err: CliStream;
  /** Variables that verbs name in their help. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directory from which relative paths count. */
  readonly cwd: string;
  /** Time of progress bars and waits; no result depends on it. */
  readonly clock: Clock;
  /** The way to servers, for verbs that speak HTTP. */
  readonly fetch: typeof fetch;
  /** Aborts when the person presses Ctrl-C, or the process is told to end. */
  readonly signal: AbortSignal;
  /** Asks the person at the terminal for a line; absent when there is nobody to ask. */
  ask?(question: string): Promise<string>;
}

/** 0: fine. 1: problems found. 2: wrong use or a broken environment. */
export type ExitCode = 0 | 1 | 2;

/**
 * This process as the host of its command line. From now on SIGINT and SIGTERM abort its signal, and a reader who closes our
 * output ends the process.
 *
 * @param manifest - The `package.json` whose version it tells.
 */
export function openCliHost(manifest: URL): CliHost {
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => ending.abort(new Error(`stopped by ${signal}`)));
  }
  // `... | head` closes our output while we write: that is the end of the work, and no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? 0 : 2);
  });
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  const ask = async (question: string): Promise<string> => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await terminal.question(question, { signal: ending.signal });
    } finally {
      terminal.close();
    }
  };
  const isAttended = process.stdin.isTTY === true && process.stderr.isTTY === true;
  return {
    version,
    out: streamOf(process.stdout),
    err: streamOf(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    fetch,
    signal: ending.signal,
    ...(isAttended ? { ask } : {}),
  };
}

function streamOf(target: NodeJS.WriteStream): CliStream {
  const isTerminal = target.isTTY === true;
  return {
    isTerminal,
    ...(isTerminal ? { columns: target.columns } : {}),
    write: (text) => void target.write(text),
  };
}

/** Widest line of a help text, characters: longer ones are hard to read. */
const widest = 110;

/** Where a command-line library writes help and errors, in the form of commander's `configureOutput`. No colours. */
export function cliOutput({ out, err }: Pick<CliHost, "out" | "err">): {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  readonly getOutHelpWidth: () => number;
  readonly getErrHelpWidth: () => number;
  readonly getOutHasColors: () => boolean;
  readonly getErrHasColors: () => boolean;
} {
  const widthOf = ({ columns = 100 }: CliStream): number => Math.min(columns, widest);
  return {
    writeOut: (text) => out.write(text),
    writeErr: (text) => err.write(text),
    getOutHelpWidth: () => widthOf(out),
    getErrHelpWidth: () => widthOf(err),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
}
