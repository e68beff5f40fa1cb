import { Option } from "commander";
import { usualFile } from "../check/usual-file.ts";
import { named, repositoryName } from "../cli/option-values.ts";
import type { AddVerb } from "../cli/verb.ts";
import type { WhichOptions } from "../which/run-which.ts";

const examples = `
Examples:
  What would a job of acme/web with runs-on: runs-fleet/cpu=8/arch=arm64 get?
    $ runs-fleet which runs-fleet/cpu=8/arch=arm64 --repository acme/web

  Several labels, as a list or one by one:
    $ runs-fleet which self-hosted,linux,arm64 --repository acme/web
    $ runs-fleet which self-hosted linux arm64 --repository acme/web

  A label of RunsOn, in a repository that everybody sees:
    $ runs-fleet which runs-on=1/runner=4cpu-linux-x64 --repository acme/docs --visibility public

Without --repository it is told for each policy by itself what a repository would get that this one covers; --visibility is
that of the policy, private where it allows that.

Exit codes: 0 served (without --repository: by some policy), 1 refused or not ours, 2 wrong use, or a file that cannot be read.
`;

/** `runs-fleet which ...`: what a job with some labels would get. */
export const addWhich: AddVerb = (program, context) => {
  program
    .command("which")
    .summary("Tells what a job with some labels would get, and why")
    .description(
      "Routes a job with these labels as the controller would: environment, regions, pool or machine, runner group, and the rule\n" +
        "that allows it; or every reason why it gets nothing.",
    )
    .argument(
      "<labels...>",
      "the job's labels: those of runs-on; one argument may be a list with commas",
    )
    .option("-r, --repository <owner/name>", "the job's repository", repositoryName)
    .addOption(
      new Option("--visibility <visibility>", "who can see the repository")
        .choices(["public", "private", "internal"])
        .default("private"),
    )
    .option("--fork", "the repository is a fork")
    .addOption(named("--property <name=value>", "a custom property of the repository; repeatable"))
    .option(
      "--narrow <file>",
      "the repository's own runs-fleet.yml, which narrows the configuration",
    )
    .option("-c, --config <file>", "the configuration", usualFile)
    .addOption(
      new Option("--format <format>", "how it is told").choices(["text", "json"]).default("text"),
    )
    .addHelpText("after", examples)
    .action(
      context.action(async (labels: readonly string[], options: WhichOptions) => {
        const { runWhich } = await import("../which/run-which.ts");
        return runWhich(labels, options, context);
      }),
    );
};
