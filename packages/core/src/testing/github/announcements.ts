import { ownerBody, repositoryBody } from "./account-bodies.ts";
import { jobBody } from "./action-bodies.ts";
import { isoOf } from "./iso.ts";
import type { Commit, Job, Repository, World } from "./model.ts";

function surroundings(world: World, repository: Repository) {
  const { owner } = repository;
  return {
    repository: repositoryBody(world, repository),
    ...(owner.kind === "Organization"
      ? { organization: { login: owner.login, id: owner.id, node_id: `O_${owner.id}` } }
      : {}),
    sender: ownerBody(world, { login: "octocat", id: 3, kind: "User" }),
    ...(owner.installationId === undefined
      ? {}
      : { installation: { id: owner.installationId, node_id: `I_${owner.installationId}` } }),
  };
}

/** The body of a `workflow_job` webhook. */
export function jobAnnouncement(
  world: World,
  job: Job,
  action: "queued" | "in_progress" | "completed" | "waiting",
): object {
  return { action, workflow_job: jobBody(world, job), ...surroundings(world, job.run.repository) };
}

/** The body of a `push` webhook. */
export function pushAnnouncement(
  world: World,
  repository: Repository,
  branch: string,
  commit: Commit,
  path: string,
): object {
  const change = {
    id: commit.sha,
    tree_id: commit.sha,
    message: commit.message,
    timestamp: isoOf(commit.atMs),
    added: [],
    modified: [path],
    removed: [],
  };
  const around = surroundings(world, repository);
  return {
    ref: `refs/heads/${branch}`,
    before: commit.parent ?? "0".repeat(40),
    after: commit.sha,
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    commits: [change],
    head_commit: change,
    pusher: { name: "octocat" },
    ...around,
    // A push has these two in seconds, where every other event has texts.
    repository: {
      ...around.repository,
      pushed_at: Math.floor(commit.atMs / 1_000),
    },
  };
}
