import { Option } from "commander";
import { regionOption, repositoriesOption } from "../cli/option-values.ts";
import type { AddVerb } from "../cli/verb.ts";
import type { ImportOptions } from "../import-runs-on/run-import.ts";

const examples = `
Examples:
  The organisation's pools and runners, in a checkout of .github-private:
    $ runs-fleet import .github/runs-on.yml --region eu-central-1 --repositories 'acme/*' --out .github/runs-fleet.yml

  Only what would not be the same:
    $ runs-fleet import .github/runs-on.yml > /dev/null

  Then look at it:
    $ runs-fleet check .github/runs-fleet.yml

The configuration goes to standard output, or to the file of --out. To standard error goes what is not the same, each with its
line: ambiguous (RunsOn does not say what it means), changed (it means something else here), dropped (it has no counterpart
here, and what to do instead). The same stands in the configuration as comments. Labels such as runs-on=.../cpu=4 go on
working.

Exit codes: 0 translated, also with losses, 1 the file is wrong, 2 wrong use, or a file that cannot be read or written.
`;

/** `runs-fleet import ...`: a configuration from RunsOn's. */
export const addImport: AddVerb = (program, context) => {
  program
    .command("import")
    .summary("Makes a configuration of RunsOn's")
    .description(
      "Translates RunsOn's .github/runs-on.yml (runners, images, pools and their schedules) to a configuration of ours, and " +
        "tells all that is not the same.",
    )
    .argument("<runs-on.yml>", "RunsOn's file")
    .option("-o, --out <file>", "writes the configuration to a file that is not there yet")
    .option("--force", "writes over it when it is there")
    .addOption(regionOption("region of the environments; us-east-1 without it"))
    .addOption(repositoriesOption("repositories that are served, such as 'acme/*'; all without it"))
    .addOption(
      new Option("--format <format>", "how it is told what is not the same")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText("after", examples)
    .action(
      context.action(async (file: string, options: ImportOptions) => {
        const { runImport } = await import("../import-runs-on/run-import.ts");
        return runImport(file, options, context);
      }),
    );
};
