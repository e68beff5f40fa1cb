import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createMemoryStore } from "./memory-store.ts";

const startMs = 1_790_000_000_000;
const shard = "ci/us-east-1";

describe("the memory store", () => {
  it("ends a lease at the instant of its expiry", async () => {
    const clock = createVirtualClock(startMs);
    const { leases } = createMemoryStore({ clock });
    await leases.acquire(shard, "one", 15_000);
    await clock.advance(14_999);
    expect(await leases.acquire(shard, "two", 15_000)).toBe(undefined);
    await clock.advance(1);
    expect((await leases.acquire(shard, "two", 15_000))?.epoch).toBe(2);
  });

  it("forgets a delivery after 3 days", async () => {
    const clock = createVirtualClock(startMs);
    const { deliveries } = createMemoryStore({ clock });
    await deliveries.mark("guid-1");
    await clock.advance(86_400_000);
    await deliveries.mark("guid-2");
    await clock.advance(2 * 86_400_000);
    expect(await deliveries.seen("guid-1")).toBe(false);
    expect(await deliveries.seen("guid-2")).toBe(true);
  });

  it("loads a moment's view, whatever is written while it is read", async () => {
    const store = createMemoryStore();
    const lease = await store.leases.acquire(shard, "one", 60_000);
    if (lease === undefined) throw new Error("The lease is free");
    const write = { table: "jobs", shard, open: true, expected: "any", value: null } as const;
    await store.commit(lease, [
      { ...write, id: "a" },
      { ...write, id: "b" },
    ]);
    const seen: string[] = [];
    for await (const { id } of store.load(shard)) {
      seen.push(id);
      await store.commit(lease, [
        { ...write, id: "c" },
        { ...write, id: "b", open: false },
      ]);
    }
    expect(seen).toEqual(["a", "b"]);
  });

  it("says in the error which condition did not hold", async () => {
    const store = createMemoryStore();
    const lease = await store.leases.acquire(shard, "one", 60_000);
    if (lease === undefined) throw new Error("The lease is free");
    const write = { table: "jobs", id: "a", shard, open: true, value: null } as const;
    await expect(store.commit(lease, [{ ...write, expected: 3 }])).rejects.toMatchObject({
      kind: "conflict",
      retryable: false,
      details: { table: "jobs", id: "a", reason: "version" },
    });
    await store.leases.release(lease);
    const checked = store.commit(lease, [{ ...write, expected: "any" }], { checked: true });
    await expect(checked).rejects.toMatchObject({ details: { shard, epoch: 1, reason: "lease" } });
  });

  it("refuses names and durations that are out of range", async () => {
    const { leases, deliveries } = createMemoryStore();
    await expect(leases.acquire("", "one", 1)).rejects.toThrow(RangeError);
    await expect(leases.acquire(shard, "", 1)).rejects.toThrow(RangeError);
    await expect(leases.acquire(shard, "one", 0)).rejects.toThrow(RangeError);
    await expect(deliveries.mark("x".repeat(513))).rejects.toThrow(RangeError);
    await expect(deliveries.mark("a\0b")).rejects.toThrow(RangeError);
  });
});
