import type { CliHost, ExitCode } from "@runs-fleet/core/node";
import type { Command } from "commander";
import type { Problem } from "./problem.ts";

/** What a verb gets: where it runs, and how it ends. */
export interface VerbContext {
  readonly host: CliHost;
  /** Prints problems to stderr, in order. */
  report(problems: readonly Problem[]): void;
  /**
   * Makes a commander action of a function that answers with the exit code. What it throws is printed, and ends with 2.
   */
  action<A extends readonly unknown[]>(
    act: (...args: A) => Promise<ExitCode>,
  ): (...args: A) => Promise<void>;
}

/** Adds one verb, with all its help, to the program. One file per verb, in `verbs/`. */
export type AddVerb = (program: Command, context: VerbContext) => void;
