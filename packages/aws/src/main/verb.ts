import type { CliHost, ExitCode } from "@runs-fleet/core/node";
import type { Command } from "commander";

/** What a verb gets: where it runs, and how it ends. */
export interface VerbContext {
  readonly host: CliHost;
  /**
   * Makes a commander action of a function that answers with the exit code. What it throws is printed with its code, and
   * ends with 2.
   */
  action<A extends readonly unknown[]>(
    act: (...args: A) => Promise<ExitCode>,
  ): (...args: A) => Promise<void>;
}

/**
 * Adds one verb, with all its help, to the program. One file per verb beside this one; what the verb does, and the SDK with it,
 * is imported when it runs: help must not cost a second.
 */
export type AddVerb = (program: Command, context: VerbContext) => void;
