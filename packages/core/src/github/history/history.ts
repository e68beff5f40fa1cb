import type { CallOptions } from "../../ports/call-options.ts";
import type { Clock } from "../../ports/clock.ts";
import { FleetError } from "../../ports/failure.ts";
import { systemClock } from "../../ports/system-clock.ts";
import { baseOf } from "../base-url.ts";
import { type ApiRequest, type ApiResponse, pathOf } from "../exchange.ts";
import { createFetchExchange } from "../fetch-exchange.ts";
import { nextPath } from "../pagination.ts";
import { readAs } from "../read-as.ts";
import { checkedId, type Place, repositoryPlace, scopePlace } from "../scopes.ts";
import { createServerTime } from "../server-time.ts";
import { isoInstant } from "./iso-instant.ts";
import type {
  HistoryBudget,
  HistoryPage,
  RecordedJob,
  RecordedRepository,
  RecordedRun,
} from "./recorded.ts";
import { noAnswer, partialAnswer, readRefusal } from "./refusals.ts";
import {
  jobOf,
  jobsSchema,
  repositoriesSchema,
  repositoryOf,
  runOf,
  runsSchema,
} from "./shapes.ts";

/** What GitHub has on record of an organisation's workflow runs. Reads only. */
export interface GitHubHistory {
  /**
   * The organisation's repositories by name, as far as the token sees them.
   *
   * @param page - From 1.
   */
  repositories(
    organisation: string,
    page: number,
    options?: CallOptions,
  ): Promise<HistoryPage<RecordedRepository>>;
  /**
   * Runs that were created from `fromMs` to `toMs`, both seconds included. GitHub shows the newest 1,000 of a range, and
   * sorts by their creation: ask for short ranges.
   */
  runs(
    repository: string,
    range: { readonly fromMs: number; readonly toMs: number; readonly page?: number },
    options?: CallOptions,
  ): Promise<HistoryPage<RecordedRun>>;
  /**
   * The jobs of all attempts of a run; `undefined` when nothing has changed since the answer with that `etag`.
   */
  jobs(
    repository: string,
    runId: string,
    options?: CallOptions & { readonly page?: number; readonly etag?: string },
  ): Promise<HistoryPage<RecordedJob> | undefined>;
}

/** Options of {@link createGitHubHistory}. */
export interface GitHubHistoryOptions {
  /**
   * A token that may read: fine-grained with `Actions: read` (and `Metadata: read`, which comes with it) on the
   * organisation's repositories, or an installation's.
   */
  readonly token: string;
  /** Base of the API. @defaultValue "https://api.github.com" */
  readonly baseUrl?: string;
  /** Sends the requests. @defaultValue the platform's */
  readonly fetch?: typeof fetch;
  /** Source of time. @defaultValue systemClock */
  readonly clock?: Clock;
  /** Items a page, 1 to 100. @defaultValue 100 */
  readonly pageSize?: number;
  /** Hears what every answer says of the budget, refusals included. */
  readonly onAnswer?: (budget: HistoryBudget) => void;
}

/** What fits a header. */
const tokenForm = /^[\x21-\x7e]{1,4096}$/;

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The budget that `headers` tell of; `skewMs` is how far GitHub's clock is ahead of ours. */
function budgetOf({ status, headers }: ApiResponse, skewMs: number): HistoryBudget {
  const resetS = numberOf(headers["x-ratelimit-reset"]);
  return {
    status,
    limit: numberOf(headers["x-ratelimit-limit"]),
    remaining: numberOf(headers["x-ratelimit-remaining"]),
    resetMs: resetS === undefined ? undefined : resetS * 1_000 - skewMs,
    scopes: headers["x-oauth-scopes"]?.split(",").map((scope) => scope.trim()),
  };
}

/**
 * A reader of what GitHub has on record. One call is one request: waiting for budgets and repeating is the caller's part,
 * who knows how much of the budget may be spent. Nothing is sent before the first call.
 *
 * Every failure is a `FleetError` with a {@link ReadRefusal} in `details.reason`, and in `details.needed` the permissions
 * that GitHub asks for, where it says so. Errors hold no token.
 *
 * @throws A TypeError for a token that fits no header or a bad `baseUrl`; a RangeError for a bad `pageSize`.
 * @example
 * const history = createGitHubHistory({ token });
 * const { items } = await history.runs("acme/app", { fromMs, toMs });
 */
