import type { FakeCheck } from "../../github/index.ts";
import type { JobFact, Truth } from "../truth.ts";

/**
 * The check runs that refuse jobs. One that concludes otherwise refuses nothing: it tells what a job waits for that may
 * still be served.
 */
export function refusalsOf({ github }: Pick<Truth, "github">): readonly FakeCheck[] {
  return github.checks().filter(({ conclusion }) => conclusion === "failure");
}

/** Whether the job has been refused where its developer sees it. */
export function wasRefused(
  truth: Pick<Truth, "github">,
  { id, attempt = 1 }: Pick<JobFact, "id" | "attempt">,
): boolean {
  return refusalsOf(truth).some(({ externalId }) => externalId === `${id}.${attempt}`);
}
