import type { CallOptions } from "../ports/call-options.ts";
import { FleetError } from "../ports/failure.ts";
import type { Api } from "./api.ts";
import type { ApiRequest, ApiResponse } from "./exchange.ts";
import { malformed } from "./failures.ts";

/** More pages than any list of GitHub's has: beyond, something runs in a circle. */
const mostPages = 800;

const linkForm = /<([^<>]{1,4096})>\s*;[^,<]*\brel="?next"?/;

/**
 * The path of the next page: this path with the query of the `next` link. Only the query is taken, so that no token can
 * follow a link to another host.
 *
 * @param origin - Of the API, where it is known: a link that leads elsewhere is refused.
 * @throws A {@link FleetError} `config` for a link to another host.
 */
export function nextPath(
  path: string,
  link: string | undefined,
  origin: string | undefined,
): string | undefined {
  const target = link === undefined ? undefined : linkForm.exec(link)?.[1];
  if (target === undefined) return undefined;
  const base = origin ?? "https://unknown.invalid";
  let url: URL;
  try {
    url = new URL(target, base);
  } catch {
    throw malformed("read the next page", "the Link header holds no URL");
  }
  if (origin !== undefined && url.origin !== origin) {
    throw new FleetError({
      kind: "config",
      message: `GitHub's list goes on at another host, ${url.host}, which will not get our token; check baseUrl`,
    });
  }
  return `${path.split("?")[0]}${url.search}`;
}

/** The pages of a list, one call each, fetched as you iterate. */
export async function* pagesOf(
  api: Api,
  request: ApiRequest,
  options?: CallOptions,
): AsyncGenerator<ApiResponse, void, undefined> {
  let path: string | undefined = request.path;
  for (let page = 0; path !== undefined; page += 1) {
    if (page >= mostPages) throw malformed(request.purpose, `more than ${mostPages} pages`);
    const response: ApiResponse = await api.call({ ...request, path }, options);
    yield response;
    path = nextPath(path, response.headers["link"], api.origin);
  }
}
