import { abortedSignal, failureOf } from "./stage.ts";
import { longLeaseMs, shard, take } from "./state-store-records.ts";
import type { StateStoreSuite } from "./state-store-suite.ts";

/** Exactly one live lease per shard, with an epoch that tells holders apart. */
export function describeLeases({ api, check, traits }: StateStoreSuite): void {
  const { expect } = api;

  check("gives a lease to one owner only", async ({ leases }, { clock }) => {
    const lease = await leases.acquire(shard, "one", 15_000);
    expect(lease).toEqual({ shard, owner: "one", epoch: 1, expiresAtMs: clock.now() + 15_000 });
    expect(await leases.acquire(shard, "two", 15_000)).toBe(undefined);
  });

  check("gives the owner its live lease again, with the same epoch", async (store, stage) => {
    const lease = await take(store, "one", 15_000);
    await stage.pass(5_000);
    const again = await take(store, "one", 15_000);
    expect(again.epoch).toBe(lease.epoch);
    expect(again.expiresAtMs >= lease.expiresAtMs).toBe(true);
  });

  check("gives an expired lease to the next owner, with the next epoch", async (store, stage) => {
    const lease = await take(store, "one", 15_000);
    await stage.pass(14_999);
    expect(await store.leases.acquire(shard, "two", 15_000)).toBe(undefined);
    await stage.pass(2);
    expect((await take(store, "two")).epoch).toBe(lease.epoch + 1);
  });

  check("gives a released lease to the next owner at once, with the next epoch", async (store) => {
    const lease = await take(store, "one");
    await store.leases.release(lease);
    expect((await take(store, "two")).epoch).toBe(lease.epoch + 1);
  });

  check("counts an epoch when the same owner comes back after its lease", async (store, stage) => {
    const first = await take(store, "one", 15_000);
    await stage.pass(15_001);
    const second = await take(store, "one", 15_000);
    expect(second.epoch).toBe(first.epoch + 1);
    await store.leases.release(second);
    expect((await take(store, "one")).epoch).toBe(second.epoch + 1);
  });

  check("prolongs a lease by renewing it, with the same epoch", async (store, stage) => {
    const lease = await take(store, "one", 15_000);
    await stage.pass(10_000);
    const renewed = await store.leases.renew(lease, 15_000);
    expect(renewed).toEqual({ ...lease, expiresAtMs: stage.clock.now() + 15_000 });
    await stage.pass(10_000);
    expect(await store.leases.acquire(shard, "two", 15_000)).toBe(undefined);
  });

  check("does not renew an expired lease", async (store, stage) => {
    const lease = await take(store, "one", 15_000);
    await stage.pass(15_001);
    expect(await store.leases.renew(lease, 15_000)).toBe(undefined);
    expect((await take(store, "two")).owner).toBe("two");
  });

  check("does not renew a lease that someone else took", async (store, stage) => {
    const lease = await take(store, "one", 15_000);
    await stage.pass(15_001);
    const taken = await take(store, "two");
    expect(await store.leases.renew(lease, longLeaseMs)).toBe(undefined);
    expect((await store.leases.renew(taken, longLeaseMs))?.owner).toBe("two");
  });

  check("does not renew an earlier lease of the same owner", async (store) => {
    const first = await take(store, "one");
    await store.leases.release(first);
    const second = await take(store, "one");
    expect(await store.leases.renew(first, longLeaseMs)).toBe(undefined);
    expect((await store.leases.renew(second, longLeaseMs))?.epoch).toBe(second.epoch);
  });

  check("ignores the release of a lease that was lost", async (store) => {
    const first = await take(store, "one");
    await store.leases.release(first);
    const second = await take(store, "two");
    await store.leases.release(first);
    expect(await store.leases.acquire(shard, "three", 15_000)).toBe(undefined);
    expect((await store.leases.renew(second, 15_000))?.epoch).toBe(second.epoch);
  });

  check("keeps the leases of shards apart", async (store) => {
    await take(store, "one");
    expect(await take(store, "two", longLeaseMs, "ci/eu-west-1")).toEqual({
      ...(await take(store, "two", longLeaseMs, "ci/eu-west-1")),
      owner: "two",
      epoch: 1,
    });
  });

  check("takes no lease when the call is cancelled", async (store) => {
    const { signal, reason } = abortedSignal();
    expect(await failureOf(store.leases.acquire(shard, "one", 15_000, { signal }))).toBe(reason);
    expect((await take(store, "two")).epoch).toBe(1);
  });

  if (traits.concurrent) {
    check("gives a lease to one of many who ask at once", async (store) => {
      const owners = Array.from({ length: 16 }, (_, index) => `owner-${index}`);
      const answers = await Promise.all(
        owners.map((owner) => store.leases.acquire(shard, owner, longLeaseMs)),
      );
      const held = answers.filter((lease) => lease !== undefined);
      expect(held.map(({ epoch }) => epoch)).toEqual([1]);
    });
  }
}
