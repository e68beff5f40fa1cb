import { InvalidArgumentError, Option } from "commander";
import { usualFile } from "../check/usual-file.ts";
import type { AddVerb } from "../cli/verb.ts";
import type { PreviewOptions } from "../preview/run-preview.ts";

const examples = `
Examples:
  The week from today on, of all pools, in the terminal:
    $ runs-fleet preview

  Christmas, of two pools:
    $ runs-fleet preview linux windows --from 2026-12-21 --days 14

  A page for colleagues, or a picture for a pull request:
    $ runs-fleet preview --html week.html
    $ runs-fleet preview --svg week.svg

What is drawn is the schedule: machines that are ready and unclaimed. Leads and ramps are left out, and machines with jobs come on
top. Each pool is drawn on the calendar of its own time zone. The same inputs give the same bytes.

Exit codes: 0 fine, 1 the configuration has errors, 2 wrong use, or a file that cannot be read or written.
`;

/** `runs-fleet preview ...`: what the pools want in a week. */
export const addPreview: AddVerb = (program, context) => {
  program
    .command("preview")
    .summary("Draws the week of each pool")
    .description(
      "Draws how many hot and stopped machines the schedule of each pool wants, day by day: holidays, changes of the clock, windows\n" +
        "over midnight and all.",
    )
    .argument("[pools...]", "the pools; all of them when none is named")
    .option("-c, --config <file>", `the configuration (default: "${usualFile}")`)
    .option("--from <date>", "first day, such as 2026-12-21 (default: today)")
    .addOption(whole("--days <n>", "how many days, 1 to 31", 1, 31).default(7))
    .addOption(new Option("--svg <file>", "writes an SVG; - for stdout").conflicts("html"))
    .option("--html <file>", "writes a page that needs nothing else; - for stdout")
    .addOption(whole("--width <n>", "columns of the terminal, or pixels of the SVG", 20, 4_000))
    .addHelpText("after", examples)
    .action(
      context.action(async (pools: readonly string[], options: PreviewOptions) => {
        const { runPreview } = await import("../preview/run-preview.ts");
        return runPreview(pools, options, context);
      }),
    );
};

function whole(flags: string, description: string, min: number, max: number): Option {
  return new Option(flags, description).argParser((text: string) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Must be a whole number from ${min} to ${max}.`);
  });
}
