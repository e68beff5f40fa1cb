import { expect, it } from "vitest";
import { createExportStage, dayMs, exportNowMs } from "../../test/export-stage.ts";

const beganMs = exportNowMs - 2 * dayMs;

/** A stage with runs on whole seconds, so that windows share them, and slow answers, so that every other call is saved. */
function crowdedStage() {
  const stage = createExportStage();
  for (let index = 0; index < 9; index += 1) {
    const queuedAtMs = beganMs + index * 1_000;
    stage.github.recordRun({
      repository: "acme/app",
      createdAtMs: queuedAtMs,
      jobs: [
        { labels: ["linux"], queuedAtMs, startedAtMs: queuedAtMs, completedAtMs: queuedAtMs + 5 },
      ],
    });
  }
  return stage;
}

it("has every job exactly once after a death at any single effect", async () => {
  let deaths = 0;
  for (let diesAt = 1; ; diesAt += 1) {
    const stage = crowdedStage();
    await using _ = stage.github;
    const slow: typeof fetch = async (input, init) => {
      const answer = await stage.github.fetch(input, init);
      await stage.clock.sleep(2_000, init?.signal ?? undefined);
      return answer;
    };
    const options = { pageSize: 3, fetch: slow, lookBackMs: 0 };
    const files = stage.memory.process(diesAt, 0.5);
    await stage.run(options, files).catch(() => undefined);
    if (!files.dead()) break;
    deaths += 1;
    await stage.run(options);
    const ids = stage.lines().map(({ id }) => id);
    expect({ diesAt, lines: ids.length, different: new Set(ids).size }).toEqual({
      diesAt,
      lines: 9,
      different: 9,
    });
  }
  expect(deaths).toBeGreaterThan(20);
});
