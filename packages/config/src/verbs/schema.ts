import type { AddVerb } from "../cli/verb.ts";
import type { SchemaOptions } from "../schema/run-schema.ts";

const examples = `
Examples:
  Completion, explanations and red lines in an editor, for whoever has this repository:
    $ runs-fleet schema > .github/runs-fleet.schema.json

    and as the first line of .github/runs-fleet.yml, for the YAML language server:
    # yaml-language-server: $schema=./runs-fleet.schema.json

    or in the settings of VS Code, with its YAML extension:
    "yaml.schemas": { ".github/runs-fleet.schema.json": ".github/runs-fleet.yml" }

  The same for the files that it includes:
    $ runs-fleet schema --included > .github/runs-fleet-included.schema.json

  The same for the file by which one repository narrows it:
    $ runs-fleet schema --repository > .github/runs-fleet.schema.json

An editor sees keys, types and how values are written. Names that are not there, schedules that never hold and the like are
told by runs-fleet check.

Exit codes: 0 fine, 2 wrong use.
`;

/** `runs-fleet schema`: the form of the configuration, for editors. */
export const addSchema: AddVerb = (program, context) => {
  program
    .command("schema")
    .summary("Prints the JSON Schema of the configuration, for editors")
    .description(
      "Prints the form of the configuration as JSON Schema (draft-07), with descriptions and examples.",
    )
    .option("--included", "prints that of files which a configuration includes")
    .option(
      "--repository",
      "prints that of the file by which one repository narrows the configuration",
    )
    .addHelpText("after", examples)
    .action(
      context.action(async (options: SchemaOptions) => {
        const { runSchema } = await import("../schema/run-schema.ts");
        return runSchema(options, context);
      }),
    );
};
