import { describe, expect, it } from "vitest";
import type { FakeGitHubExchange } from "../src/testing/github/index.ts";
import { createFakeStage } from "./fake-github-stage.ts";
import { createOpenApiCheck } from "./openapi-check.ts";

const good: FakeGitHubExchange = {
  method: "POST",
  path: "/orgs/acme/actions/runners/generate-jitconfig",
  query: {},
  route: "/orgs/{org}/actions/runners/generate-jitconfig",
  request: { name: "a", runner_group_id: 1, labels: ["x"] },
  status: 201,
  response: {
    runner: { id: 1, name: "a", os: "linux", status: "offline", busy: false, labels: [] },
    encoded_jit_config: "abc",
  },
};

function violationsOf(exchange: FakeGitHubExchange): readonly string[] {
  const check = createOpenApiCheck();
  check.check(exchange);
  return check.violations;
}

describe("the check against GitHub's description", () => {
  it("accepts what is right", () => {
    expect(violationsOf(good)).toEqual([]);
  });

  it.each<[string, Partial<FakeGitHubExchange>]>([
    ["a request that lacks a field", { request: { name: "a", labels: ["x"] } }],
    ["a request of a wrong type", { request: { name: "a", runner_group_id: "1", labels: ["x"] } }],
    ["a request without labels", { request: { name: "a", runner_group_id: 1, labels: [] } }],
    ["an answer that lacks a field", { response: { encoded_jit_config: "abc" } }],
    ["a status of its own", { status: 200 }],
    ["a query of its own", { query: { fast: "1" } }],
    ["a path of its own", { route: "/orgs/{org}/actions/magic" }],
  ])("notices %s", (_name, wrong) => {
    expect(violationsOf({ ...good, ...wrong })).toHaveLength(1);
  });

  it("notices a bad value of a known query, and a body where none belongs", () => {
    const deliveries = {
      ...{ method: "GET", path: "/app/hook/deliveries", route: "/app/hook/deliveries" },
      ...{ request: undefined, status: 200, response: [] },
    };
    expect(violationsOf({ ...deliveries, query: { status: "failure", per_page: "100" } })).toEqual(
      [],
    );
    expect(violationsOf({ ...deliveries, query: { status: "lost" } })).toHaveLength(1);
  });
});

describe("the fake beyond what our client asks", () => {
  it("keeps to the description in statuses, filters and refusals", async () => {
    const check = createOpenApiCheck();
    const { github } = createFakeStage({ onExchange: check.check });
    await using _ = github;
    const sha = github.commitFile({ repository: "acme/app", path: "a/b", text: "1" });
    github.commitFile({ repository: "acme/app", path: "l", symlink: "a/b" });
    github.queueJob({ repository: "acme/app", labels: ["x"], durationMs: 1 });
    let token = "";
    const spy: typeof fetch = async (input, init) => {
      token = new Headers(init?.headers).get("authorization") ?? token;
      return github.fetch(input, init);
    };
    const { createGitHubClient } = await import("../src/github/index.ts");
    const client = createGitHubClient({
      appId: github.app.id,
      privateKey: github.app.privateKey,
      baseUrl: "https://github.fake",
      fetch: spy,
    });
    await client.runners.list("orgs/acme").catch(() => undefined);
    const call = async (method: string, path: string, body?: object): Promise<number> => {
      const response = await github.fetch(`https://github.fake${path}`, {
        method,
        headers: { authorization: token },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.status;
    };
    const app = "/repos/acme/app";
    expect([
      await call("POST", `${app}/statuses/${sha}`, { state: "success", context: "x" }),
      await call("POST", `${app}/statuses/${sha}`, { state: "great" }),
      await call("GET", `${app}/contents/a`),
      await call("GET", `${app}/contents/l?ref=main`),
      await call("GET", `${app}/actions/runs`),
      await call("GET", `${app}/actions/runs?status=completed&per_page=1`),
      await call("GET", "/orgs/acme/actions/runners?name=none"),
      await call("POST", `${app}/check-runs`, {
        ...{ name: "n", head_sha: sha },
        output: { title: "t", summary: "s", annotations: Array(51).fill({}) },
      }),
      await call("DELETE", "/orgs/acme/actions/runners/1"),
      await call("GET", "/app/hook/deliveries"),
      await call("GET", "/nowhere"),
    ]).toEqual([201, 422, 200, 200, 200, 200, 200, 422, 404, 401, 404]);
    expect(check.violations).toEqual([]);
  });
});
