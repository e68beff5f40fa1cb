import { describe, expect, it } from "vitest";
import { createOpenApiCheck, uncheckedRoutes } from "../../../test/openapi-check.ts";
import { FleetError } from "../../ports/failure.ts";
import { createFakeGitHub, type FakeGitHubOptions } from "../../testing/github/index.ts";
import { createSeededEntropy } from "../../testing/seeded-entropy.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { createGitHubHistory, type GitHubHistoryOptions } from "./history.ts";
import type { HistoryBudget } from "./recorded.ts";

const startMs = 1_790_000_000_000;

function stage(options: Partial<FakeGitHubOptions> = {}) {
  const clock = createVirtualClock(startMs);
  const openApi = createOpenApiCheck();
  const github = createFakeGitHub({
    clock,
    entropy: createSeededEntropy(3),
    onExchange: openApi.check,
    ...options,
  });
  const token = github.readToken("acme");
  const history = (more: Partial<GitHubHistoryOptions> = {}) =>
    createGitHubHistory({
      token,
      baseUrl: "https://github.fake",
      fetch: github.fetch,
      clock,
      ...more,
    });
  return { clock, github, token, history, openApi };
}

/** A reader whose every request gets this answer. */
function answered(status: number, headers: Record<string, string>, body: string) {
  const clock = createVirtualClock(startMs);
  return createGitHubHistory({
    token: "github_pat_abcdefghijklmnopqrstuvwxyz",
    clock,
    fetch: async () => new Response(body, { status, headers }),
  });
}

