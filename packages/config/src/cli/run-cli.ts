import { type CliHost, cliOutput, type ExitCode } from "@runs-fleet/core/node";
import { Command, CommanderError } from "commander";
import { addApply } from "../verbs/apply.ts";
import { addCheck } from "../verbs/check.ts";
import { addExplain } from "../verbs/explain.ts";
import { addImport } from "../verbs/import.ts";
import { addInit } from "../verbs/init.ts";
import { addJobs } from "../verbs/jobs.ts";
import { addDiff, addPlan } from "../verbs/plan.ts";
import { addPreview } from "../verbs/preview.ts";
import { addScan } from "../verbs/scan.ts";
import { addSchema } from "../verbs/schema.ts";
import { addSimulate } from "../verbs/simulate.ts";
import { addWhich } from "../verbs/which.ts";
import { addWhy } from "../verbs/why.ts";
import { paintFor } from "./paint.ts";
import { formatProblem, type Problem } from "./problem.ts";
import type { AddVerb, VerbContext } from "./verb.ts";

const verbs: readonly AddVerb[] = [
  addInit,
  addCheck,
  addSchema,
  addExplain,
  addPreview,
  addPlan,
  addDiff,
  addApply,
  addWhy,
  addImport,
  addWhich,
  addScan,
  addSimulate,
  addJobs,
];

/**
 * The command has run, and all that it had to say is written.
 *
 * @param args - Without the program's name.
 * @returns 0 fine, 1 problems found, 2 wrong use or a broken environment. Never rejects.
 */
export async function runCli(args: readonly string[], host: CliHost): Promise<ExitCode> {
  const paint = paintFor(host.err, host.env);
  let exitCode: ExitCode = 0;
  const report = (problems: readonly Problem[]): void => {
    for (const problem of problems) host.err.write(formatProblem(problem, paint));
  };
  const context: VerbContext = {
    host,
    report,
    action:
      (act) =>
      async (...values) => {
        exitCode = await act(...values);
      },
  };
  try {
    await createProgram(context).parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has said what is wrong; asking for help or for the version is nothing wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    report([host.signal.aborted ? stopped(error) : unexpected(error)]);
    return 2;
  }
}

function createProgram(context: VerbContext): Command {
  const { host } = context;
  const program = new Command("runs-fleet")
    .description(
      "Checks, explains and tries a runs-fleet configuration before anybody pays for it.\n\n" +
        "Exit codes: 0 fine, 1 problems found, 2 wrong use or a broken environment.",
    )
    .version(host.version)
    .showSuggestionAfterError()
    .showHelpAfterError("(--help tells more)")
    .exitOverride()
    .configureOutput(cliOutput(host));
  for (const add of verbs) add(program, context);
  return program;
}

/** The person, or the system, has had enough. */
function stopped(reason: unknown): Problem {
  return { code: "stopped", message: reason instanceof Error ? reason.message : String(reason) };
}

/** What nobody foresaw: a file that cannot be read, a full disk, a bug of ours. */
function unexpected(error: unknown): Problem {
  if (!(error instanceof Error)) return { code: "unexpected", message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code.toLowerCase() : "";
  const kind = "kind" in error && typeof error.kind === "string" ? error.kind : code;
  return { code: kind || "unexpected", message: error.message };
}
