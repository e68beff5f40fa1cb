import type { FakeRecordedJob } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import {
  createExportStage,
  dayMs,
  exportNowMs,
  hourMs,
  wholeWeek,
} from "../../test/export-stage.ts";

const yesterday = exportNowMs - dayMs;

/** A job that waited 30 s and ran a minute. */
function ran(queuedAtMs: number, more: Partial<FakeRecordedJob> = {}): FakeRecordedJob {
  return {
    labels: ["self-hosted", "linux"],
    queuedAtMs,
    startedAtMs: queuedAtMs + 30_000,
    completedAtMs: queuedAtMs + 90_000,
    ...more,
  };
}

describe("an export of jobs", () => {
  it("writes a line for each finished attempt, with GitHub's own times, place and runner", async () => {
    const stage = createExportStage();
    await using _ = stage.github;
    stage.github.setRepository({ name: "acme/app", visibility: "internal" });
    const { runId, jobIds } = stage.github.recordRun({
      repository: "acme/app",
      createdAtMs: yesterday,
      jobs: [ran(yesterday, { runnerName: "r-1", runnerGroup: "fleet", conclusion: "failure" })],
    });
    const summary = await stage.run();
    expect(stage.lines()).toEqual([
      {
        id: jobIds[0],
        runId,
        attempt: 1,
        repository: "acme/app",
        visibility: "internal",
        fork: false,
        labels: ["self-hosted", "linux"],
        queuedAtMs: yesterday,
        startedAtMs: yesterday + 30_000,
        completedAtMs: yesterday + 90_000,
        durationMs: 60_000,
        conclusion: "failure",
        runnerName: "r-1",
        runnerGroup: "fleet",
      },
    ]);
    expect(summary).toMatchObject({
      ...{ complete: true, jobs: 1, repositories: 1, runs: 1 },
      ...{ leftOut: {}, missing: { repositories: 0, runs: 0, listings: 0 }, warnings: [] },
    });
    expect([...stage.memory.contents.keys()].sort()).toEqual(["output", "state"]);
  });

  it("says of every job that it leaves out why", async () => {
    const stage = createExportStage();
    await using _ = stage.github;
    stage.github.recordRun({
      repository: "acme/app",
      createdAtMs: yesterday,
      jobs: [
        ran(yesterday),
        { labels: ["linux"], queuedAtMs: yesterday },
        { labels: [], queuedAtMs: yesterday, completedAtMs: yesterday, conclusion: "skipped" },
        ran(yesterday, { labels: ["ubuntu-latest"], runnerGroup: "GitHub Actions" }),
        ran(yesterday, { labels: [] }),
        ran(exportNowMs + hourMs),
        {
          ...{ labels: ["linux"], queuedAtMs: yesterday, completedAtMs: yesterday + 5_000 },
          conclusion: "failure",
        },
        // Not run again, but listed again with the second attempt.
        ran(yesterday - hourMs, { attempt: 2, queuedAtMs: yesterday }),
        ran(yesterday + hourMs, { attempt: 2 }),
      ],
    });
    const summary = await stage.run();
    expect(summary.leftOut).toEqual({
      ...{ unfinished: 1, skipped: 1, "github-hosted": 1, "no-labels": 1 },
      ...{ "outside-range": 1, "never-ran": 1, copied: 1 },
    });
    expect(stage.lines().map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("takes in a job that was cancelled while it waited: a machine may have been started for it", async () => {
    const stage = createExportStage();
    await using _ = stage.github;
    stage.github.recordRun({
      repository: "acme/app",
      createdAtMs: yesterday,
      jobs: [
        {
          ...{ labels: ["linux"], queuedAtMs: yesterday, completedAtMs: yesterday + 40_000 },
          conclusion: "cancelled",
        },
      ],
    });
    await stage.run();
    const [line] = stage.lines();
    expect(line).toMatchObject({ conclusion: "cancelled", durationMs: 40_000 });
    expect(line).not.toHaveProperty("startedAtMs");
  });

  it("takes in hosted jobs, first attempts, labels and repositories as asked", async () => {
    const stage = createExportStage();
    await using _ = stage.github;
    for (const repository of ["acme/app", "acme/api", "acme/web"]) {
      stage.github.recordRun({
        repository,
        createdAtMs: yesterday,
        jobs: [
          ran(yesterday, { labels: ["gpu"] }),
          ran(yesterday, { labels: ["ubuntu-latest"], runnerGroup: "GitHub Actions" }),
          ran(yesterday + hourMs, { labels: ["linux"], attempt: 2 }),
        ],
      });
    }
    const rules = {
      ...wholeWeek,
      ...{ hosted: true, firstAttempts: true },
      ...{ labels: ["GP*", "ubuntu-*"], repositories: ["a*", "ACME/web"] },
    };
    const summary = await stage.run({ rules: { ...rules, repositories: ["ap*", "ACME/web"] } });
    expect(summary).toMatchObject({ repositories: 3, leftOut: { "re-run": 3 } });
    expect(new Set(stage.lines().flatMap(({ labels }) => labels))).toEqual(
      new Set(["gpu", "ubuntu-latest"]),
    );
    const one = createExportStage();
    await using __ = one.github;
    one.github.recordRun({
      repository: "acme/app",
      createdAtMs: yesterday,
      jobs: [ran(yesterday)],
    });
    one.github.recordRun({
      repository: "acme/web",
      createdAtMs: yesterday,
      jobs: [ran(yesterday)],
    });
    await one.run({ rules: { ...wholeWeek, repositories: ["web"] } });
    expect(one.lines().map(({ repository }) => repository)).toEqual(["acme/web"]);
  });

  it("finds re-runs within the range of runs that were created weeks before it", async () => {
    const stage = createExportStage();
    await using _ = stage.github;
    const longAgo = exportNowMs - 30 * dayMs;
    stage.github.recordRun({
      repository: "acme/app",
      createdAtMs: longAgo,
      jobs: [ran(longAgo), ran(yesterday, { attempt: 2 })],
    });
    // Untouched since: its jobs are not even asked for.
    stage.github.recordRun({ repository: "acme/app", createdAtMs: longAgo, jobs: [ran(longAgo)] });
    const summary = await stage.run();
    expect(stage.lines().map(({ attempt }) => attempt)).toEqual([2]);
    expect(summary).toMatchObject({ runs: 1, leftOut: { "outside-range": 1 } });
  });

  it("adds what has finished since when it is run again, and pays nothing for what has not", async () => {
    const stage = createExportStage({});
    await using _ = stage.github;
    const app = "acme/app";
    stage.github.setRepository({ name: app });
    stage.github.recordRun({
      ...{ repository: app, createdAtMs: yesterday },
      jobs: [ran(yesterday), { labels: ["linux"], queuedAtMs: yesterday }],
    });
    const waiting = stage.github.queueJob({ repository: app, labels: ["linux"], durationMs: 1 });
    const rules = { ...wholeWeek, toMs: exportNowMs + 1_000 };
    const first = await stage.run({ rules });
    expect(first).toMatchObject({ jobs: 1, openRuns: 2, leftOut: { unfinished: 2 } });
    const again = await stage.run({ rules });
    expect(again).toMatchObject({ jobs: 1, openRuns: 2, calls: first.calls });
    stage.github.cancelJob(waiting);
    const last = await stage.run({ rules });
    expect(last).toMatchObject({ jobs: 2, openRuns: 1, calls: first.calls + 1 });
    expect(stage.lines().map(({ id }) => id)).toContain(waiting);
    expect(new Set(stage.lines().map(({ id }) => id)).size).toBe(2);
  });

  it("keeps the range of its first call, and says so to whoever repeats it later", async () => {
    const stage = createExportStage();
    await using _ = stage.github;
    stage.github.recordRun({ repository: "acme/app", createdAtMs: yesterday, jobs: [] });
    const first = await stage.run();
    expect(first.warnings).toEqual([]);
    const rules = { ...wholeWeek, fromMs: exportNowMs, toMs: exportNowMs + 7 * dayMs };
    const later = await stage.run({ rules });
    expect(later).toMatchObject({ fromMs: first.fromMs, toMs: first.toMs });
    expect(later.warnings.join()).toContain("--restart");
    expect(await stage.run({ rules, restart: true })).toMatchObject({
      ...{ fromMs: exportNowMs, warnings: [] },
    });
  });

  it("reads a second with more runs than a page holds, and more than GitHub lists, and says what is missing", async () => {
    const stage = createExportStage();
    await using _ = stage.github;
    for (let index = 0; index < 1_003; index += 1) {
      stage.github.recordRun({ repository: "acme/app", createdAtMs: yesterday, jobs: [] });
    }
    const summary = await stage.run();
    expect(summary.runs).toBe(1_000);
    // Listed by the two windows that share the second.
    expect(summary.missing.listings).toBeGreaterThanOrEqual(3);
  });

  it("goes on past a repository and a run that vanish under its hands", async () => {
    const stage = createExportStage();
    await using _ = stage.github;
    const ids = ["acme/app", "acme/web"].map(
      (repository) =>
        stage.github.recordRun({
          ...{ repository, createdAtMs: yesterday },
          jobs: [ran(yesterday)],
        }).runId,
    );
    const vanishing: typeof fetch = async (input, init) => {
      const url = String(input);
      if (url.includes("/acme/web/actions/runs?")) return new Response("{}", { status: 404 });
      if (url.includes(`/${ids[0]}/jobs`)) stage.github.deleteRun(ids[0] ?? "");
      return stage.github.fetch(input, init);
    };
    const summary = await stage.run({ fetch: vanishing });
    expect(summary).toMatchObject({ complete: true, jobs: 0 });
    expect(summary.missing).toEqual({ repositories: 1, runs: 1, listings: 0 });
  });

  it("warns of a token that sees public repositories only, and of one that may write", async () => {
    const stage = createExportStage();
    await using _ = stage.github;
    stage.github.setRepository({ name: "acme/open", visibility: "public" });
    const classic: typeof fetch = async (input, init) => {
      const answer = await stage.github.fetch(input, init);
      const headers = new Headers(answer.headers);
      headers.set("x-oauth-scopes", "repo, delete_repo, read:org");
      return new Response(await answer.text(), { status: answer.status, headers });
    };
    const { warnings } = await stage.run({ fetch: classic });
    expect(warnings.join("\n")).toContain("public repositories only");
    expect(warnings.join("\n")).toContain("delete_repo");
    expect(warnings.join("\n")).not.toContain("read:org");
  });
});
