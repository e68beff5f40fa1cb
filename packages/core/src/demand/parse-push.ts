import * as v from "valibot";
import type { PushEvent } from "../ports/demand-event.ts";
import { describeIssue, lenient, repositoryName, text } from "./fields.ts";
import type { Parsed, Receipt } from "./parsed.ts";

/** GitHub allows references of up to 255 bytes behind their prefix; a little more does no harm. */
const reference = text(1024);
const commitId = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/i, "a commit id"));

const bodySchema = v.object({
  ref: reference,
  before: commitId,
  after: commitId,
  deleted: lenient(v.boolean()),
  repository: v.pipe(
    v.object({
      full_name: repositoryName,
      default_branch: lenient(reference),
      master_branch: lenient(reference),
      // Seconds here, where other events have a text.
      pushed_at: lenient(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1e11))),
    }),
    v.check(
      (repository) => (repository.default_branch ?? repository.master_branch) !== undefined,
      "default_branch",
    ),
  ),
});

const noCommit = /^0+$/;

/** Reads the body of a `push` webhook. Commits are not kept: the file at `after` is what counts. */
export function parsePush(body: unknown, receipt: Receipt): Parsed<PushEvent> {
  const result = v.safeParse(bodySchema, body);
  if (!result.success) return { ok: false, message: describeIssue(result.issues) };
  const { ref, before, after, deleted, repository } = result.output;
  return {
    ok: true,
    value: {
      kind: "push",
      repository: repository.full_name,
      ref,
      defaultBranch: repository.default_branch ?? repository.master_branch ?? "",
      before,
      after,
      // A reference that points at nothing is gone, whatever the flag says.
      deleted: deleted === true || noCommit.test(after),
      ...(repository.pushed_at === undefined ? {} : { pushedAtMs: repository.pushed_at * 1_000 }),
      ...receipt,
    },
  };
}
