import { usualFile } from "../check/usual-file.ts";
import type { AddVerb } from "../cli/verb.ts";

const examples = `
Examples:
  After a push, in CI: is it in force?
    $ runs-fleet apply --url http://127.0.0.1:8080

The host applies what is on the default branch of its repository, and nothing else: this asks it to look now, and tells
whether the file here is what it found. Nothing that only exists here can come into force.
Exit codes: 0 the file is in force, 1 it is not, or it is refused, 2 wrong use, or a host that does not answer.
`;

/** `runs-fleet apply ...`: has a host look at its source, and tells what came of it. */
export const addApply: AddVerb = (program, context) => {
  program
    .command("apply")
    .summary("Has a host look at its repository now, and tells whether this file is in force")
    .description(
      "Has a host look at its repository now, and tells whether this file is in force then, or why not.",
    )
    .argument("[file]", `the configuration; ${usualFile} when none is named`)
    .requiredOption("--url <url>", "where the pages of the host are")
    .addHelpText("after", examples)
    .action(
      context.action(async (file: string | undefined, request: { readonly url: string }) => {
        const { runApply } = await import("../apply/run-apply.ts");
        return runApply(file, request, context);
      }),
    );
};
