import { jobBody, runBody, runStatusOf } from "./action-bodies.ts";
import { parseCreatedRange } from "./created-range.ts";
import type { FakeReply } from "./exchange.ts";
import type { Job, Repository, Run } from "./model.ts";
import { type Call, notFound, paginate, type Route, refusal } from "./routes.ts";

function jobOf(call: Call): Job | undefined {
  const job = call.world.jobs.get(Number(call.params["job_id"]));
  return job !== undefined && job.run.repository === call.repository ? job : undefined;
}

function getJob(call: Call): FakeReply {
  const job = jobOf(call);
  return job === undefined ? notFound() : { status: 200, body: jobBody(call.world, job) };
}

/** Most answers that are kept per repository. */
const mostAnswers = 200;

/** What `make` answers, kept until a run or job of the repository changes. */
function kept(call: Call, repository: Repository, make: () => FakeReply): FakeReply {
  const { path, query } = call.request;
  const key = `${call.world.baseUrl} ${path} ${JSON.stringify(query)}`;
  const known = repository.answers.get(key);
  if (known !== undefined) return known;
  const reply = make();
  if (repository.answers.size >= mostAnswers) repository.answers.clear();
  repository.answers.set(key, reply);
  return reply;
}

function listRuns(call: Call): FakeReply {
  const { repository } = call;
  return repository === undefined
    ? notFound()
    : kept(call, repository, () => runsOf(call, repository));
}

function runsOf(call: Call, repository: Repository): FakeReply {
  const { status, created } = call.request.query;
  const range = created === undefined ? undefined : parseCreatedRange(created);
  if (created !== undefined && range === undefined) return refusal(422, "Validation Failed");
  const open = status === "queued" || status === "in_progress";
  const found: Run[] = [...(open ? repository.openRuns : repository.runs)]
    .filter((run) => status === undefined || runStatusOf(run) === status)
    .filter(
      (run) =>
        range === undefined || (run.createdAtMs >= range.fromMs && run.createdAtMs <= range.toMs),
    )
    .sort((a, b) => b.createdAtMs - a.createdAtMs || b.id - a.id);
  // A search finds the newest thousand and no more, though it counts them all. Source: GitHub's page "REST API endpoints for
  // workflow runs", section "List workflow runs for a repository", read 2026-11-24.
  const search = status !== undefined || range !== undefined;
  const within = search ? found.slice(0, 1_000) : found;
  const { items, headers } = paginate(call, within);
  return {
    status: 200,
    headers,
    body: {
      total_count: found.length,
      workflow_runs: items.map((run) => runBody(call.world, run)),
    },
  };
}

function listJobs(call: Call): FakeReply {
  const run = call.world.runs.get(Number(call.params["run_id"]));
  if (run === undefined || run.repository !== call.repository) return notFound();
  return kept(call, run.repository, () => jobsOf(call, run));
}

function jobsOf(call: Call, run: Run): FakeReply {
  const found = call.request.query["filter"] === "all" ? run.jobs : [...run.latest.values()];
  const { items, headers } = paginate(call, found);
  return {
    status: 200,
    headers,
    body: { total_count: found.length, jobs: items.map((job) => jobBody(call.world, job)) },
  };
}

function rerun(call: Call): FakeReply {
  const job = jobOf(call);
  if (job === undefined) return notFound();
  return call.jobs.rerun(job) === undefined
    ? refusal(403, "This workflow is already running")
    : { status: 201, body: {} };
}

const prefix = "/repos/{owner}/{repo}";

/** Runs and jobs. */
export const actionRoutes: readonly Route[] = [
  {
    method: "GET",
    template: `${prefix}/actions/jobs/{job_id}`,
    by: "installation",
    handle: getJob,
  },
  { method: "GET", template: `${prefix}/actions/runs`, by: "installation", handle: listRuns },
  {
    method: "GET",
    template: `${prefix}/actions/runs/{run_id}/jobs`,
    by: "installation",
    handle: listJobs,
  },
  {
    method: "POST",
    template: `${prefix}/actions/jobs/{job_id}/rerun`,
    by: "installation",
    handle: rerun,
  },
];
