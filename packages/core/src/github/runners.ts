import * as v from "valibot";
import type { GitHubRunner, GitHubRunners } from "../ports/github-client.ts";
import type { Api } from "./api.ts";
import { pagesOf } from "./pagination.ts";
import { readAs, statusOf } from "./read-as.ts";
import { checkedId, scopePlace } from "./scopes.ts";

const id = v.pipe(v.number(), v.safeInteger());

const mintedSchema = v.object({
  runner: v.object({ id }),
  encoded_jit_config: v.pipe(v.string(), v.minLength(1), v.maxLength(32_768)),
});

const runnersSchema = v.object({
  runners: v.array(
    v.object({
      id,
      name: v.string(),
      status: v.string(),
      busy: v.boolean(),
      labels: v.array(v.object({ name: v.string() })),
    }),
  ),
});

const groupsSchema = v.object({
  runner_groups: v.array(v.object({ id, name: v.string(), visibility: v.string() })),
});

/** A repository's runners are all in the group that every account has. */
const defaultGroup = { id: 1, name: "Default", visibility: "all" } as const;

/** Self-hosted runners by way of `api`. */
export function createRunners(api: Api): GitHubRunners {
  return {
    mint: async (scope, request, options) => {
      const place = scopePlace(scope);
      const purpose = `register runner ${request.name} at ${scope}`;
      const response = await api.call(
        {
          method: "POST",
          path: `${place.path}/actions/runners/generate-jitconfig`,
          identity: place.identity,
          purpose,
          resource: "actions_runner_registration",
          body: {
            name: request.name,
            // A repository has no other group.
            runner_group_id: scope.startsWith("repos/") ? defaultGroup.id : request.groupId,
            labels: [...request.labels],
            work_folder: "_work",
          },
        },
        options,
      );
      const minted = readAs(mintedSchema, response.data, purpose);
      return { runnerId: String(minted.runner.id), jitConfig: minted.encoded_jit_config };
    },
    list: async (scope, options) => {
      const place = scopePlace(scope);
      const purpose = `list runners of ${scope}`;
      const path = `${place.path}/actions/runners?per_page=100`;
      // By id: while we turn pages, runners come and go and others move.
      const found = new Map<string, GitHubRunner>();
      const request = { method: "GET", path, identity: place.identity, purpose } as const;
      for await (const page of pagesOf(api, request, options)) {
        for (const runner of readAs(runnersSchema, page.data, purpose).runners) {
          found.set(String(runner.id), {
            id: String(runner.id),
            name: runner.name,
            busy: runner.busy,
            online: runner.status === "online",
            labels: runner.labels.map((label) => label.name),
          });
        }
      }
      return [...found.values()];
    },
    remove: async (scope, runnerId, options) => {
      const place = scopePlace(scope);
      const path = `${place.path}/actions/runners/${checkedId(runnerId, "runner")}`;
      const purpose = `remove runner ${runnerId} of ${scope}`;
      try {
        // Not there any more is as good as removed, so that it may be repeated.
        await api.call(
          { method: "DELETE", path, identity: place.identity, purpose, idempotent: true },
          options,
        );
        return "removed";
      } catch (error) {
        const status = statusOf(error);
        if (status === 404) return "removed";
        if (status === 422) return "busy";
        throw error;
      }
    },
    groups: async (scope, options) => {
      const place = scopePlace(scope);
      if (scope.startsWith("repos/")) return [defaultGroup];
      const purpose = `list runner groups of ${scope}`;
      const path = `${place.path}/actions/runner-groups?per_page=100`;
      const found = [];
      const request = {
        method: "GET",
        path,
        identity: place.identity,
        purpose,
        cached: true,
      } as const;
      for await (const page of pagesOf(api, request, options)) {
        found.push(...readAs(groupsSchema, page.data, purpose).runner_groups);
      }
      return found;
    },
  };
}
