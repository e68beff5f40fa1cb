import * as v from "valibot";
import { fitLabels } from "../../demand/fit-labels.ts";
import { parseInstant } from "../../demand/parse-instant.ts";
import type { RecordedJob, RecordedRepository, RecordedRun } from "./recorded.ts";

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const attempt = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1)));
const text = v.nullish(v.pipe(v.string(), v.maxLength(1_024)));
const total = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** More than any page of GitHub's holds. */
const longestPage = 1_000;

function pageOf<const S extends v.GenericSchema>(item: S) {
  return v.pipe(v.array(item), v.maxLength(longestPage));
}

/** A page of `GET /orgs/{org}/repos`. */
export const repositoriesSchema = pageOf(
  v.object({
    full_name: v.pipe(v.string(), v.maxLength(256)),
    private: v.boolean(),
    fork: v.boolean(),
    visibility: text,
  }),
);

/** A page of `GET /repos/{owner}/{repo}/actions/runs`. */
export const runsSchema = v.object({
  total_count: total,
  workflow_runs: pageOf(
    v.object({
      id,
      run_attempt: attempt,
      status: text,
      conclusion: text,
      created_at: text,
      updated_at: text,
    }),
  ),
});

/** A page of `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs`. */
export const jobsSchema = v.object({
  total_count: total,
  jobs: pageOf(
    v.object({
      id,
      run_id: id,
      run_attempt: attempt,
      status: v.pipe(v.string(), v.maxLength(64)),
      conclusion: text,
      labels: v.nullish(v.array(v.string())),
      runner_name: text,
      runner_group_name: text,
      created_at: text,
      started_at: text,
      completed_at: text,
    }),
  ),
});

type Repository = v.InferOutput<typeof repositoriesSchema>[number];
type Run = v.InferOutput<typeof runsSchema>["workflow_runs"][number];
type Job = v.InferOutput<typeof jobsSchema>["jobs"][number];

/** The instants of `fields` that can be read. */
function instantsOf<K extends string>(
  fields: Readonly<Record<K, unknown>>,
): { readonly [N in K]?: number } {
  const found: { [N in K]?: number } = {};
  for (const name of Object.keys(fields) as K[]) {
    const atMs = parseInstant(fields[name]);
    if (atMs !== undefined) found[name] = atMs;
  }
  return found;
}

/** A repository in our words. */
export function repositoryOf(read: Repository): RecordedRepository {
  const internal = read.private && read.visibility === "internal";
  return {
    name: read.full_name,
    visibility: internal ? "internal" : read.private ? "private" : "public",
    fork: read.fork,
  };
}

/** A run in our words. */
export function runOf(read: Run): RecordedRun {
  return {
    id: String(read.id),
    attempt: read.run_attempt ?? 1,
    finished: read.status === "completed",
    ...(read.conclusion ? { conclusion: read.conclusion } : {}),
    ...instantsOf({ createdAtMs: read.created_at, updatedAtMs: read.updated_at }),
  };
}

/** A job in our words. A job without a runner has 0 and "" as well as null. */
export function jobOf(read: Job): RecordedJob {
  return {
    id: String(read.id),
    runId: String(read.run_id),
    attempt: read.run_attempt ?? 1,
    finished: read.status === "completed",
    labels: fitLabels(read.labels ?? []),
    ...(read.conclusion ? { conclusion: read.conclusion } : {}),
    ...(read.runner_name ? { runnerName: read.runner_name } : {}),
    ...(read.runner_group_name ? { runnerGroup: read.runner_group_name } : {}),
    ...instantsOf({
      createdAtMs: read.created_at,
      startedAtMs: read.started_at,
      completedAtMs: read.completed_at,
    }),
  };
}
