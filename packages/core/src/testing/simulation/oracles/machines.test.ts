import { beforeEach, describe, expect, it } from "vitest";
import { aCatalog, anAttempt, aPool } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import type { Json } from "../../../ports/json.ts";
import { createFloorMemory, type FloorMemory } from "./floors.ts";
import { judgeRest } from "./machines.ts";

const seconds = 1_000;
let stage: OracleStage;
let memory: FloorMemory;

beforeEach(async () => {
  stage = await createOracleStage(aCatalog({ pools: [aPool("p", { hot: 1 })] }));
  const nowMs = stage.clock.now();
  memory = createFloorMemory(stage.truth.pools, nowMs, nowMs + 60_000);
});

/** A purchase that was begun so long ago and has not been answered. */
async function purchase(reason: string, ageMs: number): Promise<void> {
  const { store, shard } = stage.truth;
  const lease = await store.leases.acquire(shard, "p1", 60 * seconds);
  if (lease === undefined) throw new Error("The lease is free");
  const openedAtMs = stage.clock.now() - ageMs;
  const value = anAttempt("x", { reason, fit: "pool:p", openedAtMs }) as unknown as Json;
  await store.commit(lease, [
    { table: "attempts", id: "x", shard, open: true, expected: "absent", value },
  ]);
}

describe("when all is over", () => {
  it.each([
    ["a purchase for a pool whose calendar turned just now is no leak", "stopped", 0, []],
    ["one that nobody answers is", "stopped", 30 * seconds, ["no-leak"]],
    ["one for a job is, for there is none", "demand", 0, ["no-leak"]],
  ] as const)("%s", async (_, reason, ageMs, found) => {
    await purchase(reason, ageMs);
    await judgeRest(stage.observation, memory);
    expect(stage.found()).toEqual(found);
  });
});
