import { Option } from "commander";
import { usualFile } from "../check/usual-file.ts";
import type { AddVerb } from "../cli/verb.ts";
import type { ExplainOptions } from "../explain/run-explain.ts";

const examples = `
Examples:
  What every pool wants now, in a line:
    $ runs-fleet explain

  Why linux wants what it wants on the morning of Christmas Eve, on the pool's own clock:
    $ runs-fleet explain linux --at 2026-12-24T09:00

  The same moment wherever the pool is:
    $ runs-fleet explain linux --at 2026-12-24T08:00Z --format json

Exit codes: 0 fine, 1 the configuration has errors, 2 wrong use (a pool or a moment that is none), or a file that cannot be read.
`;

/** `runs-fleet explain [pool] ...`: why a pool wants what it wants. */
export const addExplain: AddVerb = (program, context) => {
  program
    .command("explain")
    .summary("Tells why a pool wants what it wants at a moment")
    .description(
      "Tells how many hot and stopped machines the schedule of a pool wants at a moment, and why: which entries are open, which lost to\n" +
        "which, what exceptions closed, what leads and ramps add, and what comes next.",
    )
    .argument("[pool]", "the pool; a line for each of them when none is named")
    .option("-c, --config <file>", `the configuration (default: "${usualFile}")`)
    .option(
      "--at <moment>",
      "ISO 8601, such as 2026-12-24T09:00; without an offset on the pool's own clock (default: now)",
    )
    .addOption(
      new Option("--format <format>", "how it is told").choices(["text", "json"]).default("text"),
    )
    .addHelpText("after", examples)
    .action(
      context.action(async (pool: string | undefined, options: ExplainOptions) => {
        const { runExplain } = await import("../explain/run-explain.ts");
        return runExplain(pool, options, context);
      }),
    );
};
