import type { TroubledOptions } from "./troubled-ports.ts";

type Fetch = typeof fetch;

function answer(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

const groupsPath = /\/actions\/runner-groups(\?|$)/;
const rerunPath = /\/actions\/jobs\/(\d+)\/rerun$/;
const mintPath = /\/generate-jitconfig$/;
const defaultGroupId = 1;

/**
 * GitHub as a process reaches it: refuses calls with 429, and does not know the fleet's runner group, while such faults
 * are at work.
 */
export function troubledFetch(
  inner: Fetch,
  { trouble, note }: Pick<TroubledOptions, "trouble" | "note">,
  refusedRerun: (jobId: string) => void = () => undefined,
): Fetch {
  const withoutGroup = async (url: string, init: RequestInit | undefined): Promise<Response> => {
    const headers = new Headers(init?.headers);
    // What the cache of the client knows is of the time before.
    headers.delete("if-none-match");
    const response = await inner(url, { ...init, headers });
    const [fault] = trouble.active("group-missing");
    if (!fault || response.status !== 200) return response;
    const body = (await response.json()) as { runner_groups: { id: number; name: string }[] };
    note(`github shows no runner group of the fleet`);
    return answer(200, {
      ...body,
      runner_groups: body.runner_groups.flatMap((group) =>
        group.id === defaultGroupId
          ? [group]
          : fault.isRenamed
            ? [{ ...group, name: `${group.name}-renamed` }]
            : [],
      ),
    });
  };
  return (input, init) => {
    const [limit] = trouble.active("github-limits");
    if (limit?.dice.chance(limit.rate)) {
      note("github answers 429");
      const message = "You have exceeded a secondary rate limit.";
      return Promise.resolve(answer(429, { message }, { "retry-after": "20" }));
    }
    const [refusing] = trouble.active("reruns-refused");
    const rerun = refusing && rerunPath.exec(input instanceof Request ? input.url : String(input));
    if (rerun) {
      note("github refuses a re-run");
      refusedRerun(rerun[1] ?? "");
      return Promise.resolve(answer(403, { message: "Resource not accessible by integration" }));
    }
    const [missing] = trouble.active("group-missing");
    if (missing) {
      const url = input instanceof Request ? input.url : String(input);
      if (groupsPath.test(url)) return withoutGroup(url, init);
      const asked = mintPath.test(url) && typeof init?.body === "string" ? init.body : undefined;
      if (asked !== undefined && !missing.isRenamed) {
        const { runner_group_id: id } = JSON.parse(asked) as { runner_group_id?: unknown };
        if (id !== defaultGroupId) {
          note("github refuses a registration: its group is gone");
          return Promise.resolve(answer(422, { message: `There is no runner group ${id}` }));
        }
      }
    }
    return inner(input, init);
  };
}
