import type { CallOptions } from "../ports/call-options.ts";
import type { Clock, Entropy } from "../ports/clock.ts";
import { FleetError } from "../ports/failure.ts";
import { createBudgets } from "./budgets.ts";
import { createEtagCache } from "./etag-cache.ts";
import type { ApiRequest, ApiResponse, Exchange } from "./exchange.ts";
import { failureOf } from "./failures.ts";
import { createServerTime, type ServerTime } from "./server-time.ts";

/** GitHub's REST API: authenticated, within its limits, failures typed. */
export interface Api {
  /** Origin of the API; `undefined` when a host's own client knows it. */
  readonly origin: string | undefined;
  /**
   * The answer, when it is a success or 304 for the request's own ETag.
   *
   * @throws A {@link FleetError}; `details.status` holds the status when there was an answer.
   */
  call(request: ApiRequest, options?: CallOptions): Promise<ApiResponse>;
}

/** Who a request is made as. */
export interface Authorization {
  /** Whose budget it spends. */
  readonly caller: string;
  readonly header: string | undefined;
  /** GitHub refused it. Answers whether another one may fare better. */
  refused(clocksDiffer: boolean): boolean;
}

/** Attempts of a call that may be repeated, the first included. */
const mostAttempts = 3;
const firstPauseMs = 250;
/** A longer pause that GitHub asks for is the caller's business, milliseconds. */
const longestPauseMs = 2_000;

function isSuccess(request: ApiRequest, response: ApiResponse): boolean {
  const { status } = response;
  return (status >= 200 && status < 300) || (status === 304 && request.etag !== undefined);
}

/** The API by way of `exchange`. */
export function createApi(options: {
  readonly origin: string | undefined;
  readonly exchange: Exchange;
  readonly authorize: (
    request: ApiRequest,
    api: Api,
    time: ServerTime,
    options?: CallOptions,
  ) => Promise<Authorization>;
  readonly clock: Clock;
  readonly entropy: Entropy;
}): Api {
  const { exchange, authorize, clock, entropy } = options;
  const time = createServerTime(clock);
  const budgets = createBudgets({
    now: time.now,
    monotonicMs: () => clock.monotonicMs(),
    sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
  });
  const etags = createEtagCache();

  const once = async (
    request: ApiRequest,
    authorization: Authorization,
    call: CallOptions | undefined,
  ): Promise<{ readonly response: ApiResponse; readonly clocksDiffer: boolean }> => {
    const leave = await budgets.enter(authorization.caller, request, call);
    try {
      const response = await exchange(request, authorization.header, call?.signal);
      const clocksDiffer = time.learn(response.headers["date"]);
      budgets.learn(authorization.caller, request, response);
      return { response, clocksDiffer };
    } finally {
      leave();
    }
  };

  const attempts = async (
    request: ApiRequest,
    call: CallOptions | undefined,
  ): Promise<ApiResponse> => {
    const repeatable = request.idempotent ?? request.method === "GET";
    let renewed = false;
    for (let made = 1; ; made += 1) {
      // Outside: a token that could not be had was asked for repeatedly underneath.
      const authorization = await authorize(request, api, time, call);
      let failure: FleetError;
      try {
        const { response, clocksDiffer } = await once(request, authorization, call);
        if (isSuccess(request, response)) return response;
        if (response.status === 401 && !renewed && authorization.refused(clocksDiffer)) {
          // Nothing was done for the refused credential, so that changes may be repeated too.
          renewed = true;
          made -= 1;
          continue;
        }
        failure = failureOf(request, response, time.now());
      } catch (error) {
        if (!FleetError.isInstance(error) || error.kind !== "unavailable") throw error;
        failure = error;
      }
      const jitteredMs = (firstPauseMs << (made - 1)) * (0.5 + entropy.random());
      const pauseMs = Math.max(failure.retryAfterMs ?? 0, jitteredMs);
      const again = repeatable && failure.retryable && made < mostAttempts;
      if (!again || pauseMs > longestPauseMs) throw failure;
      await clock.sleep(pauseMs, call?.signal);
    }
  };

  const api: Api = {
    origin: options.origin,
    call: async (request, call) => {
      if (!request.cached) return attempts(request, call);
      const { identity, path } = request;
      const key = `${identity.kind === "app" ? "" : identity.owner.toLowerCase()} ${path}`;
      const known = etags.get(key);
      const response = await attempts(
        known === undefined ? request : { ...request, etag: known.etag },
        call,
      );
      if (response.status === 304 && known !== undefined) return known;
      etags.set(key, response);
      return response;
    },
  };
  return api;
}
