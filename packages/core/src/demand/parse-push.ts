import * as v from "valibot";
import type { PushEvent } from "../ports/demand-event.ts";
import { describeIssue, lenient, repositoryName, text } from "./fields.ts";
import type { Parsed, Receipt } from "./parsed.ts";

/** GitHub allows references of up to 255 bytes behind their prefix; a little more does no harm. */
const reference = text(1024);
const commitId = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/i, "a commit id"));

/** From so many commits on GitHub may leave some out. Source: GitHub's description of the event, read 2026-11-28. */
const mostCommits = 2_048;
/** Most files that are handed on, and the longest path. */
const mostTouched = 20;
const longestPath = 200;

const paths = lenient(v.array(v.string()));

const bodySchema = v.object({
  ref: reference,
  before: commitId,
  after: commitId,
  deleted: lenient(v.boolean()),
  forced: lenient(v.boolean()),
  commits: lenient(v.array(v.object({ added: paths, modified: paths, removed: paths }))),
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
const inDotGithub = /^\.github\/[^/]+$/;

/** The files directly in `.github/` that commits touch; `undefined`: not all are known. */
function touchedBy({
  forced,
  commits,
}: v.InferOutput<typeof bodySchema>): readonly string[] | undefined {
  if (forced !== false || commits === undefined || commits.length >= mostCommits) return undefined;
  const touched = new Set<string>();
  for (const { added, modified, removed } of commits) {
    if (!added || !modified || !removed) return undefined;
    for (const path of [...added, ...modified, ...removed]) {
      if (path.length <= longestPath && inDotGithub.test(path)) touched.add(path);
    }
  }
  return touched.size > mostTouched ? undefined : [...touched];
}

/** Reads the body of a `push` webhook. Of commits only a hint is kept: the file at `after` is what counts. */
export function parsePush(body: unknown, receipt: Receipt): Parsed<PushEvent> {
  const result = v.safeParse(bodySchema, body);
  if (!result.success) return { ok: false, message: describeIssue(result.issues) };
  const { ref, before, after, deleted, repository } = result.output;
  const touched = touchedBy(result.output);
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
      ...(touched === undefined ? {} : { touched }),
      ...(repository.pushed_at === undefined ? {} : { pushedAtMs: repository.pushed_at * 1_000 }),
      ...receipt,
    },
  };
}
