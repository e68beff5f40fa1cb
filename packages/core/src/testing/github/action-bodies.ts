import { minimalRepositoryBody, repositoryUrl } from "./account-bodies.ts";
import { isoOf } from "./iso.ts";
import type { Job, Run, Runner, World } from "./model.ts";

const iso = (atMs: number | undefined): string | null => (atMs === undefined ? null : isoOf(atMs));

/** The state of a job in GitHub's words: one handed to a runner is still queued. */
export function statusOf(job: Job): "waiting" | "queued" | "in_progress" | "completed" {
  return job.state === "assigned" ? "queued" : job.state;
}

/** Group 0 is that of GitHub's own runners. */
function groupNameOf(run: Run, groupId: number): string {
  if (groupId === 0) return "GitHub Actions";
  return run.repository.owner.groups.get(groupId)?.name ?? "Default";
}

/** A job, as the REST API and `workflow_job` bodies have it in common. */
export function jobBody(world: World, job: Job): Record<string, unknown> {
  const { run } = job;
  const url = repositoryUrl(world, run.repository);
  const html = `${world.baseUrl}/${run.repository.fullName}/actions/runs/${run.id}/job/${job.id}`;
  const groupId = job.runnerGroupId;
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${url}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: `J_${job.id}`,
    head_sha: job.headSha,
    url: `${url}/actions/jobs/${job.id}`,
    html_url: html,
    status: statusOf(job),
    conclusion: job.conclusion ?? null,
    created_at: isoOf(job.createdAtMs),
    started_at: isoOf(job.startedAtMs ?? job.createdAtMs),
    completed_at: iso(job.completedAtMs),
    name: job.name,
    steps:
      job.startedAtMs === undefined
        ? []
        : [
            {
              name: "Set up job",
              status: job.state === "completed" ? "completed" : "in_progress",
              conclusion: job.conclusion ?? null,
              number: 1,
              started_at: isoOf(job.startedAtMs),
              completed_at: iso(job.completedAtMs),
            },
          ],
    check_run_url: `${url}/check-runs/${job.id}`,
    labels: job.labels,
    runner_id: job.runnerId ?? null,
    runner_name: job.runnerName ?? null,
    runner_group_id: groupId ?? null,
    runner_group_name: groupId === undefined ? null : groupNameOf(run, groupId),
    workflow_name: run.workflow,
    head_branch: run.branch,
  };
}

/** Whether a run waits, works or has ended. */
export function runStatusOf(run: Run): "queued" | "in_progress" | "completed" {
  if (run.open === 0) return "completed";
  for (const job of run.jobs) {
    if (job.state === "in_progress") return "in_progress";
    if (job.state === "completed" && job.attempt === run.attempt) return "in_progress";
  }
  return "queued";
}

function runConclusionOf(run: Run): string | null {
  if (run.open > 0) return null;
  const conclusions = new Set([...run.latest.values()].map((job) => job.conclusion));
  return conclusions.has("failure")
    ? "failure"
    : conclusions.has("cancelled")
      ? "cancelled"
      : "success";
}

/** A workflow run. */
export function runBody(world: World, run: Run): Record<string, unknown> {
  const url = repositoryUrl(world, run.repository);
  const own = `${url}/actions/runs/${run.id}`;
  const repository = minimalRepositoryBody(world, run.repository);
  const person = { name: "Fake", email: "fake@example.com" };
  return {
    id: run.id,
    name: run.workflow,
    node_id: `WFR_${run.id}`,
    head_branch: run.branch,
    head_sha: run.headSha,
    path: `.github/workflows/${run.workflow}.yml`,
    display_title: run.workflow,
    run_number: run.number,
    event: "push",
    status: runStatusOf(run),
    conclusion: runConclusionOf(run),
    workflow_id: 1,
    url: own,
    html_url: `${world.baseUrl}/${run.repository.fullName}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: isoOf(run.createdAtMs),
    updated_at: isoOf(run.updatedAtMs),
    run_attempt: run.attempt,
    run_started_at: isoOf(run.createdAtMs),
    jobs_url: `${own}/jobs`,
    logs_url: `${own}/logs`,
    check_suite_url: `${url}/check-suites/${run.id}`,
    artifacts_url: `${own}/artifacts`,
    cancel_url: `${own}/cancel`,
    rerun_url: `${own}/rerun`,
    workflow_url: `${url}/actions/workflows/1`,
    head_commit: {
      id: run.headSha,
      tree_id: run.headSha,
      message: "commit",
      timestamp: isoOf(run.createdAtMs),
      author: person,
      committer: person,
    },
    repository,
    head_repository: repository,
  };
}

/** A registered runner. */
export function runnerBody(runner: Runner, online: boolean): Record<string, unknown> {
  return {
    id: runner.id,
    runner_group_id: runner.groupId,
    name: runner.name,
    os: runner.os,
    status: online ? "online" : "offline",
    busy: runner.job !== undefined,
    ephemeral: true,
    version: runner.version ?? null,
    labels: runner.labels.map((name, index) => ({ id: index + 1, name, type: "custom" })),
  };
}
