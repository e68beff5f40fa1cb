import { Option } from "commander";
import type { CheckOptions } from "../check/run-check.ts";
import { usualFile } from "../check/usual-file.ts";
import type { AddVerb } from "../cli/verb.ts";

const examples = `
Examples:
  The organisation's file, in a checkout of .github-private:
    $ runs-fleet check

  Several files, for code scanning:
    $ runs-fleet check --format sarif .github/runs-fleet.yml teams/*.yml > config.sarif

  The file of one repository, which narrows the organisation's for its own jobs:
    $ runs-fleet check --organisation ../.github-private/.github/runs-fleet.yml

  From a pipe:
    $ git show HEAD:.github/runs-fleet.yml | runs-fleet check --stdin

Exit codes: 0 no errors, 1 errors found, 2 wrong use, or a file that cannot be read.
`;

/** `runs-fleet check ...`: what is wrong with a configuration. */
export const addCheck: AddVerb = (program, context) => {
  program
    .command("check")
    .summary("Tells what is wrong with a configuration")
    .description(
      "Reads configuration files and tells all that is wrong with them, each with its place and what was probably meant.\n" +
        "A file with the key narrow is that of one repository.",
    )
    .argument("[files...]", `the files; ${usualFile} when none is named`)
    .addOption(
      new Option("--format <format>", "how it is told")
        .choices(["text", "json", "sarif", "github"])
        .default("text"),
    )
    .option("--fix", "mends in the files what can be mended without another change of meaning")
    .option(
      "--organisation <file>",
      "the organisation's file: names in those of repositories have to be there",
    )
    .option("--stdin", "reads the configuration from standard input")
    .addHelpText("after", examples)
    .action(
      context.action(async (files: readonly string[], options: CheckOptions) => {
        const { runCheck } = await import("../check/run-check.ts");
        return runCheck(files, options, context);
      }),
    );
};
