import { appBody, repositoryUrl } from "./account-bodies.ts";
import { isoOf } from "./iso.ts";
import type { Repository, World } from "./model.ts";
import type { FakeCheck } from "./types.ts";

const mostAnnotations = 50;
const longestText = 65_535;
const conclusions = new Set([
  "action_required",
  "cancelled",
  "failure",
  "neutral",
  "success",
  "skipped",
  "timed_out",
]);

interface CheckRun {
  readonly id: number;
  readonly repository: Repository;
  readonly sha: string;
  name: string;
  externalId: string;
  status: string;
  conclusion: string | undefined;
  title: string;
  summary: string;
  readonly startedAtMs: number;
  completedAtMs: number | undefined;
  readonly annotations: unknown[];
}

/** Check runs of all repositories. */
export interface Checks {
  /** Makes or changes a check run from a request body; a text says what is wrong with it. */
  create(repository: Repository, body: Record<string, unknown>): object | string;
  update(
    repository: Repository,
    id: number,
    body: Record<string, unknown>,
  ): object | string | undefined;
  /** Of a commit, newest first. */
  of(repository: Repository, sha: string, name: string | undefined): readonly object[];
  snapshot(): readonly FakeCheck[];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** What is wrong with the body of a check run; `undefined` when nothing is. */
function problemOf(body: Record<string, unknown>): string | undefined {
  const { conclusion, status, output } = body;
  if (conclusion !== undefined && !conclusions.has(String(conclusion)))
    return `Invalid conclusion: ${String(conclusion)}`;
  if (status === "completed" && conclusion === undefined)
    return "A completed check run needs a conclusion";
  if (output === undefined) return undefined;
  if (typeof output !== "object" || output === null) return "Invalid output";
  const { title, summary, annotations } = output as Record<string, unknown>;
  if (text(title) === undefined || text(summary) === undefined)
    return "An output needs a title and a summary";
  if (String(summary).length > longestText) return "The summary is too long";
  if (annotations === undefined) return undefined;
  if (!Array.isArray(annotations)) return "Invalid annotations";
  return annotations.length > mostAnnotations
    ? `No more than ${mostAnnotations} annotations at once`
    : undefined;
}

/** An empty collection of check runs. */
export function createChecks(world: World, appId: string): Checks {
  const runs = new Map<number, CheckRun>();
  // By repository and commit, so that a lookup does not walk over all of them.
  const byCommit = new Map<string, CheckRun[]>();

  const apply = (run: CheckRun, body: Record<string, unknown>): void => {
    run.name = text(body["name"]) ?? run.name;
    run.externalId = text(body["external_id"]) ?? run.externalId;
    run.status = text(body["status"]) ?? run.status;
    const conclusion = text(body["conclusion"]);
    if (conclusion !== undefined) {
      run.conclusion = conclusion;
      run.status = "completed";
      run.completedAtMs = world.clock.now();
    } else if (run.status !== "completed") {
      run.conclusion = undefined;
      run.completedAtMs = undefined;
    }
    const output = body["output"] as Record<string, unknown> | undefined;
    if (output === undefined) return;
    run.title = text(output["title"]) ?? run.title;
    run.summary = text(output["summary"]) ?? run.summary;
    run.annotations.push(...((output["annotations"] as unknown[] | undefined) ?? []));
  };

  const bodyOf = (run: CheckRun): object => {
    const url = `${repositoryUrl(world, run.repository)}/check-runs/${run.id}`;
    return {
      id: run.id,
      node_id: `CR_${run.id}`,
      name: run.name,
      head_sha: run.sha,
      external_id: run.externalId,
      url,
      html_url: url,
      details_url: null,
      status: run.status,
      conclusion: run.conclusion ?? null,
      started_at: isoOf(run.startedAtMs),
      completed_at: run.completedAtMs === undefined ? null : isoOf(run.completedAtMs),
      output: {
        title: run.title,
        summary: run.summary,
        text: null,
        annotations_count: run.annotations.length,
        annotations_url: `${url}/annotations`,
      },
      check_suite: { id: 1 },
      app: appBody(world, appId),
      pull_requests: [],
    };
  };

  return {
    create: (repository, body) => {
      const sha = text(body["head_sha"]);
      const name = text(body["name"]);
      const problem = problemOf(body);
      if (sha === undefined || name === undefined) return "name and head_sha are required";
      if (problem !== undefined) return problem;
      if (!repository.commits.has(sha)) return `No commit found for SHA: ${sha}`;
      const run: CheckRun = {
        id: world.nextId(),
        repository,
        sha,
        name,
        externalId: "",
        status: "queued",
        conclusion: undefined,
        title: "",
        summary: "",
        startedAtMs: world.clock.now(),
        completedAtMs: undefined,
        annotations: [],
      };
      apply(run, body);
      runs.set(run.id, run);
      const key = `${repository.key} ${sha}`;
      const siblings = byCommit.get(key);
      if (siblings === undefined) byCommit.set(key, [run]);
      else siblings.push(run);
      return bodyOf(run);
    },
    update: (repository, id, body) => {
      const run = runs.get(id);
      if (run === undefined || run.repository !== repository) return undefined;
      const problem = problemOf(body);
      if (problem !== undefined) return problem;
      apply(run, body);
      return bodyOf(run);
    },
    of: (repository, sha, name) =>
      (byCommit.get(`${repository.key} ${sha}`) ?? [])
        .filter((run) => name === undefined || run.name === name)
        .map(bodyOf)
        .reverse(),
    snapshot: () =>
      [...runs.values()].map((run) => ({
        id: String(run.id),
        repository: run.repository.fullName,
        name: run.name,
        sha: run.sha,
        externalId: run.externalId,
        status: run.status,
        ...(run.conclusion === undefined ? {} : { conclusion: run.conclusion }),
        title: run.title,
        summary: run.summary,
        annotations: [...run.annotations],
      })),
  };
}
