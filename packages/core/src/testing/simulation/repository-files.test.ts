import { describe, expect, it } from "vitest";
import type { PushEvent } from "../../ports/demand-event.ts";
import { createFakeGitHub } from "../github/index.ts";
import { createSeededEntropy } from "../seeded-entropy.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import type { PlannedFile } from "./plan-gradual.ts";
import { createRepositoryFiles, type NarrowingAnswer } from "./repository-files.ts";
import { createTrace } from "./trace.ts";
import { createTrouble } from "./trouble.ts";

const seconds = 1_000;
const minutes = 60 * seconds;
const repository = "acme/app";

async function begin(files: readonly PlannedFile[]) {
  const clock = createVirtualClock(Date.parse("2026-11-24T09:00:00Z"));
  const github = createFakeGitHub({ clock, entropy: createSeededEntropy(1) });
  const trouble = createTrouble(clock, 1);
  const answers: NarrowingAnswer[] = [];
  const { source } = createRepositoryFiles({
    ...{ seed: 1, files, clock, github, trouble, trace: createTrace(clock) },
    answered: (_who, _repository, answer) => answers.push(answer),
  });
  const port = source("p1.1");
  await clock.advance(0);
  const settle = async <T>(asked: Promise<T>): Promise<T | "rejects"> => {
    const done = asked.catch(() => "rejects" as const);
    await clock.advance(10 * seconds);
    return done;
  };
  return {
    ...{ clock, trouble, answers },
    ask: () => settle(port.narrowing?.(repository) ?? Promise.resolve(undefined)),
    push: () => settle(port.handlePush({ kind: "push", repository } as PushEvent)),
  };
}

describe("files of repositories", () => {
  it("are known as they were when a push told of them, or an hour ago at most", async () => {
    const world = await begin([
      { atMs: 0, repository, says: { maxCpu: 2 } },
      { atMs: minutes, repository, says: { maxCpu: 4 } },
      { atMs: 20 * minutes, repository, says: "gone" },
    ]);
    expect(await world.ask()).toMatchObject({ version: "v1", maxCpu: 2 });
    await world.clock.advance(5 * minutes);
    expect(await world.ask()).toMatchObject({ version: "v1" });
    await world.push();
    expect(await world.ask()).toMatchObject({ version: "v2", maxCpu: 4 });
    await world.clock.advance(30 * minutes);
    expect(await world.ask()).toMatchObject({ version: "v2" });
    await world.clock.advance(30 * minutes);
    expect(await world.ask()).toBeUndefined();
    expect(world.answers).toHaveLength(5);
  });

  it("hold as they were while they cannot be read, be it the text or GitHub", async () => {
    const world = await begin([
      { atMs: 0, repository, says: { pools: [] } },
      { atMs: minutes, repository, says: "broken" },
    ]);
    await world.ask();
    await world.clock.advance(minutes);
    await world.push();
    expect(await world.ask()).toMatchObject({ version: "v1" });
    const fault = { id: "n1", kind: "files-unreadable", atMs: 0, forMs: minutes } as const;
    world.trouble.begin(fault);
    expect(await world.push()).toBe("rejects");
    await world.clock.advance(2 * 60 * minutes);
    expect(await world.ask()).toMatchObject({ version: "v1" });
  });

  it("answer nothing while what is known of them is out of reach", async () => {
    const world = await begin([]);
    const fault = { id: "n1", kind: "files-unknown", rate: 1, atMs: 0, forMs: minutes } as const;
    world.trouble.begin(fault);
    expect(await world.ask()).toBe("rejects");
    expect(world.answers).toEqual([]);
    world.trouble.end(fault);
    expect(await world.ask()).toBeUndefined();
  });
});
