import { expect, it } from "vitest";
import { createWorld } from "../../src/simulated/create-world.ts";

const spanMs = 40 * 60_000;

/** Rejects for nobody, so the test run fails. */
const fail = (error: unknown): never => {
  throw error;
};

/** The jobs of a busy time and what became of them. */
async function live(seed: number) {
  const fromMs = Date.parse("2026-11-24T13:00:00Z");
  await using world = createWorld({ fromMs, seed, onError: fail });
  await world.start(fromMs + spanMs);
  await world.clock.advance(spanMs);
  const { machines } = await world.orchestrator.status();
  return { jobs: world.github.jobs(), machines, figures: world.figures.whole };
}

it("a world is the same for the same seed, to the millisecond, and another for another", async () => {
  const first = await live(3);
  expect(first.jobs.length).toBeGreaterThan(20);
  expect(await live(3)).toEqual(first);
  const other = await live(4);
  expect(other.jobs.map(({ queuedAtMs }) => queuedAtMs)).not.toEqual(
    first.jobs.map(({ queuedAtMs }) => queuedAtMs),
  );
});
