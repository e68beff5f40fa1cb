import { Option } from "commander";
import { usualFile } from "../check/usual-file.ts";
import { named, repositoryName } from "../cli/option-values.ts";
import type { AddVerb } from "../cli/verb.ts";
import type { ScanRequest } from "../scan/run-scan.ts";

const examples = `
Examples:
  One checkout:
    $ runs-fleet scan . --repository acme/web

  A directory of checkouts, acme/web, acme/api, ...:
    $ runs-fleet scan ~/src/acme --config .github-private/.github/runs-fleet.yml

  With values of configuration variables, for a script:
    $ runs-fleet scan . --var RUNNER=runs-fleet/pool=linux --format json

What is resolved: matrices with include and exclude, expressions, defaults and choices of inputs, what workflows give to those
that they call, as far as these are among what is scanned. What is known only when a workflow runs, such as outputs of other
jobs, is told as unknown. Where only a condition is not known, both ways are told. A run's number counts as 1.

What a repository allows itself, by its own .github/runs-fleet.yml with the key narrow, counts as well.

A repository is named by --repository, by --owner and its directory, by its remote origin, else by its last two directories.

Exit codes: 0 nothing is refused, 1 something is (--strict: or not known, or broken), 2 wrong use, or what cannot be read.
`;

/** `runs-fleet scan ...`: what the jobs of all workflows would get. */
export const addScan: AddVerb = (program, context) => {
  program
    .command("scan")
    .summary("Tells for every runs-on of your workflows what it would get")
    .description(
      "Reads all workflow files in directories, resolves what their jobs run on, and routes each as the controller would: which\n" +
        "pool or machine, what is refused and why, what is not ours, what is not known.",
    )
    .argument("<directories...>", "checkouts, or directories of checkouts")
    .option("-r, --repository <owner/name>", "the repository, when there is one", repositoryName)
    .option("--owner <login>", "the owner of the repositories; their directories name them")
    .addOption(
      new Option("--visibility <visibility>", "who can see the repositories")
        .choices(["public", "private", "internal"])
        .default("private"),
    )
    .addOption(named("--var <NAME=value>", "the value of a configuration variable; repeatable"))
    .option("--strict", "ends with 1 also when something is not known, or broken")
    .option("-c, --config <file>", "the configuration", usualFile)
    .addOption(
      new Option("--format <format>", "how it is told").choices(["text", "json"]).default("text"),
    )
    .addHelpText("after", examples)
    .action(
      context.action(async (directories: readonly string[], options: ScanRequest) => {
        const { runScan } = await import("../scan/run-scan.ts");
        return runScan(directories, options, context);
      }),
    );
};
