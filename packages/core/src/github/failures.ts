import { type Failure, FleetError } from "../ports/failure.ts";
import type { ApiRequest, ApiResponse } from "./exchange.ts";
import { redact } from "./redact.ts";

/** How long to stay away when GitHub limits us and does not say for how long, milliseconds. Source: GitHub's REST best practices, read 2026-11-20. */
export const unstatedBackoffMs = 60_000;

const limitWords = /rate limit|abuse|too many requests/i;

function messageOf(data: unknown): string {
  if (typeof data === "object" && data !== null && "message" in data) return String(data.message);
  return typeof data === "string" ? data : "";
}

/**
 * How long GitHub asks us to stay away; `undefined` when the answer does not speak of a limit. A 403 without any sign of a
 * limit is a matter of permissions.
 */
export function limitOf(response: ApiResponse, nowMs: number): number | undefined {
  const { status, headers } = response;
  if (status !== 403 && status !== 429) return undefined;
  const seconds = Number(headers["retry-after"]);
  if (headers["retry-after"] !== undefined && Number.isFinite(seconds) && seconds >= 0) {
    return seconds * 1_000;
  }
  const resetMs = Number(headers["x-ratelimit-reset"]) * 1_000;
  if (headers["x-ratelimit-remaining"] === "0" && Number.isFinite(resetMs)) {
    return Math.max(0, resetMs - nowMs);
  }
  return status === 429 || limitWords.test(messageOf(response.data))
    ? unstatedBackoffMs
    : undefined;
}

function kindOf(status: number): Pick<Failure, "kind" | "retryable"> {
  if (status === 401 || status === 403) return { kind: "auth" };
  if (status === 404 || status === 410) return { kind: "not-found" };
  if (status === 409) return { kind: "conflict" };
  if (status === 408 || status >= 500) return { kind: "unavailable" };
  if (status >= 300 && status < 500) return { kind: "config" };
  return { kind: "unknown" };
}

/** The failure of an answer that is not a success. */
export function failureOf(request: ApiRequest, response: ApiResponse, nowMs: number): FleetError {
  const { status, headers } = response;
  const told = redact(messageOf(response.data));
  const message = `GitHub refused to ${request.purpose}: ${status}${told === "" ? "" : ` ${told}`}`;
  const requestId = headers["x-github-request-id"];
  const details = { status, ...(requestId === undefined ? {} : { requestId: redact(requestId) }) };
  const retryAfterMs = limitOf(response, nowMs);
  if (retryAfterMs !== undefined) {
    return new FleetError({ kind: "throttled", message, retryAfterMs, details });
  }
  const pauseS = Number(headers["retry-after"]);
  return new FleetError({
    ...kindOf(status),
    message,
    details,
    ...(status >= 500 && pauseS > 0 ? { retryAfterMs: pauseS * 1_000 } : {}),
  });
}

/** The answer has not the form that we know. */
export function malformed(purpose: string, problem: string): FleetError {
  return new FleetError({
    kind: "unknown",
    message: `GitHub's answer is not as expected (${purpose}): ${redact(problem)}`,
  });
}
