import { describe, expect, it } from "vitest";
import { createFakeStage, type FakeStage, fakeStartMs } from "../fake-github-stage.ts";

/** What GitHub answers a token that may only read. */
async function ask(
  { github }: FakeStage,
  path: string,
  method = "GET",
): Promise<{ readonly status: number; readonly message: string }> {
  const response = await github.fetch(`https://github.fake${path}`, {
    method,
    headers: { authorization: `Bearer ${github.readToken("acme")}` },
    ...(method === "GET" ? {} : { body: "{}" }),
  });
  const text = await response.text();
  const body = text === "" ? {} : (JSON.parse(text) as { readonly message?: string });
  return { status: response.status, message: body.message ?? "" };
}

/** A stage with a run that has ended, a runner and a check that could be changed. */
async function createBusyStage() {
  const stage = createFakeStage();
  const { github, clock } = stage;
  await stage.mint("rf-1", ["x"]);
  const { jobIds } = github.recordRun({
    repository: "acme/app",
    createdAtMs: fakeStartMs,
    jobs: [
      {
        labels: ["x"],
        queuedAtMs: fakeStartMs,
        startedAtMs: fakeStartMs,
        completedAtMs: fakeStartMs,
        conclusion: "failure",
      },
    ],
  });
  const reporting = github.client.checks.report("acme/app", {
    ...{ name: "runs-fleet", sha: github.commitFile({ repository: "acme/app", path: "a" }) },
    ...{ externalId: "1", conclusion: "failure", title: "t", summary: "s", annotations: [] },
  });
  await clock.advance(60_000);
  await reporting;
  const state = () => ({ runners: github.runners(), jobs: github.jobs(), checks: github.checks() });
  return { stage, state, jobId: jobIds[0] ?? "" };
}

describe("the fake GitHub lets a token for reading", () => {
  it("read, and change nothing at any place", async () => {
    const { stage, state, jobId } = await createBusyStage();
    await using _ = stage.github;
    const { runners, checks } = state();
    const before = JSON.stringify(state());
    const changes = [
      ["POST", "/orgs/acme/actions/runners/generate-jitconfig"],
      ["DELETE", `/orgs/acme/actions/runners/${runners[0]?.id}`],
      ["POST", "/repos/acme/app/actions/runners/generate-jitconfig"],
      ["POST", `/repos/acme/app/actions/jobs/${jobId}/rerun`],
      ["POST", `/repos/acme/app/statuses/${checks[0]?.sha}`],
      ["POST", "/repos/acme/app/check-runs"],
      ["PATCH", `/repos/acme/app/check-runs/${checks[0]?.id}`],
    ] as const;
    for (const [method, path] of changes) {
      expect([path, await ask(stage, path, method)]).toEqual([
        path,
        { status: 403, message: "Resource not accessible by personal access token" },
      ]);
    }
    expect(JSON.stringify(state())).toBe(before);
    expect((await ask(stage, "/repos/acme/app/actions/runs")).status).toBe(200);
  });

  it("find no organisation where there is a user", async () => {
    const stage = createFakeStage();
    await using _ = stage.github;
    stage.github.setRepository({ name: "somebody/app", ownerKind: "User" });
    const own = stage.github.readToken("somebody");
    const headers = { authorization: `Bearer ${own}` };
    const status = async (path: string) =>
      (await stage.github.fetch(`https://github.fake${path}`, { headers })).status;
    expect(await status("/orgs/somebody/repos")).toBe(404);
    expect(await status("/repos/somebody/app/actions/runs")).toBe(200);
    expect((await ask(stage, "/orgs/acme/repos")).status).toBe(200);
  });

  it("see the newest thousand runs of a filter, whatever it filters by", async () => {
    const stage = createFakeStage();
    const { github } = stage;
    await using _ = github;
    for (let index = 0; index < 1_003; index += 1)
      github.recordRun({ repository: "acme/app", createdAtMs: fakeStartMs, jobs: [] });
    const page = async (query: string) => {
      const path = `https://github.fake/repos/acme/app/actions/runs?per_page=100&page=11&${query}`;
      const headers = { authorization: `Bearer ${github.readToken("acme")}` };
      const body = await (await github.fetch(path, { headers })).json();
      const { total_count, workflow_runs } = body as {
        readonly total_count: number;
        readonly workflow_runs: readonly unknown[];
      };
      return [total_count, workflow_runs.length];
    };
    expect(await page("")).toEqual([1_003, 3]);
    expect(await page("status=completed")).toEqual([1_003, 0]);
    expect(await page("created=%3E%3D2026-01-01")).toEqual([1_003, 0]);
  });
});
