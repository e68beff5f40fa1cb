import { Option } from "commander";
import { usualFile } from "../check/usual-file.ts";
import type { AddVerb } from "../cli/verb.ts";
import type { PlanRequest } from "../plan/run-plan.ts";

const planExamples = `
Examples:
  What does this branch change?
    $ git show origin/main:.github/runs-fleet.yml > before.yml
    $ runs-fleet plan --from before.yml

  Against what a host runs by, with costs, as a comment for a pull request:
    $ runs-fleet plan --url http://127.0.0.1:8080 --rates rates.json --format markdown

Costs are those of the machines that wait, by the schedules alone: jobs, leads and ramps come on top. --rates takes the file
that runs-fleet simulate takes; without one, machine-hours are told.
Exit codes: 0 fine, 1 the file has problems, 2 wrong use, or a host that does not answer.
`;

const diffExamples = `
Examples:
  $ runs-fleet diff before.yml .github/runs-fleet.yml
  $ runs-fleet diff --url http://127.0.0.1:8080
  $ runs-fleet diff --url http://127.0.0.1:8080 --exit-code || echo "not what is in force"

Exit codes: 0 fine, 1 the file has problems, or with --exit-code something differs, 2 wrong use, or a host that does not answer.
`;

const formatOption = (): Option =>
  new Option("--format <format>", "how it is told")
    .choices(["text", "markdown", "json"])
    .default("text");
const urlOption = (): Option =>
  new Option("--url <url>", "where the pages of a host are: compare with what it runs by");

/** `runs-fleet plan ...`: what a configuration would change. */
export const addPlan: AddVerb = (program, context) => {
  program
    .command("plan")
    .summary("Tells what a configuration would change, and what it would cost")
    .description(
      "Compares a configuration with what is in force, and tells what would change: pools added, changed and removed, machines that are replaced, hours and costs of a month, and the next 14 days.",
    )
    .argument("[file]", `the configuration; ${usualFile} when none is named`)
    .addOption(new Option("--from <file>", "a file that is in force now").conflicts("url"))
    .addOption(urlOption())
    .option("--rates <file>", "prices by pool, as JSON")
    .addOption(formatOption())
    .addHelpText("after", planExamples)
    .action(
      context.action(async (file: string | undefined, request: PlanRequest) => {
        const { runPlan } = await import("../plan/run-plan.ts");
        return runPlan(file, request, context);
      }),
    );
};

/** `runs-fleet diff ...`: what differs, and nothing else. */
export const addDiff: AddVerb = (program, context) => {
  program
    .command("diff")
    .summary("Tells what differs between two configurations")
    .description(
      "Tells what differs between two files, or between a file and what a host runs by. Only what they mean counts.",
    )
    .argument(
      "[files...]",
      `two files, old and new; with --url one, ${usualFile} when none is named`,
    )
    .addOption(urlOption())
    .option("--exit-code", "ends with 1 when something differs")
    .addOption(formatOption())
    .addHelpText("after", diffExamples)
    .action(
      context.action(async (files: readonly string[], request: PlanRequest) => {
        const wanted = request.url === undefined ? [2] : [0, 1];
        if (!wanted.includes(files.length)) {
          const message =
            request.url === undefined
              ? `Two files are compared, or one with --url; ${files.length} named`
              : `With --url one file is compared; ${files.length} named`;
          context.report([{ code: "wrong-use", message }]);
          return 2;
        }
        const { runPlan } = await import("../plan/run-plan.ts");
        const [from, file] = request.url === undefined ? files : [undefined, files[0]];
        const compared = { ...request, changesOnly: true, ...(from === undefined ? {} : { from }) };
        return runPlan(file, compared, context);
      }),
    );
};
