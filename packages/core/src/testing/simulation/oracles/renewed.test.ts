import { beforeEach, describe, expect, it } from "vitest";
import { aCatalog, aPool } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import type { Fault } from "../faults.ts";
import { createFloorMemory, type FloorMemory } from "./floors.ts";
import { createRenewalMemory, judgeRenewal, type RenewalMemory } from "./renewed.ts";

const minutes = 60_000;
const published: Fault = { id: "i", atMs: 0, kind: "image-published", forMs: 120 * minutes };
const other: Fault = { id: "o", atMs: 0, kind: "capacity-gone", forMs: 30 * minutes };
let stage: OracleStage;
let floors: FloorMemory;
let memory: RenewalMemory;

/** A pool with two machines that wait, bought an hour before there is another image. */
beforeEach(async () => {
  stage = await createOracleStage(aCatalog({ pools: [aPool("p"), aPool("q")] }));
  const nowMs = stage.clock.now();
  floors = createFloorMemory(stage.truth.pools, nowMs, nowMs + 240 * minutes);
  memory = createRenewalMemory();
  stage.addMachine("a", "p", "stopped");
  stage.addMachine("b", "p");
  await stage.clock.advance(60 * minutes);
  stage.trouble.begin(published);
});

async function pass(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    await stage.clock.advance(minutes);
    await judgeRenewal(stage.observation, stage.trouble, floors, memory);
  }
}

const end = (id: string) =>
  stage.machines.splice(
    stage.machines.findIndex((machine) => machine.id === id),
    1,
  );

describe("renewed", () => {
  it("is a pool whose machines go one after the other", async () => {
    await pass(12);
    end("a");
    await pass(12);
    end("b");
    await pass(30);
    expect(stage.found()).toEqual([]);
  });

  it("is not a pool that keeps its machines, nor one that keeps the last of them", async () => {
    await pass(13);
    expect(stage.found()).toEqual([]);
    await pass(1);
    expect(stage.found()).toEqual(["renewed"]);
    end("a");
    await pass(14);
    expect(stage.found()).toEqual(["renewed", "renewed"]);
    expect(stage.judge.violations[1]?.detail).toMatch(/pool p keeps 1 machines/);
  });

  it("asks nothing of what boots the image of today, and of what has a job", async () => {
    stage.truth.runnerOf.set("a", "rf-a");
    end("b");
    stage.addMachine("c", "p");
    await pass(30);
    expect(stage.found()).toEqual([]);
  });

  it.each([
    ["the environment is full", () => floors.limitedAtMs.set("", stage.clock.now())],
    ["its machines boot slowly", () => floors.slowAtMs.set("p", stage.clock.now())],
  ])("asks nothing while %s", async (_, hinder) => {
    for (let time = 0; time < 30; time += 1) {
      hinder();
      await pass(1);
    }
    expect(stage.found()).toEqual([]);
  });

  it("asks nothing while other things go wrong, and begins anew when they are over", async () => {
    await pass(10);
    stage.trouble.begin(other);
    await pass(5);
    stage.trouble.end(other);
    await pass(10 + 12);
    expect(stage.found()).toEqual([]);
    await pass(1);
    expect(stage.found()).toEqual(["renewed"]);
  });

  it("asks nothing when the image was taken back", async () => {
    await pass(12);
    stage.trouble.end(published);
    await pass(30);
    expect(stage.found()).toEqual([]);
  });
});