async function failureOf(promise: Promise<unknown>): Promise<FleetError> {
  try {
    await promise;
  } catch (error) {
    if (FleetError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("It should have failed");
}

describe("the record that GitHub keeps", () => {
  it("lists an organisation's repositories by name with who can see them, page by page", async () => {
    const { github, history, openApi } = stage();
    await using _ = github;
    github.setRepository({ name: "acme/zoo", visibility: "public", fork: true });
    github.setRepository({ name: "acme/app" });
    github.setRepository({ name: "acme/inner", visibility: "internal" });
    github.setRepository({ name: "other/app" });
    const small = history({ pageSize: 2 });
    expect(await small.repositories("acme", 1)).toMatchObject({
      items: [
        { name: "acme/app", visibility: "private", fork: false },
        { name: "acme/inner", visibility: "internal", fork: false },
      ],
      more: true,
    });
    expect(await small.repositories("acme", 2)).toMatchObject({
      items: [{ name: "acme/zoo", visibility: "public", fork: true }],
      more: false,
    });
    expect(openApi.violations).toEqual([]);
  });

  it("lists the runs of a range of seconds, both ends included, newest first, with their number", async () => {
    const { github, history, openApi } = stage();
    await using _ = github;
    const ids = [0, 1_000, 2_000, 3_000].map(
      (afterMs) =>
        github.recordRun({ repository: "acme/app", createdAtMs: startMs + afterMs, jobs: [] })
          .runId,
    );
    const page = await history({ pageSize: 1 }).runs("acme/app", {
      fromMs: startMs + 1_000,
      toMs: startMs + 2_000,
    });
    expect(page).toMatchObject({ items: [{ id: ids[2], finished: true }], total: 2, more: true });
    expect(openApi.violations).toEqual([]);
    expect([...openApi.unchecked].filter((route) => !uncheckedRoutes.includes(route))).toEqual([]);
  });

  it("shows no more than a thousand runs of a range, but counts them all", async () => {
    const { github, history } = stage();
    await using _ = github;
    for (let index = 0; index < 1_050; index += 1) {
      github.recordRun({ repository: "acme/app", createdAtMs: startMs, jobs: [] });
    }
    const range = { fromMs: startMs, toMs: startMs };
    const reader = history();
    const tenth = await reader.runs("acme/app", { ...range, page: 10 });
    expect(tenth).toMatchObject({ total: 1_050, more: false });
    expect(tenth.items).toHaveLength(100);
    expect((await reader.runs("acme/app", { ...range, page: 11 })).items).toEqual([]);
  });

  it("lists the jobs of all attempts with their times, runner and group", async () => {
    const { github, history, openApi } = stage();
    await using _ = github;
    const at = (afterS: number): number => startMs + afterS * 1_000;
    const { runId, jobIds } = github.recordRun({
      repository: "acme/app",
      createdAtMs: startMs,
      jobs: [
        {
          ...{ labels: ["linux"], queuedAtMs: at(1), startedAtMs: at(31), completedAtMs: at(91) },
          ...{ conclusion: "failure", runnerName: "r-1", runnerGroup: "fleet" },
        },
        { labels: ["linux"], queuedAtMs: at(200), attempt: 2 },
      ],
    });
    const page = await history().jobs("acme/app", runId);
    expect(page?.items).toEqual([
      {
        ...{ id: jobIds[0], runId, attempt: 1, finished: true, labels: ["linux"] },
        ...{ conclusion: "failure", runnerName: "r-1", runnerGroup: "fleet" },
        ...{ createdAtMs: at(1), startedAtMs: at(31), completedAtMs: at(91) },
      },
      {
        ...{ id: jobIds[1], runId, attempt: 2, finished: false, labels: ["linux"] },
        ...{ createdAtMs: at(200), startedAtMs: at(200) },
      },
    ]);
    expect(openApi.violations).toEqual([]);
  });

  it("asks with an ETag for a call that costs nothing when nothing changed", async () => {
    const budgets: HistoryBudget[] = [];
    const { github, history } = stage();
    await using _ = github;
    const { runId } = github.recordRun({ repository: "acme/app", createdAtMs: startMs, jobs: [] });
    const reader = history({ onAnswer: (budget) => budgets.push(budget) });
    const first = await reader.jobs("acme/app", runId);
    const etag = first?.etag ?? "";
    expect(await reader.jobs("acme/app", runId, { etag })).toBeUndefined();
    expect(budgets.map(({ status, remaining }) => [status, remaining])).toEqual([
      [200, 4_999],
      [304, 4_999],
    ]);
    expect(budgets[0]?.limit).toBe(5_000);
    expect(budgets[0]?.resetMs).toBe(startMs + 3_600_000);
  });

  it("may read and change nothing with a token for reading", async () => {
    const { github, token } = stage();
    await using _ = github;
    github.setRepository({ name: "acme/app" });
    const answer = await github.fetch("https://github.fake/repos/acme/app/check-runs", {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: "{}",
    });
    expect(answer.status).toBe(403);
  });

  it("tells when the fake is asked for a range that GitHub's pages do not describe", async () => {
    const { github, token } = stage();
    await using _ = github;
    github.setRepository({ name: "acme/app" });
    const status = async (created: string): Promise<number> => {
      const query = new URLSearchParams({ created });
      const url = `https://github.fake/repos/acme/app/actions/runs?${query}`;
      return (await github.fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
    };
    for (const good of ["2026-11-01..2026-11-02", ">=2026-11-01", "*..2026-11-01T10:00:00Z"]) {
      expect(await status(good)).toBe(200);
    }
    for (const bad of ["yesterday", "2026-11-01..", "2026-11-01...2026-11-02", "1..2..3", ""]) {
      expect(await status(bad)).toBe(422);
    }
  });
});

describe("what GitHub refuses, by what to do about it", () => {
  const saml =
    "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.";
  const list =
    "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.";
  const limit = "You have exceeded a secondary rate limit. Please wait a few minutes.";

  it.each<[string, string, number, Record<string, string>, string]>([
    ["token-refused", "auth", 401, {}, "Bad credentials"],
    ["sso-required", "auth", 403, { "x-github-sso": "required; url=https://x.invalid" }, saml],
    ["sso-required", "auth", 403, {}, saml],
    ["ip-not-allowed", "auth", 403, {}, list],
    [
      ...(["token-policy", "auth", 403, {}] as const),
      "`acme` forbids access via a personal access token (classic). Please use a GitHub App or a fine-grained token.",
    ],
    [
      ...(["token-policy", "auth", 403, {}] as const),
      "The 'acme' organization forbids access if the token's lifetime is greater than 366 days.",
    ],
    ["permission-missing", "auth", 403, {}, "Resource not accessible by personal access token"],
    ["permission-missing", "auth", 403, {}, "Something new"],
    ["blocked", "auth", 403, {}, "Repository access blocked"],
    ["not-found", "not-found", 404, {}, "Not Found"],
    ["rate-limited", "throttled", 403, { "retry-after": "30" }, limit],
    ["rate-limited", "throttled", 429, {}, "Too many requests"],
    ["unavailable", "unavailable", 502, {}, "Server Error"],
    ["refused", "config", 422, {}, "Validation Failed"],
  ])("%s is of kind %s for a %i", async (reason, kind, status, headers, message) => {
    const reader = answered(status, headers, JSON.stringify({ message }));
    const failure = await failureOf(reader.runs("acme/app", { fromMs: 0, toMs: 1_000 }));
    expect(failure.details["reason"]).toBe(reason);
    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toContain("github_pat_");
  });

  it("repeats which permissions GitHub asks for, and nothing else from that header", async () => {
    const message = JSON.stringify({ message: "Resource not accessible by personal access token" });
    const needed = async (value: string): Promise<unknown> => {
      const reader = answered(403, { "x-accepted-github-permissions": value }, message);
      return (await failureOf(reader.jobs("acme/app", "1"))).details["needed"];
    };
    expect(await needed("actions=read")).toBe("actions=read");
    expect(await needed("actions=read; administration=write")).toContain("administration=write");
    expect(await needed("<script>")).toBeUndefined();
  });

  it("takes no list that silently lacks what single sign-on protects", async () => {
    const reader = answered(200, { "x-github-sso": "partial-results; organizations=1" }, "[]");
    const failure = await failureOf(reader.repositories("acme", 1));
    expect(failure.details["reason"]).toBe("sso-partial");
  });

  it("counts an answer that breaks off as none", async () => {
    const failure = await failureOf(
      answered(200, {}, '{"total_count":1,"jo').jobs("acme/app", "1"),
    );
    expect(failure).toMatchObject({ kind: "unavailable", details: { reason: "unavailable" } });
  });

  it("refuses options that cannot work, before anything is sent", () => {
    expect(() => createGitHubHistory({ token: "" })).toThrow(TypeError);
    expect(() => createGitHubHistory({ token: "a\nb" })).toThrow(TypeError);
    expect(() => createGitHubHistory({ token: "a", baseUrl: "http://example.com" })).toThrow(
      TypeError,
    );
    expect(() => createGitHubHistory({ token: "a", pageSize: 101 })).toThrow(RangeError);
  });
});
