import { InvalidArgumentError, Option } from "commander";
import type { DoctorRequest } from "./doctor/request.ts";
import type { AddVerb } from "./verb.ts";

const examples = `
Examples:
  What can be seen for nothing, in a minute:
    $ runs-fleet-aws doctor --environment ci --subnet subnet-... --subnet subnet-... --machines 200 --shape cpu=4/arch=arm64

  The same in an environment of its own, with one machine for some 10 minutes, and a report to send:
    $ runs-fleet-aws doctor --environment doctor --subnet subnet-... --live --report doctor.md

Verdicts: proven, disproven, unproven (nobody knows, and the row says why), skipped (not asked, and the row says why).
Run it as the orchestrator, such as in its task, to learn what the orchestrator may do.

The report holds no secrets: the account, keys and the name of the caller's session are masked unless --unmasked is given.

Exit codes: 0 nothing is wrong, 1 something is, or could not be looked at, 2 wrong use, no credentials, or no such region.
`;

/** `runs-fleet-aws doctor`: what an account proves, row by row. */
export const addDoctorVerb: AddVerb = (program, context) => {
  program
    .command("doctor")
    .summary("Asks an account what emulators cannot tell")
    .description(
      "Asks a real account, row by row, whether everything is as runs-fleet needs it. Changes nothing; with --live it buys " +
        "one small machine, and takes it away again.",
    )
    .requiredOption("-e, --environment <name>", "environment, such as ci")
    .option("--region <region>", "region; without it what the SDK finds")
    .addOption(
      list(
        "--subnet <id>",
        "subnet that machines are launched in; repeatable",
        /^subnet-[0-9a-f]+$/,
      ),
    )
    .addOption(
      new Option("--machines <count>", "most machines at once, for quotas and addresses").argParser(
        (text) => {
          if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
          throw new InvalidArgumentError("Must be a whole number from 1 to 99999.");
        },
      ),
    )
    .addOption(
      list(
        "--shape <label>",
        "what jobs ask for, such as cpu=4/ram=16/arch=arm64; repeatable",
        /^[\w.+=/-]{1,200}$/,
      ),
    )
    .addOption(
      list(
        "--fifo <queue>",
        "queue that keeps the order: demand or reports",
        /^(?:demand|reports)$/,
      ),
    )
    .addOption(
      new Option(
        "--tag <key=value>",
        "tag that the host gives to all machines; repeatable",
      ).argParser((text: string, before: Readonly<Record<string, string>> = {}) => {
        const at = text.indexOf("=");
        if (at > 0) return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
        throw new InvalidArgumentError("Must be a key and a value, such as team=ci.");
      }),
    )
    .option("--live", "buys one machine, for rows that need one")
    .option("--json", "writes the report as JSON")
    .option("--report <file>", "writes the report to a file: JSON for .json, else Markdown")
    .option("--unmasked", "leaves account and caller in what --json and --report write")
    .addHelpText("after", examples)
    .action(
      context.action(async (request: DoctorRequest) => {
        const { runDoctorVerb } = await import("./doctor/run-doctor-verb.ts");
        return runDoctorVerb(request, context.host);
      }),
    );
};

function list(flags: string, description: string, form: RegExp): Option {
  return new Option(flags, description).argParser(
    (text: string, before: readonly string[] = []) => {
      if (form.test(text)) return [...before, text];
      throw new InvalidArgumentError(`Must be like ${form.source}.`);
    },
  );
}