export function createGitHubHistory(options: GitHubHistoryOptions): GitHubHistory {
  const { clock = systemClock, pageSize = 100, onAnswer } = options;
  const url = baseOf(options.baseUrl ?? "https://api.github.com");
  if (!tokenForm.test(options.token)) throw new TypeError("token is empty or fits no header");
  if (!(Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= 100)) {
    throw new RangeError(`pageSize must be from 1 to 100, is ${pageSize}`);
  }
  const authorization = `Bearer ${options.token}`;
  const time = createServerTime(clock);
  const exchange = createFetchExchange({
    baseUrl: url.href.replace(/\/+$/, ""),
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    clock,
  });

  const read = async (
    request: ApiRequest,
    signal: AbortSignal | undefined,
  ): Promise<ApiResponse> => {
    let response: ApiResponse;
    try {
      response = await exchange(request, authorization, signal);
    } catch (error) {
      const silent = FleetError.isInstance(error) && error.kind === "unavailable";
      throw silent ? noAnswer(error.message, error.cause) : error;
    }
    time.learn(response.headers["date"]);
    onAnswer?.(budgetOf(response, time.now() - clock.now()));
    const fine = response.status === 200 || (response.status === 304 && request.etag !== undefined);
    if (!fine) throw readRefusal(request, response, time.now());
    const partial = partialAnswer(request, response);
    if (partial !== undefined) throw partial;
    // Half an answer, or the page of something between us and GitHub.
    if (typeof response.data === "string") {
      throw noAnswer(`GitHub's answer broke off (${request.purpose})`);
    }
    return response;
  };

  const ask = (
    place: Place,
    query: Readonly<Record<string, string | number>>,
    purpose: string,
    etag?: string,
  ): ApiRequest => {
    const parameters = Object.entries({ per_page: pageSize, ...query });
    const text = parameters
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join("&");
    const path = `${place.path}?${text}`;
    const request = { method: "GET", path, identity: place.identity, purpose } as const;
    return etag === undefined ? request : { ...request, etag };
  };

  const pageOf = <T>(
    request: ApiRequest,
    { headers }: ApiResponse,
    items: readonly T[],
    total?: number,
  ): HistoryPage<T> => ({
    items,
    more: nextPath(request.path, headers["link"], undefined) !== undefined,
    ...(total === undefined ? {} : { total }),
    ...(headers["etag"] === undefined ? {} : { etag: headers["etag"] }),
  });

  const within = (place: Place, ...parts: readonly string[]): Place => ({
    ...place,
    path: `${place.path}${pathOf(...parts)}`,
  });

  return {
    repositories: async (organisation, page, call) => {
      const place = within(scopePlace(`orgs/${organisation}`), "repos");
      const purpose = `list the repositories of ${organisation}`;
      const request = ask(place, { type: "all", sort: "full_name", page }, purpose);
      const response = await read(request, call?.signal);
      const items = readAs(repositoriesSchema, response.data, purpose).map(repositoryOf);
      return pageOf(request, response, items);
    },
    runs: async (repository, { fromMs, toMs, page = 1 }, call) => {
      const place = within(repositoryPlace(repository), "actions", "runs");
      const created = `${isoInstant(fromMs)}..${isoInstant(toMs)}`;
      const purpose = `list runs of ${repository}`;
      const request = ask(place, { created, exclude_pull_requests: "true", page }, purpose);
      const response = await read(request, call?.signal);
      const answer = readAs(runsSchema, response.data, purpose);
      return pageOf(request, response, answer.workflow_runs.map(runOf), answer.total_count);
    },
    jobs: async (repository, runId, call = {}) => {
      const place = within(
        repositoryPlace(repository),
        "actions",
        "runs",
        checkedId(runId, "run"),
        "jobs",
      );
      const purpose = `list jobs of run ${runId} of ${repository}`;
      const request = ask(place, { filter: "all", page: call.page ?? 1 }, purpose, call.etag);
      const response = await read(request, call.signal);
      if (response.status === 304) return undefined;
      const answer = readAs(jobsSchema, response.data, purpose);
      return pageOf(request, response, answer.jobs.map(jobOf), answer.total_count);
    },
  };
}
