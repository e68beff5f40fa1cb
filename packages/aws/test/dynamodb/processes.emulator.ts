import { FleetError, type Lease, systemClock, type Write } from "@runs-fleet/core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { loadedIds, openStage, type StoreStage } from "./stage.ts";

let aws: TestAws;
let stage: StoreStage;
beforeAll(async () => {
  aws = await openAws();
  stage = await openStage(aws);
});
afterAll(() => aws.close());

const shard = "ci/us-east-1";
const ttlMs = 250;

/** What one process saw. */
interface Witness {
  /** Leases that it was given, in their order. */
  readonly leases: Lease[];
  /** Jobs whose commit was answered with success. */
  readonly stored: string[];
  /** Commits that were refused. */
  refused: number;
}

/**
 * A controller that takes the lease when it can, commits for a while, pauses without knowing it, and goes on under the lease that it
 * believes to have: each commit creates a job and moves the counter on, every third creates a job alone.
 */
async function live(name: string, untilMs: number): Promise<Witness> {
  const store = stage.store({ owner: name });
  const witness: Witness = { leases: [], stored: [], refused: 0 };
  const base = { shard, open: true, table: "jobs" } as const;
  for (let turn = 0; systemClock.now() < untilMs; turn += 1) {
    const lease = await store.leases.acquire(shard, name, ttlMs);
    if (lease === undefined) {
      await systemClock.sleep(20);
      continue;
    }
    witness.leases.push(lease);
    for (let round = 0; round < 9; round += 1) {
      // A pause longer than the lease, at another place each time.
      if (round === 3 + (turn % 3)) await systemClock.sleep(ttlMs + 60);
      const id = `${lease.epoch}.${name}.${turn}.${round}`;
      const counter = await store.get("pools", "counter");
      const order = (counter?.version ?? 0) + 1;
      const isAlone = round % 3 === 2;
      const job: Write = { ...base, id, expected: "absent", value: { epoch: lease.epoch, order } };
      const count: Write = {
        ...base,
        table: "pools",
        id: "counter",
        expected: counter?.version ?? "absent",
        value: lease.epoch,
      };
      try {
        await store.commit(lease, isAlone ? [job] : [job, count], { checked: round % 2 === 0 });
        witness.stored.push(id);
      } catch (error) {
        if (!FleetError.isInstance(error) || error.kind !== "conflict") throw error;
        witness.refused += 1;
        break;
      }
    }
  }
  return witness;
}

// Without DynamoDB Local moto plays DynamoDB, which lets several of many writers win: the report says so, and one runs alone.
const names = inject("emulators").dynamodbLocal === undefined ? ["a"] : ["a", "b", "c", "d"];

describe("several processes", () => {
  it("never hold one epoch together, and nobody writes under an older one", async () => {
    const untilMs = systemClock.now() + 6_000;
    const witnesses = await Promise.all(names.map((name) => live(name, untilMs)));

    const holders = new Map<number, string>();
    for (const { epoch, owner } of witnesses.flatMap(({ leases }) => leases)) {
      expect(holders.get(epoch) ?? owner).toBe(owner);
      holders.set(epoch, owner);
    }
    expect(holders.size).toBeGreaterThan(5);
    expect(witnesses.reduce((sum, { refused }) => sum + refused, 0)).toBeGreaterThan(0);

    const store = stage.store();
    const stored = witnesses.flatMap((witness) => witness.stored);
    expect(await loadedIds(store, shard)).toEqual([...stored, "counter"].sort());
    const jobs: { readonly epoch: number; readonly order: number; readonly id: string }[] = [];
    for await (const { table, id, value } of store.load(shard)) {
      if (table === "jobs") jobs.push({ ...(value as { epoch: number; order: number }), id });
    }
    const counted = jobs.filter(({ id }) => Number(id.split(".").at(-1)) % 3 !== 2);
    counted.sort((left, right) => left.order - right.order);
    // Every step of the counter is one commit's, and epochs only grow along it.
    expect(counted.map(({ order }) => order)).toEqual(counted.map((_, index) => index + 1));
    const epochs = counted.map(({ epoch }) => epoch);
    expect(epochs).toEqual([...epochs].sort((left, right) => left - right));
    expect((await store.get("pools", "counter"))?.version).toBe(counted.length);
  }, 60_000);
});
