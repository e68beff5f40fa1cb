import { runnerBody } from "./action-bodies.ts";
import { type FakeReply, objectOf } from "./exchange.ts";
import { scopeOf } from "./registrations.ts";
import { type Call, notFound, paginate, type Route, refusal } from "./routes.ts";

function mint(call: Call): FakeReply {
  const { owner, repository, registrations } = call;
  if (owner === undefined || (repository === undefined && owner.kind === "User")) return notFound();
  const body = objectOf(call.request.body);
  if (body === undefined) return refusal(400, "Problems parsing JSON");
  const { name, runner_group_id: groupId, labels } = body;
  if (typeof name !== "string" || name.length === 0 || name.length > 64)
    return refusal(422, "Invalid name: it has 1 to 64 characters");
  if (typeof groupId !== "number" || !Number.isInteger(groupId))
    return refusal(422, "Invalid runner_group_id: it is an integer");
  if (!Array.isArray(labels) || labels.length < 1 || labels.length > 100)
    return refusal(422, "Invalid labels: there are 1 to 100");
  const texts: string[] = [];
  for (const label of labels) {
    if (typeof label !== "string" || label.length === 0 || label.length > 256)
      return refusal(422, "Invalid labels: each has 1 to 256 characters");
    texts.push(label);
  }
  const minted = registrations.mint(repository === undefined ? { owner } : { owner, repository }, {
    name,
    groupId,
    labels: texts,
  });
  if (minted === "taken") {
    return refusal(409, `Already exists - A runner with the name ${name} already exists.`);
  }
  if (minted === "no-group") return refusal(422, `Invalid runner_group_id: there is no ${groupId}`);
  return {
    status: 201,
    body: { runner: runnerBody(minted.runner, false), encoded_jit_config: minted.jitConfig },
  };
}

function list(call: Call): FakeReply {
  const { owner, repository, registrations } = call;
  if (owner === undefined) return notFound();
  const scope = scopeOf(owner, repository);
  const name = call.request.query["name"];
  const named = name === undefined ? undefined : registrations.byName(scope, name);
  const found = name === undefined ? registrations.of(scope) : named === undefined ? [] : [named];
  const { items, headers } = paginate(call, found);
  return {
    status: 200,
    headers,
    body: {
      total_count: found.length,
      runners: items.map((runner) => runnerBody(runner, registrations.online(runner))),
    },
  };
}

function remove(call: Call): FakeReply {
  const { owner, repository, registrations, world } = call;
  const runner = world.runners.get(Number(call.params["runner_id"]));
  if (owner === undefined || runner?.scope !== scopeOf(owner, repository)) return notFound();
  if (runner.job !== undefined) {
    return refusal(
      422,
      `Bad request - Runner "${runner.name}" is currently running a job and cannot be deleted.`,
    );
  }
  registrations.remove(runner);
  return { status: 204 };
}

function groups(call: Call): FakeReply {
  const { owner, world } = call;
  if (owner === undefined || owner.kind === "User") return notFound();
  const all = [...owner.groups.values()];
  const { items, headers } = paginate(call, all);
  return {
    status: 200,
    headers,
    body: {
      total_count: all.length,
      runner_groups: items.map((group) => {
        const url = `${world.baseUrl}/orgs/${owner.login}/actions/runner-groups/${group.id}`;
        return {
          id: group.id,
          name: group.name,
          visibility: group.visibility,
          default: group.id === 1,
          runners_url: `${url}/runners`,
          ...(group.visibility === "selected"
            ? { selected_repositories_url: `${url}/repositories` }
            : {}),
          inherited: false,
          allows_public_repositories: group.allowsPublic,
          restricted_to_workflows: false,
          selected_workflows: [],
        };
      }),
    },
  };
}

const scopes = ["/orgs/{org}", "/repos/{owner}/{repo}"];

/** Runners and their groups. */
export const runnerRoutes: readonly Route[] = [
  ...scopes.flatMap((scope): readonly Route[] => [
    {
      method: "POST",
      template: `${scope}/actions/runners/generate-jitconfig`,
      by: "installation",
      resource: "actions_runner_registration",
      handle: mint,
    },
    { method: "GET", template: `${scope}/actions/runners`, by: "installation", handle: list },
    {
      method: "DELETE",
      template: `${scope}/actions/runners/{runner_id}`,
      by: "installation",
      handle: remove,
    },
  ]),
  {
    method: "GET",
    template: "/orgs/{org}/actions/runner-groups",
    by: "installation",
    handle: groups,
  },
];
