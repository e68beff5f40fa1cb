import { minimalRepositoryBody } from "./account-bodies.ts";
import type { FakeReply } from "./exchange.ts";
import type { Repository } from "./model.ts";
import { type Call, notFound, paginate, type Route, refusal } from "./routes.ts";

/** Which repositories a `type` of the list takes in. */
const types: Readonly<Record<string, (repository: Repository) => boolean>> = {
  all: () => true,
  public: ({ visibility }) => visibility === "public",
  private: ({ visibility }) => visibility !== "public",
  forks: ({ fork }) => fork,
  sources: ({ fork }) => !fork,
  member: () => true,
};

const byName = (a: Repository, b: Repository): number => (a.key < b.key ? -1 : 1);
const byAge = (a: Repository, b: Repository): number =>
  a.createdAtMs - b.createdAtMs || a.id - b.id;
const orders: Readonly<Record<string, (a: Repository, b: Repository) => number>> = {
  full_name: byName,
  created: byAge,
  updated: byAge,
  pushed: byAge,
};

/**
 * `type`, `sort` and `direction` as GitHub's page "REST API endpoints for repositories", section "List organization
 * repositories", has them, read 2026-11-24. A user is no organisation: 404. A value that is not on the page is refused.
 */
function listRepositories(call: Call): FakeReply {
  const { owner, world } = call;
  if (owner === undefined || owner.kind !== "Organization") return notFound();
  const { type = "all", sort = "created", direction } = call.request.query;
  const takes = types[type];
  const order = orders[sort];
  if (takes === undefined || order === undefined) return refusal(422, "Validation Failed");
  const found = [...world.repositories.values()]
    .filter((repository) => repository.owner === owner && takes(repository))
    .sort(order);
  const descending = direction === undefined ? sort !== "full_name" : direction === "desc";
  if (descending) found.reverse();
  const { items, headers } = paginate(call, found);
  return {
    status: 200,
    headers,
    body: items.map((repository) => minimalRepositoryBody(world, repository)),
  };
}

/** Organisations. */
export const organisationRoutes: readonly Route[] = [
  {
    method: "GET",
    template: "/orgs/{org}/repos",
    by: "installation",
    handle: listRepositories,
  },
];
