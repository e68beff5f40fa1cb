import { describe, expect, it } from "vitest";
import type { ApiRequest, ApiResponse } from "./exchange.ts";
import { failureOf, unstatedBackoffMs } from "./failures.ts";

const nowMs = 1_790_000_000_000;
const request: ApiRequest = {
  method: "GET",
  path: "/x",
  identity: { kind: "app" },
  purpose: "read x",
};

function answer(status: number, message = "", headers: ApiResponse["headers"] = {}): ApiResponse {
  return { status, headers, data: { message } };
}

describe("failures of GitHub", () => {
  it.each([
    [401, "auth"],
    [403, "auth"],
    [404, "not-found"],
    [409, "conflict"],
    [410, "not-found"],
    [400, "config"],
    [422, "config"],
    [301, "config"],
    [408, "unavailable"],
    [500, "unavailable"],
    [502, "unavailable"],
    [503, "unavailable"],
  ])("calls %i %s", (status, kind) => {
    const failure = failureOf(request, answer(status, "because"), nowMs);
    expect(failure.kind).toBe(kind);
    expect(failure.retryable).toBe(kind === "unavailable");
    expect(failure.details["status"]).toBe(status);
    expect(failure.message).toContain("read x");
    expect(failure.message).toContain("because");
  });

  it.each<[string, ApiResponse, number]>([
    ["Retry-After", answer(403, "", { "retry-after": "17" }), 17_000],
    ["Retry-After of a 429", answer(429, "", { "retry-after": "3" }), 3_000],
    [
      "the reset when nothing remains",
      answer(403, "", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1790000120" }),
      120_000,
    ],
    [
      "Retry-After before the reset",
      answer(403, "", {
        "retry-after": "9",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "1790000120",
      }),
      9_000,
    ],
    ["a minute when the words say it", answer(403, "You hit a Secondary Rate Limit"), 60_000],
    ["a minute for a bare 429", answer(429), unstatedBackoffMs],
  ])("waits for %s", (_name, response, retryAfterMs) => {
    const failure = failureOf(request, response, nowMs);
    expect(failure.kind).toBe("throttled");
    expect(failure.retryAfterMs).toBe(retryAfterMs);
  });

  it("takes a 403 with budget left for a matter of permissions", () => {
    const headers = { "x-ratelimit-remaining": "4999", "x-ratelimit-reset": "1790000120" };
    expect(failureOf(request, answer(403, "Resource not accessible", headers), nowMs).kind).toBe(
      "auth",
    );
  });

  it("hands on how long an outage will last, when GitHub says so", () => {
    const failure = failureOf(request, answer(503, "", { "retry-after": "30" }), nowMs);
    expect(failure.kind).toBe("unavailable");
    expect(failure.retryAfterMs).toBe(30_000);
  });
});
