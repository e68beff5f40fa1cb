import type { AddVerb } from "../cli/verb.ts";

/** `runs-fleet jobs ...`: files of recorded jobs. */
export const addJobs: AddVerb = (program) => {
  program.command("jobs").description("Files of recorded jobs, for simulate.");
};
