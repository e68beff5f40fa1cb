import { FleetError } from "../../ports/failure.ts";
import type { ApiRequest, ApiResponse } from "../exchange.ts";
import { failureOf } from "../failures.ts";

/**
 * Why GitHub refuses to be read, in `details.reason` of the error. What to do about each differs, though most are a 403.
 *
 * Sources: GitHub's pages "Troubleshooting the REST API", "Authenticating to the REST API", "Managing allowed IP addresses
 * for your organization" and "Setting a personal access token policy for your organization", read 2026-11-24.
 */
export type ReadRefusal =
  | "token-refused"
  | "token-policy"
  | "sso-required"
  | "sso-partial"
  | "ip-not-allowed"
  | "permission-missing"
  | "blocked"
  | "not-found"
  | "rate-limited"
  | "unavailable"
  | "refused";

const unavailable = "unavailable" satisfies ReadRefusal;

const forbidden: readonly (readonly [RegExp, ReadRefusal])[] = [
  [/saml enforcement|\bsso\b/i, "sso-required"],
  [/ip allow list/i, "ip-not-allowed"],
  [/forbids access via a|token'?s lifetime/i, "token-policy"],
  [/access blocked|account was suspended|repository (is|has been) disabled/i, "blocked"],
];

function reasonOf(failure: FleetError, response: ApiResponse): ReadRefusal {
  const { status, headers } = response;
  if (failure.kind === "throttled") return "rate-limited";
  if (failure.kind === unavailable) return unavailable;
  if (status === 401) return "token-refused";
  if (status === 404 || status === 410) return "not-found";
  if (status === 451) return "blocked";
  if (status !== 403) return "refused";
  if (headers["x-github-sso"]?.startsWith("required")) return "sso-required";
  // What else a 403 says is that the token may not: "Resource not accessible by personal access token".
  return forbidden.find(([words]) => words.test(failure.message))?.[1] ?? "permission-missing";
}

/** What a list of permissions such as `actions=read` is written with; anything else is not repeated. */
const permissionForm = /^[a-z_=;, ]{1,200}$/;

/** The failure of an answer that is no success. */
export function readRefusal(request: ApiRequest, response: ApiResponse, nowMs: number): FleetError {
  const failure = failureOf(request, response, nowMs);
  const needed = response.headers["x-accepted-github-permissions"];
  return new FleetError({
    kind: failure.kind,
    message: failure.message,
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    details: {
      ...failure.details,
      reason: reasonOf(failure, response),
      ...(needed !== undefined && permissionForm.test(needed) ? { needed } : {}),
    },
  });
}

/**
 * The failure of a success that leaves out organisations whose single sign-on the token has not passed; `undefined` when
 * nothing was left out.
 */
export function partialAnswer(request: ApiRequest, response: ApiResponse): FleetError | undefined {
  if (!response.headers["x-github-sso"]?.startsWith("partial-results")) return undefined;
  return new FleetError({
    kind: "auth",
    message: `GitHub left out what needs single sign-on (${request.purpose})`,
    details: { status: response.status, reason: "sso-partial" },
  });
}

/** The failure of a call that had no answer, or half of one. */
export function noAnswer(message: string, cause?: unknown): FleetError {
  return new FleetError({ kind: unavailable, message, cause, details: { reason: unavailable } });
}
