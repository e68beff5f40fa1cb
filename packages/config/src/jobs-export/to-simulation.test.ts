import { parseCatalog } from "@runs-fleet/core";
import { type FakeRecordedJob, parseJobs, simulateFleet } from "@runs-fleet/core/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createExportStage, dayMs, exportNowMs, hourMs } from "../../test/export-stage.ts";

const monday = exportNowMs - 6 * dayMs;

const catalog = parseCatalog({
  ...{ version: "1", defaultEnvironment: "ci", images: [] },
  environments: [{ name: "ci", regions: ["eu-central-1"], machines: 50 }],
  aliases: [{ labels: ["self-hosted", "linux"], use: "pool=linux" }],
  pools: [
    {
      ...{ name: "linux", environment: "ci", regions: [{ name: "eu-central-1" }] },
      shape: { os: "linux", arch: "arm64", cpu: { min: 4, max: 4 }, spot: false },
      schedule: { timeZone: "UTC", default: { hot: 3, stopped: 0 }, entries: [] },
      limits: { machines: 20 },
    },
  ],
  policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
});

function job(queuedAtMs: number, more: Partial<FakeRecordedJob> = {}): FakeRecordedJob {
  return {
    labels: ["Linux", "self-hosted"],
    queuedAtMs,
    startedAtMs: queuedAtMs + 45_000,
    completedAtMs: queuedAtMs + 165_000,
    ...more,
  };
}

it("exports what a simulation serves, with the recorded waits beside its own", async () => {
  if (!catalog.ok) throw new Error(JSON.stringify(catalog.issues));
  const stage = createExportStage();
  await using _ = stage.github;
  for (let index = 0; index < 12; index += 1) {
    const queuedAtMs = monday + 8 * hourMs + index * 10 * 60_000;
    stage.github.recordRun({
      repository: "acme/app",
      createdAtMs: queuedAtMs,
      jobs: [
        job(queuedAtMs),
        job(queuedAtMs, { labels: ["ubuntu-latest"], runnerGroup: "GitHub Actions" }),
      ],
    });
  }
  await stage.run();
  const { jobs, problems } = parseJobs(stage.memory.contents.get("output") ?? "");
  expect(problems).toEqual([]);
  expect(jobs).toHaveLength(12);
  const report = await simulateFleet({ catalog: catalog.value, jobs, seed: 1 });
  expect(report.jobs).toMatchObject({ given: 12, leftOut: 0, completed: 12, waiting: 0 });
  expect(report.baseline?.recorded.p50).toBe(45_000);
});

it("writes no line that parseJobs refuses, whatever GitHub has on record", async () => {
  const second = fc.integer({ min: -8 * 86_400, max: 86_400 });
  const recorded = fc.record({
    labels: fc.array(fc.string({ maxLength: 300 }), { maxLength: 4 }),
    queued: second,
    started: fc.option(second),
    completed: fc.option(second),
    conclusion: fc.constantFrom<"success" | "cancelled" | "skipped" | "failure">(
      ...(["success", "cancelled", "skipped", "failure"] as const),
    ),
    runnerName: fc.string({ minLength: 1, maxLength: 80 }),
    attempt: fc.integer({ min: 1, max: 50 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(recorded, { maxLength: 8 }), async (all) => {
      const stage = createExportStage();
      await using _ = stage.github;
      const at = (seconds: number): number => exportNowMs + seconds * 1_000;
      stage.github.recordRun({
        repository: "acme/app",
        createdAtMs: exportNowMs - 7 * dayMs,
        jobs: all.map(({ queued, started, completed, ...rest }) => ({
          ...rest,
          queuedAtMs: at(queued),
          ...(started === null ? {} : { startedAtMs: at(started) }),
          ...(completed === null ? {} : { completedAtMs: at(completed) }),
        })),
      });
      await stage.run();
      const { jobs, problems } = parseJobs(stage.memory.contents.get("output") ?? "");
      expect(problems).toEqual([]);
      expect(jobs).toHaveLength(stage.lines().length);
    }),
    { numRuns: 60 },
  );
});
