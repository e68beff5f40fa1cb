import { InvalidArgumentError, Option } from "commander";
import type { AddVerb } from "../cli/verb.ts";
import type { SimulateRequest } from "../simulate/request.ts";

const examples = `
Examples:
  A made-up week of 2,000 jobs a day, as a page:
    $ runs-fleet simulate --config fleet.json --generate office-hours --jobs-per-day 2000 --html report.html

  Your own jobs, priced, with your own boot times (runs-fleet jobs export --help tells how to get them):
    $ runs-fleet simulate --config fleet.json --jobs jobs.ndjson --rates rates.json --boots boots.json

  How far to trust it: your present set-up, replayed against the times that GitHub recorded:
    $ runs-fleet simulate --config today.json --jobs jobs.ndjson --baseline recorded

  Is another configuration better, and is the difference more than chance?
    $ runs-fleet simulate --config fleet.json --compare leaner.json --jobs jobs.ndjson --rates rates.json --seeds 5

  In CI: exits with 1 when one does not hold
    $ runs-fleet simulate --config fleet.json --jobs jobs.ndjson --assert 'p95(linux) < 45s' --assert 'over60 < 2%'

Files:
  --config   runs-fleet.yml (runs-fleet check tells what is wrong with it), or as JSON a catalog of @runs-fleet/core
  --jobs     one job a line: {"queuedAtMs":1793520000000,"durationMs":120000,"labels":["self-hosted"],"repository":"acme/app"};
             with "startedAtMs" for --baseline recorded
  --rates    {"source":"...","date":"2026-11-24","pools":{"linux":{"hotUsdPerHour":0.14,"stoppedUsdPerHour":0.01}}};
             "*" prices all others
  --boots    {"os":{"linux":{"source":"...","date":"...","launch":{"minMs":1,"p50Ms":2,"p95Ms":3,"maxMs":4},"start":{...}}},"pools":{...}}

The same inputs give the same bytes. Exit codes: 0 fine, 1 an assertion does not hold or a file has problems, 2 wrong use.
`;

/** `runs-fleet simulate`: what a configuration would have done with these jobs. */
export const addSimulate: AddVerb = (program, context) => {
  program
    .command("simulate")
    .summary("Runs jobs through your pools and schedules")
    .description(
      "Runs recorded or made-up jobs through your own pools and schedules, by the controller that would run them, in a world of\n" +
        "simulated machines. Tells how long jobs wait, what it costs, and how far that can be trusted.",
    )
    .requiredOption(
      "-c, --config <file>",
      "configuration to try: runs-fleet.yml, or a catalog as JSON",
    )
    .addOption(
      new Option("-j, --jobs <file>", "jobs to run, one JSON object a line").conflicts("generate"),
    )
    .addOption(
      new Option("-g, --generate <pattern>", "make jobs up instead").choices([
        "office-hours",
        "steady",
        "nightly",
      ]),
    )
    .addOption(whole("--jobs-per-day <n>", "how many, with --generate", 1, 1_000_000, 2_000))
    .addOption(whole("--days <n>", "for how long, with --generate", 1, 400, 7))
    .addOption(
      new Option("--from <date>", "first day, with --generate")
        .default("2026-03-02")
        .argParser(date),
    )
    .addOption(whole("--seed <n>", "decides boot times, delays and interruptions", 0, 2 ** 31, 1))
    .addOption(whole("--seeds <n>", "runs as many seeds, to show how much is chance", 1, 100, 1))
    .option("--rates <file>", "what machines cost (JSON); without it, machine-hours are told")
    .option("--boots <file>", "how long machines boot (JSON); published times of others otherwise")
    .addOption(
      new Option("--interruptions <rate>", "spot interruptions per machine-hour").argParser(rate),
    )
    .option(
      "--time-zone <zone>",
      "zone of hours and days in the report; that of the first pool otherwise",
    )
    .addOption(
      new Option("--baseline <kind>", "hold the waits against those that GitHub recorded").choices([
        "recorded",
      ]),
    )
    .option("--compare <file>", "another configuration to hold against it")
    .option(
      "--sensitivity",
      "tries each tier of each pool about a quarter smaller and larger; up to four runs a pool",
    )
    .addOption(
      new Option("--assert <condition>", "must hold, such as 'p95(linux) < 45s'; repeatable")
        .default([] as readonly string[], "none")
        .argParser((text: string, before: readonly string[]) => [...before, text]),
    )
    .option("--html <file>", "writes the report as one page that needs nothing else")
    .option("--json <file>", "writes the report as JSON; - for stdout, in place of the table")
    .addHelpText("after", examples)
    .action(
      context.action(async (options: SimulateRequest) => {
        const { runSimulate } = await import("../simulate/run-simulate.ts");
        return runSimulate(options, context);
      }),
    );
};

/** An option that takes a whole number of a range. */
function whole(
  flags: string,
  description: string,
  min: number,
  max: number,
  value: number,
): Option {
  return new Option(flags, description).default(value).argParser((text: string) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Must be a whole number from ${min} to ${max}.`);
  });
}

function date(text: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text)) return text;
  throw new InvalidArgumentError("Must be a date such as 2026-03-02.");
}

function rate(text: string): number {
  const number = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && number <= 1) return number;
  throw new InvalidArgumentError("Must be a number from 0 to 1.");
}
