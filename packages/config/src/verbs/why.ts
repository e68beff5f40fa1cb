import { Option } from "commander";
import type { AddVerb } from "../cli/verb.ts";
import type { WhyRequest } from "../why/run-why.ts";

const examples = `
Examples:
  Why does my job wait?
    $ runs-fleet why 37614538901 --url http://127.0.0.1:8080

  Why does the pool want so many machines?
    $ runs-fleet why linux --kind pool --url http://127.0.0.1:8080

Exit codes: 0 fine, 1 nothing of that name is known, 2 wrong use, or a host that does not answer.
`;

/** `runs-fleet why ...`: the decisions about a job, a pool or a machine. */
export const addWhy: AddVerb = (program, context) => {
  program
    .command("why")
    .summary("Asks a host why a job, pool or machine is as it is")
    .description(
      "Asks a host why a job, pool or machine is as it is: how it stands now, and every decision about it, oldest first.",
    )
    .argument("<name>", "the job's id, or the name of the pool or machine")
    .requiredOption("--url <url>", "where the pages of the host are")
    .addOption(
      new Option("--kind <kind>", "what has that name").choices(["job", "pool", "machine"]),
    )
    .addOption(
      new Option("--format <format>", "how it is told").choices(["text", "json"]).default("text"),
    )
    .addHelpText("after", examples)
    .action(
      context.action(async (name: string, request: WhyRequest) => {
        const { runWhy } = await import("../why/run-why.ts");
        return runWhy(name, request, context);
      }),
    );
};
