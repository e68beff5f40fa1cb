import { FleetError } from "../ports/failure.ts";
import type { GitHubClient } from "../ports/github-client.ts";

/** Registers runners for jobs: knows where an owner's runners live and which number a group has. */
export interface Registrar {
  mint(request: {
    readonly repository: string;
    readonly runnerName: string;
    readonly labels: readonly string[];
    readonly runnerGroup: string | undefined;
    readonly signal: AbortSignal;
  }): Promise<{ readonly scope: string; readonly runnerId: string; readonly jitConfig: string }>;
  /** Where the runners of a repository are registered, as far as is known: the organisation until it turns out to be a user. */
  scopeOf(repository: string): string;
}

/** How long group numbers are believed, milliseconds. */
const groupsKeptMs = 30 * 60_000;
const defaultGroupId = 1;

/** Makes a registrar that knows nothing yet. */
export function createRegistrar(github: GitHubClient, nowMs: () => number): Registrar {
  const users = new Set<string>();
  const groups = new Map<
    string,
    { readonly atMs: number; readonly ids: Promise<ReadonlyMap<string, number>> }
  >();
  const ownerOf = (repository: string): string =>
    repository.slice(0, repository.indexOf("/")).toLowerCase();
  const scopeOf = (repository: string): string => {
    const owner = ownerOf(repository);
    return users.has(owner) ? `repos/${repository}` : `orgs/${owner}`;
  };

  const groupId = async (scope: string, name: string, signal: AbortSignal): Promise<number> => {
    let known = groups.get(scope);
    if (!known || nowMs() - known.atMs > groupsKeptMs) {
      const ids = github.runners
        .groups(scope, { signal })
        .then((list) => new Map(list.map((group) => [group.name.toLowerCase(), group.id])));
      known = { atMs: nowMs(), ids };
      groups.set(scope, known);
      ids.catch(() => groups.delete(scope));
    }
    const id = (await known.ids).get(name.toLowerCase());
    if (id !== undefined) return id;
    groups.delete(scope);
    throw new FleetError({
      kind: "config",
      message: `GitHub has no runner group named "${name}" in ${scope}; create it or change the policy`,
    });
  };

  return {
    scopeOf,
    mint: async ({ repository, runnerName, labels, runnerGroup, signal }) => {
      const tryScope = async (scope: string) => {
        const group =
          runnerGroup === undefined || scope.startsWith("repos/")
            ? defaultGroupId
            : await groupId(scope, runnerGroup, signal);
        const request = { name: runnerName, labels, groupId: group };
        return { scope, ...(await github.runners.mint(scope, request, { signal })) };
      };
      const scope = scopeOf(repository);
      try {
        return await tryScope(scope);
      } catch (error) {
        const missing = FleetError.isInstance(error) && error.kind === "not-found";
        if (!missing || scope.startsWith("repos/")) throw error;
        // A group is the boundary between repositories: without an organisation there is none to promise.
        if (runnerGroup !== undefined) throw error;
        const answer = await tryScope(`repos/${repository}`);
        users.add(ownerOf(repository));
        return answer;
      }
    },
  };
}
