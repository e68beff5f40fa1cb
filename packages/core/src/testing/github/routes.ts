import type { Checks } from "./checks.ts";
import type { Credentials } from "./credentials.ts";
import type { DeliveryDesk } from "./deliveries.ts";
import type { FakeReply, FakeRequest } from "./exchange.ts";
import type { Jobs } from "./jobs.ts";
import type { Owner, Repository, World } from "./model.ts";
import type { Resource } from "./rate-limits.ts";
import type { Registrations } from "./registrations.ts";

/** The parts of the fake that routes act on. */
export interface Parts {
  readonly world: World;
  readonly registrations: Registrations;
  readonly jobs: Jobs;
  readonly credentials: Credentials;
  readonly deliveries: DeliveryDesk;
  readonly checks: Checks;
}

/** One call of a route. */
export interface Call extends Parts {
  readonly request: FakeRequest;
  readonly params: Readonly<Record<string, string>>;
  /** Of `{org}` or `{owner}`. */
  readonly owner: Owner | undefined;
  /** Of `{owner}/{repo}`. */
  readonly repository: Repository | undefined;
}

/** A path of the REST API. */
export interface Route {
  readonly method: string;
  readonly template: string;
  /** Whose credential it takes. */
  readonly by: "app" | "installation";
  /** @defaultValue "core" */
  readonly resource?: Resource;
  handle(call: Call): FakeReply;
}

const documentation = "https://docs.github.com/rest";

/** An error in GitHub's form. */
export function refusal(status: number, message: string): FakeReply {
  return {
    status,
    body: { message, documentation_url: documentation, status: String(status) },
  };
}

/** GitHub's answer for what is not there, and for what the caller may not see. */
export const notFound = (): FakeReply => refusal(404, "Not Found");

/** One page of a list, with the `Link` header that leads on. */
export function paginate<T>(
  call: Call,
  items: readonly T[],
): { readonly items: readonly T[]; readonly headers: Readonly<Record<string, string>> } {
  const { path, query } = call.request;
  const perPage = Math.min(100, Math.max(1, Number(query["per_page"] ?? 30) || 30));
  const page = Math.max(1, Number(query["page"] ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, rel: string): string =>
    `<${call.world.baseUrl}${path}?${new URLSearchParams({ ...query, page: String(to) })}>; rel="${rel}"`;
  return {
    items: items.slice((page - 1) * perPage, page * perPage),
    headers: page < last ? { link: `${link(page + 1, "next")}, ${link(last, "last")}` } : {},
  };
}

/** Matches a path with a template; the last parameter may hold slashes when it is `{path}`. */
export function matchTemplate(
  template: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const open = template.at(-1) === "{path}";
  if (open ? segments.length < template.length : segments.length !== template.length) {
    return undefined;
  }
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const value = segments[index] ?? "";
    if (!part.startsWith("{")) {
      if (part !== value) return undefined;
    } else if (part === "{path}") params["path"] = segments.slice(index).join("/");
    else params[part.slice(1, -1)] = value;
  }
  return params;
}
