import { row, type Source, type StrictnessTable } from "./row.ts";
import { sources } from "./sources.ts";

const refusals = "test/conformance/github-fake.test.ts";
const fake = "src/testing/github/fake-github.test.ts";
const reader = "test/conformance/github-reader-fake.test.ts";
const history = "src/github/history/history.test.ts";
const webhooks = "src/testing/github/webhooks.test.ts";
const runners = "src/testing/contracts/github-client-runners.ts";
const none = "-";

const rule = (text: string, source: Source, file: string, title: string) =>
  row(text, source, file, title, none);

/** GitHub. */
export const githubTable: StrictnessTable = {
  fake: "GitHub: `createFakeGitHub`",
  rows: [
    rule("A runner's name has 1 to 64 characters", sources.runnerCode, refusals, "more than 64"),
    rule("A runner has 1 to 100 labels", sources.githubRunners, refusals, "with more than 100"),
    rule("A name is given once: 409", sources.githubRunners, refusals, "with a name that is taken"),
    rule(
      "A runner group exists",
      sources.githubRunners,
      refusals,
      "in a group that does not exist",
    ),
    rule("A token lives an hour", sources.githubTokens, refusals, "older than an hour"),
    rule(
      "Nobody is answered without a credential: 401",
      sources.githubTokens,
      fake,
      "answers nobody without a credential",
    ),
    rule(
      "A token for reading changes nothing: 403",
      sources.githubReaders,
      reader,
      "read, and change nothing at any place",
    ),
    rule(
      "A user is no organisation: 404",
      sources.githubRepositories,
      reader,
      "find no organisation where there is a user",
    ),
    rule(
      "A filter shows the newest 1,000 runs, and counts them all",
      sources.githubRuns,
      reader,
      "see the newest thousand runs of a filter",
    ),
    rule(
      "A `created` that is no range of dates is refused: 422",
      sources.githubRange,
      history,
      "asked for a range that GitHub's pages do not describe",
    ),
    rule(
      "10,000 registrations an hour",
      sources.githubLimits,
      refusals,
      "beyond the bucket of an hour",
    ),
    rule(
      "180 registrations a minute: 900 points at 5 each",
      sources.githubLimits,
      fake,
      "hands out 180 configurations",
    ),
    rule(
      "A JIT configuration serves one job, then its runner is gone",
      sources.githubJit,
      fake,
      "serves for one job, and is gone with it",
    ),
    rule(
      "A JIT configuration that was altered is refused",
      sources.runnerCode,
      fake,
      "is refused when it is altered",
    ),
    rule(
      "A registration bears one living session",
      sources.runnerCode,
      fake,
      "bears one living session",
    ),
    rule(
      "A runner that never comes back is forgotten after a day",
      sources.githubRunners,
      fake,
      "is forgotten a day after",
    ),
    rule(
      "A runner with a job cannot be removed",
      sources.githubRunners,
      runners,
      "nothing that works",
    ),
    rule(
      "Any runner whose labels cover the job's takes it",
      sources.githubJit,
      fake,
      "is any whose labels cover",
    ),
    rule(
      "Groups say which repositories a runner serves",
      sources.githubGroups,
      fake,
      "respects runner groups",
    ),
    rule(
      "A queued job is cancelled after a day",
      sources.githubQueue,
      fake,
      "is cancelled after a day in the queue",
    ),
    rule(
      "A job outlives its killed runner by ten minutes",
      sources.runnerCode,
      fake,
      "stays with a killed runner for ten minutes",
    ),
    rule(
      "A job is run again only when its whole run has ended: 403 before, then the next attempt under a new number",
      sources.githubRerun,
      fake,
      "does not run again while a sibling goes on",
    ),
    rule(
      "A runner that is too old gets no jobs",
      sources.runnerCode,
      fake,
      "gives no jobs to a runner that is too old",
    ),
    rule(
      "Deliveries are signed over their bytes",
      sources.githubSignature,
      webhooks,
      "are signed over the very bytes",
    ),
    rule(
      "A delivery has ten seconds",
      sources.githubWebhooks,
      webhooks,
      "time out after ten seconds",
    ),
    rule(
      "A failed delivery is listed and can be sent again; GitHub does not do so itself",
      sources.githubWebhooks,
      webhooks,
      "are listed as failed",
    ),
    rule(
      "Deliveries come twice, late and in another order",
      sources.githubWebhooks,
      webhooks,
      "overtake one another",
    ),
  ],
};
