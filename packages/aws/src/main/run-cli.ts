import { type CliHost, cliOutput, type ExitCode } from "@runs-fleet/core/node";
import { Command, CommanderError } from "commander";
import { addDoctorVerb } from "./doctor-verb.ts";
import { formatProblem, problemOf } from "./problem.ts";
import { addStackVerb } from "./stack-verb.ts";
import type { AddVerb, VerbContext } from "./verb.ts";

/** One line for each verb. */
const verbs: readonly AddVerb[] = [addStackVerb, addDoctorVerb];

/**
 * The command has run, and all that it had to say is written.
 *
 * @param args - Without the program's name.
 * @returns 0 fine, 1 problems found, 2 wrong use or a broken environment. Never rejects.
 */
export async function runCli(args: readonly string[], host: CliHost): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const context: VerbContext = {
    host,
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
    host.err.write(
      formatProblem(
        host.signal.aborted ? { ...problemOf(error), code: "stopped" } : problemOf(error),
      ),
    );
    return 2;
  }
}

function createProgram(context: VerbContext): Command {
  const { host } = context;
  const program = new Command("runs-fleet-aws")
    .description(
      "What runs-fleet needs of an AWS account: makes it, looks at it, and tells what is missing.\n\n" +
        "Region, credentials and endpoints are those of the AWS SDK: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL.\n" +
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
