import { FleetError } from "../ports/failure.ts";
import type { ApiResponse, Exchange } from "./exchange.ts";
import { redactError } from "./redact.ts";

/**
 * Anything with the `request()` of Octokit. It authenticates in its own way: with the App's token where the path begins
 * with `/app`, with the installation's elsewhere.
 */
export interface OctokitLike {
  /** Sends one request of the REST API; rejects as Octokit's `request` does. */
  request(
    route: string,
    parameters?: object,
  ): Promise<{ readonly status: number; readonly headers: object; readonly data: unknown }>;
}

interface Answer {
  readonly status: number;
  readonly headers: object;
  readonly data: unknown;
}

function plain(answer: Answer): ApiResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value);
  }
  return {
    status: answer.status,
    headers,
    data: answer.data === "" ? undefined : answer.data,
  };
}

/** Octokit throws answers that are no success, 304 among them. */
function answerOf(error: unknown): Answer | undefined {
  if (typeof error !== "object" || error === null || !("status" in error)) return undefined;
  if (typeof error.status !== "number") return undefined;
  const response = "response" in error ? error.response : undefined;
  const known = typeof response === "object" && response !== null ? response : {};
  const headers = "headers" in known ? known.headers : undefined;
  // Octokit gives 500 to a request that was never answered.
  if (error.status === 500 && response === undefined) return undefined;
  return {
    status: error.status,
    headers: typeof headers === "object" && headers !== null ? headers : {},
    data:
      "data" in known ? known.data : { message: "message" in error ? String(error.message) : "" },
  };
}

/** An exchange through a client that the host has made. */
export function createOctokitExchange(octokit: OctokitLike): Exchange {
  return async (request, _authorization, signal) => {
    signal?.throwIfAborted();
    try {
      return plain(
        await octokit.request(`${request.method} ${request.path}`, {
          ...request.body,
          headers: request.etag === undefined ? {} : { "if-none-match": request.etag },
          request: signal === undefined ? {} : { signal },
        }),
      );
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const answer = answerOf(error);
      if (answer !== undefined) return plain(answer);
      throw new FleetError({
        kind: "unavailable",
        message: `GitHub did not answer (${request.purpose})`,
        cause: redactError(error),
      });
    }
  };
}
