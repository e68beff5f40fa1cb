import { InvalidArgumentError, Option } from "commander";
import type { AddVerb } from "../cli/verb.ts";
import type { ExportRequest } from "../jobs-export/run-export.ts";

const examples = `
Examples:
  The last week of the whole organisation:
    $ GITHUB_TOKEN=$(cat token) runs-fleet jobs export --org acme --output jobs.ndjson

  October, some repositories, with what ran on GitHub's own runners until now:
    $ runs-fleet jobs export --org acme --from 2026-10-01 --to 2026-11-01 --repository 'api-*' --hosted -o october.ndjson

  Then try a configuration on them:
    $ runs-fleet simulate --config fleet.json --jobs jobs.ndjson --baseline recorded

Token: from GITHUB_TOKEN or GH_TOKEN, or from the file of --token-file; never from the command line, which others can read.
  fine-grained: resource owner = the organisation, all repositories, permission "Actions: read" ("Metadata: read" comes
                with it), approved by an owner; nothing else
  GitHub App:   an installation token with "Actions: read" and "Metadata: read"
  classic:      scope repo, which may also write; a fine-grained one is better

Going on: the same command goes on where the last one ended, also after it was killed; when all was read, it adds the jobs
  that have finished since. Beside the output lie FILE.state.json and, until the end, FILE.runs.ndjson.

Budget: one call at a time, a call for each run and some for the lists: 5,000 runs take some 5,200 calls. A fifth of the
  hourly limit is left to others (--reserve); when the rest is used up, it waits for the next hour and says so.

Exit codes: 0 all is read, 2 wrong use, no access, or GitHub does not answer: the message says what to do.
`;

/** `runs-fleet jobs ...`: files of recorded jobs. */
export const addJobs: AddVerb = (program, context) => {
  const jobs = program.command("jobs").description("Files of recorded jobs, for simulate.");
  jobs
    .command("export")
    .summary("Makes a file of your organisation's jobs from GitHub's record")
    .description(
      "Reads the finished jobs of an organisation from GitHub's API, with a token that may only read, and writes one JSON " +
        "object a line: when each was queued, started and ended, its labels, repository, runner and outcome.",
    )
    .requiredOption("--org <login>", "organisation")
    .option("-o, --output <file>", "file to write", "jobs.ndjson")
    .option(
      "--from <when>",
      "jobs queued from: 2026-11-01, 2026-11-01T08:00Z, or ago: 12h, 7d, 4w",
      "7d",
    )
    .option("--to <when>", "jobs queued before; now without it")
    .addOption(list("--repository <pattern>", "only these, such as api or 'api-*'; repeatable"))
    .addOption(
      list("--label <pattern>", "only jobs with a label like that, such as 'gpu*'; repeatable"),
    )
    .option("--hosted", "takes in jobs of GitHub's own runners: for those who want to move them")
    .option("--first-attempts", "leaves out re-runs")
    .addOption(
      whole("--look-back <days>", "looks for re-runs in runs that are so much older", 400).default(
        35,
      ),
    )
    .addOption(
      whole("--reserve <calls>", "calls an hour that are left to others; a fifth without it", 1e6),
    )
    .option("--token-file <file>", "reads the token from this file")
    .addOption(new Option("--token <token>").hideHelp())
    .option("--api-url <url>", "base of the API, for GitHub Enterprise", "https://api.github.com")
    .option("--restart", "throws away what was read, and begins anew")
    .option("--quiet", "shows no progress")
    .option("--json", "writes the summary as JSON")
    .addHelpText("after", examples)
    .action(
      context.action(async (options: ExportRequest) => {
        const { runExport } = await import("../jobs-export/run-export.ts");
        return runExport(options, context);
      }),
    );
};

function list(flags: string, description: string): Option {
  return new Option(flags, description)
    .default([] as readonly string[], "all")
    .argParser((text: string, before: readonly string[]) => {
      if (/^[\w.*/ :=+-]{1,256}$/.test(text)) return [...before, text];
      throw new InvalidArgumentError("Must be a name, in which * stands for anything.");
    });
}

function whole(flags: string, description: string, max: number): Option {
  return new Option(flags, description).argParser((text: string) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number <= max) return number;
    throw new InvalidArgumentError(`Must be a whole number from 0 to ${max}.`);
  });
}
