import { expect } from "vitest";
import { minutes, seconds, type World } from "./world.ts";

/** What the jobs of {@link queueJobs} ask for. */
export const labels = ["runs-fleet/cpu=2"];

/** Queues jobs of three repositories at GitHub; answers their ids. */
export function queueJobs(
  world: World,
  count: number,
  durationMs = 20 * seconds,
): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    world.github.queueJob({ repository: `acme/app${index % 3}`, labels, durationMs }),
  );
}

/** How many machines were bought: repeated requests of one token count once. */
export function boughtIn(world: World): number {
  const byToken = new Map(world.launches.map(({ token, count }) => [token, count]));
  return [...byToken.values()].reduce((sum, count) => sum + count, 0);
}

/** No machine, no open purchase, no credential and no registration is left. */
export async function expectEmpty(world: World): Promise<void> {
  const left = {
    alive: await world.alive(),
    machines: await world.open("machines"),
    attempts: await world.open("attempts"),
    assignments: await world.open("assignments"),
    runners: world.github.runners().length,
  };
  expect(left).toEqual({ alive: 0, machines: 0, attempts: 0, assignments: 0, runners: 0 });
}

/** Every job ran exactly once and to its end; in the end nothing is left over. */
export async function expectServedOnce(world: World): Promise<void> {
  const odd = world.github
    .jobs()
    .filter(
      ({ state, starts, conclusion }) =>
        state !== "completed" || starts !== 1 || conclusion !== "success",
    );
  expect(odd).toEqual([]);
  await world.clock.advance(15 * minutes);
  await expectEmpty(world);
}
