import type { FakeRecordedJob } from "@runs-fleet/core/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  createExportStage,
  dayMs,
  type ExportStage,
  exportNowMs,
  wholeWeek,
} from "../../test/export-stage.ts";
import { Killed } from "../../test/memory-files.ts";

/** A run of the fleet's, by when it began within the 40 days before now, in milliseconds, and what became of its jobs. */
interface Plan {
  readonly repository: number;
  readonly agoMs: number;
  readonly jobs: readonly { readonly afterMs: number; readonly finished: boolean }[];
}

const moment = fc.oneof(
  // Crowds: several runs within the same second, with and without a fraction.
  fc.integer({ min: 0, max: 4 }).map((n) => 2 * dayMs + n * 500),
  fc.integer({ min: 1, max: 7 * dayMs }),
  fc.integer({ min: 1, max: 40 * dayMs }),
);
const plan: fc.Arbitrary<Plan> = fc.record({
  repository: fc.integer({ min: 0, max: 2 }),
  agoMs: moment,
  jobs: fc.array(
    fc.record({ afterMs: fc.integer({ min: 0, max: 3 * dayMs }), finished: fc.boolean() }),
    { minLength: 1, maxLength: 6 },
  ),
});
/** What happens at GitHub after so many calls, while an export reads. */
const event = fc.record({
  atCall: fc.integer({ min: 1, max: 60 }),
  change: fc.oneof(
    plan.map((arrives) => ({ arrives })),
    fc.nat().map((deletes) => ({ deletes })),
  ),
});
const death = fc.record({
  afterEffects: fc.integer({ min: 1, max: 200 }),
  tear: fc.double({ min: 0, max: 1, noNaN: true }),
});

function record(stage: ExportStage, { repository, agoMs, jobs }: Plan) {
  const createdAtMs = exportNowMs - agoMs;
  return stage.github.recordRun({
    repository: `acme/r${repository}`,
    createdAtMs,
    jobs: jobs.map(({ afterMs, finished }): FakeRecordedJob => {
      const queuedAtMs = createdAtMs + afterMs;
      const times = finished
        ? { startedAtMs: queuedAtMs + 10_000, completedAtMs: queuedAtMs + 70_000 }
        : {};
      return { labels: ["linux"], queuedAtMs, ...times };
    }),
  });
}

/** Exports until one has read all, however often it is killed. */
async function exportAll(
  stage: ExportStage,
  pageSize: number,
  deaths: readonly { readonly afterEffects: number; readonly tear: number }[],
  onCall: () => void,
): Promise<void> {
  for (const { afterEffects, tear } of [...deaths, { afterEffects: 1e9, tear: 0 }]) {
    const files = stage.memory.process(afterEffects, tear);
    const fetcher: typeof fetch = async (input, init) => {
      files.step();
      onCall();
      const answer = await stage.github.fetch(input, init);
      // Long enough that something is saved every other call.
      await stage.clock.sleep(2_000, init?.signal ?? undefined);
      files.step();
      return answer;
    };
    try {
      await stage.run({ pageSize, fetch: fetcher, lookBackMs: 35 * dayMs }, files);
      return;
    } catch (error) {
      if (!files.dead()) throw error;
    }
  }
}

it("has every finished job of the range exactly once, whatever the pages, deaths, and runs that come and go", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { maxLength: 20, size: "max" }),
      fc.integer({ min: 2, max: 8 }),
      fc.array(death, { maxLength: 4 }),
      fc.array(event, { maxLength: 6 }),
      async (plans, pageSize, deaths, events) => {
        const stage = createExportStage();
        await using _ = stage.github;
        for (const name of ["r0", "r1", "r2"]) stage.github.setRepository({ name: `acme/${name}` });
        const expected = new Set<string>();
        const runs: { readonly runId: string; readonly jobIds: readonly string[] }[] = [];
        for (const each of plans) {
          const recorded = record(stage, each);
          runs.push(recorded);
          for (const [index, job] of each.jobs.entries()) {
            const queuedMs = exportNowMs - each.agoMs + job.afterMs;
            // GitHub shows whole seconds.
            const shownMs = Math.floor(queuedMs / 1_000) * 1_000;
            const inside = shownMs >= wholeWeek.fromMs && shownMs < wholeWeek.toMs;
            const begun = each.agoMs <= 42 * dayMs;
            if (inside && begun && job.finished) expected.add(recorded.jobIds[index] ?? "");
          }
        }
        let calls = 0;
        await exportAll(stage, pageSize, deaths, () => {
          calls += 1;
          for (const { atCall, change } of events) {
            if (atCall !== calls) continue;
            if ("arrives" in change) record(stage, change.arrives);
            else if (runs.length > 0) {
              const [gone] = runs.splice(change.deletes % runs.length, 1);
              stage.github.deleteRun(gone?.runId ?? "");
              for (const id of gone?.jobIds ?? []) expected.delete(id);
            }
          }
        });
        const ids = stage.lines().map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect([...expected].filter((id) => !ids.includes(id))).toEqual([]);
        for (const line of stage.lines()) {
          expect(line.queuedAtMs).toBeGreaterThanOrEqual(wholeWeek.fromMs);
          expect(line.queuedAtMs).toBeLessThan(wholeWeek.toMs);
        }
      },
    ),
    { numRuns: 50 },
  );
});

it("dies for the reason that the test gives", async () => {
  const stage = createExportStage();
  await using _ = stage.github;
  await expect(stage.run({}, stage.memory.process(3))).rejects.toThrow(Killed);
});
