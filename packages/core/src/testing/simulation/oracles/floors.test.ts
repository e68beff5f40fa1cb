import { beforeEach, describe, expect, it } from "vitest";
import { aCatalog, aPool } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import { createFloorMemory, type FloorMemory, judgeFloors } from "./floors.ts";

const minutes = 60_000;
const startMs = Date.parse("2026-11-24T08:00:00Z");
let stage: OracleStage;
let memory: FloorMemory;

/** One hot machine, three from 09:30 on; at 09:00 the stage begins. */
beforeEach(async () => {
  const pool = aPool("p", {
    schedule: {
      default: { hot: 1, stopped: 0 },
      entries: [{ kind: "weekly", name: "w", start: "09:30", end: "17:00", capacity: { hot: 3 } }],
    },
    leadMs: 3 * minutes,
    limits: { machines: 4 },
  });
  stage = await createOracleStage(aCatalog({ pools: [pool] }), startMs);
  memory = createFloorMemory(stage.truth.pools, startMs, startMs + 24 * 60 * minutes);
});

async function pass(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    await stage.clock.advance(minutes);
    judgeFloors(stage.observation, stage.trouble, stage.machines, memory);
  }
}

function addReady(id: string): void {
  stage.addMachine(id, "p");
  stage.truth.readyAtMs.set(id, stage.clock.now());
}

describe("floor-held", () => {
  it("is a pool with its machines, and those of a window ready in its first minute", async () => {
    addReady("a");
    await pass(29);
    for (const id of ["b", "c"]) addReady(id);
    await pass(10);
    expect(stage.found()).toEqual([]);
  });

  it("is not a pool that lacks a machine for more than three minutes", async () => {
    await pass(4);
    expect(stage.found()).toEqual([]);
    await pass(1);
    expect(stage.found()).toEqual(["floor-held"]);
  });

  it("is not a pool whose hot machines are all stopped", async () => {
    stage.addMachine("a", "p", "stopped");
    await pass(5);
    expect(stage.found()).toEqual(["floor-held"]);
  });

  it("is not a window whose machines are still booting at the end of its first minute", async () => {
    addReady("a");
    await pass(29);
    stage.addMachine("b", "p");
    stage.addMachine("c", "p");
    await pass(2);
    expect(stage.found()).toEqual(["floor-held"]);
    expect(stage.judge.violations[0]?.detail).toMatch(/has 1 ready .* window of 3/);
  });

  it("asks no ready machines of a window in whose lead a spare was claimed", async () => {
    addReady("a");
    await pass(29);
    stage.addMachine("b", "p");
    stage.addMachine("c", "p");
    stage.truth.claimedAtMs.set("p", stage.clock.now());
    await pass(2);
    expect(stage.found()).toEqual([]);
  });

  it("counts machines that ended towards the limit for 20 seconds, and no longer", async () => {
    const busy = ["a", "b", "c", "d"];
    for (const id of busy) {
      addReady(id);
      stage.truth.runnerOf.set(id, `rf-${id}`);
    }
    await pass(6);
    expect(stage.found()).toEqual([]);
    stage.machines.pop();
    stage.truth.endedAtMs.set("d", stage.clock.now());
    await pass(5);
    expect(stage.found()).toEqual(["floor-held"]);
  });
});
