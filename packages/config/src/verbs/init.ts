import { InvalidArgumentError, Option } from "commander";
import { usualFile } from "../check/usual-file.ts";
import { regionOption, repositoriesOption } from "../cli/option-values.ts";
import type { AddVerb } from "../cli/verb.ts";
import type { InitOptions } from "../init/run-init.ts";

const examples = `
Examples:
  A first configuration, in a checkout of .github-private:
    $ runs-fleet init --region eu-central-1 --repositories 'acme/*'

  Then see what it says, and what the jobs of a checkout would get:
    $ runs-fleet check
    $ runs-fleet preview
    $ runs-fleet scan .

Who comes from RunsOn begins with runs-fleet import.

Exit codes: 0 written, 2 wrong use, or a file that is there or cannot be written.
`;

/** `runs-fleet init`: a first configuration. */
export const addInit: AddVerb = (program, context) => {
  program
    .command("init")
    .summary("Writes a first configuration")
    .description(
      "Writes a small configuration that is whole: one pool, one kind of machine, one rule, each with what it is for.",
    )
    .argument("[file]", "where it is written; - for standard output", usualFile)
    .option("--force", "writes over it when it is there")
    .addOption(regionOption("region in which machines are bought").default("us-east-1"))
    .addOption(repositoriesOption("repositories that are served, such as 'acme/*'; all without it"))
    .addOption(
      new Option("--timezone <zone>", "time zone of the schedule, such as Europe/Berlin")
        .default("Etc/UTC")
        .argParser((text: string) => {
          if (/^[\w+/-]{1,64}$/.test(text)) return text;
          throw new InvalidArgumentError("Must be a time zone such as Europe/Berlin.");
        }),
    )
    .addHelpText("after", examples)
    .action(
      context.action(async (file: string, { repositories = ["*"], ...options }: Asked) => {
        const { runInit } = await import("../init/run-init.ts");
        return runInit(file, { ...options, repositories }, context);
      }),
    );
};

type Asked = Omit<InitOptions, "repositories"> & Partial<Pick<InitOptions, "repositories">>;
