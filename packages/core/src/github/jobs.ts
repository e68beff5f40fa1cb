import * as v from "valibot";
import { fitLabels } from "../demand/fit-labels.ts";
import { fitName } from "../demand/fit-name.ts";
import { parseInstant } from "../demand/parse-instant.ts";
import type { CallOptions } from "../ports/call-options.ts";
import type { Clock } from "../ports/clock.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import type { GitHubJobs } from "../ports/github-client.ts";
import { createSignalScope } from "../ports/signal-scope.ts";
import type { Api } from "./api.ts";
import { pagesOf } from "./pagination.ts";
import { readAs, statusOf } from "./read-as.ts";
import type { Repositories, RepositoryFacts } from "./repositories.ts";
import { checkedId, repositoryPlace } from "./scopes.ts";

const id = v.pipe(v.number(), v.safeInteger());
const text = v.nullish(v.string());

const jobSchema = v.object({
  id,
  run_id: id,
  name: text,
  run_attempt: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1))),
  status: v.string(),
  labels: v.array(v.string()),
  head_sha: text,
  conclusion: text,
  runner_id: v.nullish(v.number()),
  runner_name: text,
  created_at: text,
  started_at: text,
  completed_at: text,
});

type Job = v.InferOutput<typeof jobSchema>;

const jobsSchema = v.object({ jobs: v.array(jobSchema) });
const runsSchema = v.object({ workflow_runs: v.array(v.object({ id })) });

/** Runs whose jobs are read at the same time. */
const runsAtOnce = 8;

const actions: Readonly<Record<string, JobEvent["action"]>> = {
  queued: "queued",
  requested: "queued",
  pending: "queued",
  waiting: "waiting",
  in_progress: "in_progress",
  completed: "completed",
};

/** What holds of the job at `action`: nothing has started before it did, whatever the fields say. */
function progressOf(action: JobEvent["action"], job: Job) {
  const createdAtMs = parseInstant(job.created_at);
  const created = createdAtMs === undefined ? {} : { createdAtMs };
  if (action === "queued" || action === "waiting") return created;
  const startedAtMs = parseInstant(job.started_at);
  const completedAtMs = action === "completed" ? parseInstant(job.completed_at) : undefined;
  return {
    ...created,
    // Up to a second before it was created, as GitHub writes it.
    ...(startedAtMs === undefined ? {} : { startedAtMs: Math.max(startedAtMs, createdAtMs ?? 0) }),
    ...(completedAtMs === undefined ? {} : { completedAtMs }),
    ...(job.conclusion ? { conclusion: job.conclusion } : {}),
    // A job without a runner has 0 and "" as well as null.
    ...(job.runner_id ? { runnerId: String(job.runner_id) } : {}),
    ...(job.runner_name ? { runnerName: job.runner_name } : {}),
  };
}

/** A job of the REST API as the event that a webhook would have brought. */
function eventOf(job: Job, facts: RepositoryFacts, receivedAtMs: number): JobEvent {
  const attempt = job.run_attempt ?? 1;
  const action = actions[job.status] ?? "waiting";
  return {
    kind: "job",
    action,
    jobId: String(job.id),
    runId: String(job.run_id),
    attempt,
    ...fitName(job.name),
    ...facts,
    labels: fitLabels(job.labels),
    ...(job.head_sha ? { headSha: job.head_sha } : {}),
    ...progressOf(action, job),
    deliveryId: `rest:${job.id}:${attempt}:${job.status}`,
    receivedAtMs,
  };
}

/** Jobs by way of `api`. */
export function createGitHubJobs(api: Api, repositories: Repositories, clock: Clock): GitHubJobs {
  const openRuns = async (repository: string, options?: CallOptions): Promise<number[]> => {
    const place = repositoryPlace(repository);
    const found = new Set<number>();
    // A run with one running job hides its queued ones from `status=queued`.
    for (const status of ["queued", "in_progress"]) {
      const purpose = `list runs of ${repository}`;
      const path = `${place.path}/actions/runs?status=${status}&per_page=100`;
      const request = {
        method: "GET",
        path,
        identity: place.identity,
        purpose,
        cached: true,
      } as const;
      for await (const page of pagesOf(api, request, options)) {
        for (const run of readAs(runsSchema, page.data, purpose).workflow_runs) found.add(run.id);
      }
    }
    return [...found];
  };

  const jobsOf = async (repository: string, run: string, options?: CallOptions): Promise<Job[]> => {
    const place = repositoryPlace(repository);
    const purpose = `list jobs of run ${run} of ${repository}`;
    const path = `${place.path}/actions/runs/${run}/jobs?filter=latest&per_page=100`;
    const found: Job[] = [];
    const request = {
      method: "GET",
      path,
      identity: place.identity,
      purpose,
      cached: true,
    } as const;
    try {
      for await (const page of pagesOf(api, request, options)) {
        found.push(...readAs(jobsSchema, page.data, purpose).jobs);
      }
    } catch (error) {
      // The run was deleted meanwhile, and its jobs with it.
      if (statusOf(error) !== 404) throw error;
    }
    return found;
  };

  return {
    get: async (repository, jobId, options) => {
      const place = repositoryPlace(repository);
      const purpose = `read job ${jobId} of ${repository}`;
      const path = `${place.path}/actions/jobs/${checkedId(jobId, "job")}`;
      try {
        const response = await api.call(
          { method: "GET", path, identity: place.identity, purpose, cached: true },
          options,
        );
        const job = readAs(jobSchema, response.data, purpose);
        return eventOf(job, await repositories.get(repository, options), clock.now());
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    },
    listQueued: async (repository, options) => {
      const open = (await openRuns(repository, options)).map(String);
      const runs = [...(options?.choose?.(open) ?? open)];
      if (runs.length === 0) return [];
      const facts = await repositories.get(repository, options);
      const found = new Map<number, JobEvent>();
      const scope = createSignalScope(options?.signal);
      const look = (run: string) => scope.run((signal) => jobsOf(repository, run, { signal }));
      const work = async (): Promise<void> => {
        for (let run = runs.shift(); run !== undefined; run = runs.shift()) {
          for (const job of await look(run)) {
            if (job.status === "queued") found.set(job.id, eventOf(job, facts, clock.now()));
          }
        }
      };
      await Promise.all(Array.from({ length: Math.min(runsAtOnce, runs.length) }, work));
      return [...found.values()].sort((a, b) => (a.createdAtMs ?? 0) - (b.createdAtMs ?? 0));
    },
    listOfRun: async (repository, runId, options) => {
      const jobs = await jobsOf(repository, checkedId(runId, "run"), options);
      if (jobs.length === 0) return [];
      const facts = await repositories.get(repository, options);
      return jobs.map((job) => eventOf(job, facts, clock.now()));
    },
    rerun: async (repository, jobId, options) => {
      const place = repositoryPlace(repository);
      const path = `${place.path}/actions/jobs/${checkedId(jobId, "job")}/rerun`;
      const purpose = `run job ${jobId} of ${repository} again`;
      try {
        await api.call(
          { method: "POST", path, identity: place.identity, purpose, body: {} },
          options,
        );
        return "accepted";
      } catch (error) {
        const running =
          error instanceof Error && /already running|in progress/i.test(error.message);
        if (statusOf(error) === 403 && running) return "not-yet";
        throw error;
      }
    },
  };
}
