import { defect, describeStoreDefects } from "../../../test/store-defects.ts";
import type { Lease } from "../../ports/state-store.ts";

describeStoreDefects("leases", [
  defect("gives a lease twice", "gives a lease to one owner only", ({ leases }) => ({
    leases: {
      ...leases,
      acquire: async (shard, owner, ttlMs, options) =>
        (await leases.acquire(shard, owner, ttlMs, options)) ?? {
          shard,
          owner,
          epoch: 2,
          expiresAtMs: ttlMs,
        },
    },
  })),
  defect(
    "never counts epochs",
    "gives an expired lease to the next owner, with the next epoch",
    ({ leases }) => ({
      leases: {
        ...leases,
        async acquire(shard, owner, ttlMs, options) {
          const lease = await leases.acquire(shard, owner, ttlMs, options);
          return lease && { ...lease, epoch: 1 };
        },
      },
    }),
  ),
  defect(
    "counts an epoch whenever it is asked",
    "gives the owner its live lease again, with the same epoch",
    ({ leases }) => {
      let asked = 0;
      return {
        leases: {
          ...leases,
          async acquire(shard, owner, ttlMs, options) {
            const lease = await leases.acquire(shard, owner, ttlMs, options);
            asked += 1;
            return lease && { ...lease, epoch: asked };
          },
        },
      };
    },
  ),
  defect(
    "refuses the owner its own lease",
    "gives the owner its live lease again, with the same epoch",
    ({ leases }) => {
      const asked = new Set<string>();
      return {
        leases: {
          ...leases,
          async acquire(shard, owner, ttlMs, options) {
            const lease = await leases.acquire(shard, owner, ttlMs, options);
            const key = JSON.stringify([lease?.shard, lease?.owner, lease?.epoch]);
            if (asked.has(key)) return undefined;
            asked.add(key);
            return lease;
          },
        },
      };
    },
  ),
  defect("revives an expired lease", "does not renew an expired lease", ({ leases }) => ({
    leases: { ...leases, renew: async (lease) => lease },
  })),
  defect(
    "does not prolong what it renews",
    "prolongs a lease by renewing it, with the same epoch",
    ({ leases }) => ({
      leases: {
        ...leases,
        renew: async (lease, _ttlMs, options) => leases.renew(lease, 1, options),
      },
    }),
  ),
  defect(
    "does not release",
    "gives a released lease to the next owner at once, with the next epoch",
    ({ leases }) => ({ leases: { ...leases, release: async () => undefined } }),
  ),
  defect("releases other holders", "ignores the release of a lease that was lost", ({ leases }) => {
    const held = new Map<string, Lease>();
    return {
      leases: {
        ...leases,
        async acquire(shard, owner, ttlMs, options) {
          const lease = await leases.acquire(shard, owner, ttlMs, options);
          if (lease !== undefined) held.set(shard, lease);
          return lease;
        },
        release: (lease) => leases.release(held.get(lease.shard) ?? lease),
      },
    };
  }),
  defect("has one lease for all shards", "keeps the leases of shards apart", ({ leases }) => ({
    leases: {
      ...leases,
      async acquire(shard, owner, ttlMs, options) {
        const lease = await leases.acquire("all", owner, ttlMs, options);
        return lease && { ...lease, shard };
      },
    },
  })),
  defect(
    "looks before it takes a lease",
    "gives a lease to one of many who ask at once",
    ({ leases }) => {
      const held = new Map<string, Lease>();
      return {
        leases: {
          ...leases,
          async acquire(shard, owner, ttlMs) {
            const lease = held.get(shard);
            await Promise.resolve();
            if (lease !== undefined) return lease.owner === owner ? lease : undefined;
            const taken = { shard, owner, epoch: 1, expiresAtMs: ttlMs };
            held.set(shard, taken);
            return taken;
          },
        },
      };
    },
  ),
]);
