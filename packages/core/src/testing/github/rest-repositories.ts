import { ownerBody, repositoryBody, repositoryUrl } from "./account-bodies.ts";
import { contentsBody, resolveRef } from "./contents.ts";
import { type FakeReply, objectOf } from "./exchange.ts";
import { isoOf } from "./iso.ts";
import { type Call, notFound, paginate, type Route, refusal } from "./routes.ts";

function getRepository(call: Call): FakeReply {
  const { repository, world } = call;
  return repository === undefined
    ? notFound()
    : { status: 200, body: repositoryBody(world, repository) };
}

function getContents(call: Call): FakeReply {
  const { repository, world } = call;
  if (repository === undefined) return notFound();
  const commit = resolveRef(repository, call.request.query["ref"]);
  if (commit === undefined) return notFound();
  const body = contentsBody(world, repository, commit, call.params["path"] ?? "");
  return body === undefined ? notFound() : { status: 200, body };
}

function createStatus(call: Call): FakeReply {
  const { repository, world } = call;
  const sha = call.params["sha"] ?? "";
  const body = objectOf(call.request.body);
  const state = String(body?.["state"]);
  if (repository === undefined) return notFound();
  if (!["error", "failure", "pending", "success"].includes(state))
    return refusal(422, `Invalid state: ${state}`);
  if (!repository.commits.has(sha)) return refusal(422, `No commit found for SHA: ${sha}`);
  const now = isoOf(world.clock.now());
  const id = world.nextId();
  return {
    status: 201,
    body: {
      url: `${repositoryUrl(world, repository)}/statuses/${sha}`,
      avatar_url: null,
      id,
      node_id: `S_${id}`,
      state,
      description: body?.["description"] ?? null,
      target_url: body?.["target_url"] ?? null,
      context: body?.["context"] ?? "default",
      created_at: now,
      updated_at: now,
      creator: ownerBody(world, { login: "runs-fleet[bot]", id: 2, kind: "User" }),
    },
  };
}

function checkReply(made: object | string | undefined, status: number): FakeReply {
  if (made === undefined) return notFound();
  return typeof made === "string" ? refusal(422, made) : { status, body: made };
}

function createCheck(call: Call): FakeReply {
  const body = objectOf(call.request.body);
  if (call.repository === undefined) return notFound();
  if (body === undefined) return refusal(400, "Problems parsing JSON");
  return checkReply(call.checks.create(call.repository, body), 201);
}

function updateCheck(call: Call): FakeReply {
  const body = objectOf(call.request.body);
  if (call.repository === undefined) return notFound();
  if (body === undefined) return refusal(400, "Problems parsing JSON");
  const id = Number(call.params["check_run_id"]);
  return checkReply(call.checks.update(call.repository, id, body), 200);
}

function listChecks(call: Call): FakeReply {
  const { repository } = call;
  const commit = repository && resolveRef(repository, call.params["ref"]);
  if (repository === undefined || commit === undefined) return notFound();
  const found = call.checks.of(repository, commit.sha, call.request.query["check_name"]);
  const { items, headers } = paginate(call, found);
  return { status: 200, headers, body: { total_count: found.length, check_runs: items } };
}

const at = "/repos/{owner}/{repo}";
const by = "installation";

/** Repositories, their files, statuses and check runs. */
export const repositoryRoutes: readonly Route[] = [
  { method: "GET", template: at, by, handle: getRepository },
  { method: "GET", template: `${at}/contents/{path}`, by, handle: getContents },
  { method: "POST", template: `${at}/statuses/{sha}`, by, handle: createStatus },
  { method: "POST", template: `${at}/check-runs`, by, handle: createCheck },
  { method: "PATCH", template: `${at}/check-runs/{check_run_id}`, by, handle: updateCheck },
  { method: "GET", template: `${at}/commits/{ref}/check-runs`, by, handle: listChecks },
];
