import {
  changeWrites,
  conflict,
  defect,
  describeStoreDefects,
} from "../../../test/store-defects.ts";
import type { Lease } from "../../ports/state-store.ts";

describeStoreDefects("fencing", [
  defect(
    "ignores the epoch",
    "refuses an older epoch on a record of a newer one",
    ({ commit }) => ({
      commit: (lease, writes, options) =>
        commit(options?.checked ? lease : { ...lease, epoch: 1_000 }, writes, options),
    }),
  ),
  defect(
    "lets an older epoch create",
    "refuses to create a record under an older epoch",
    ({ commit, get }) => ({
      async commit(lease, writes, options) {
        const known = await Promise.all(writes.map(({ table, id }) => get(table, id)));
        const isNew = known.every((record) => record === undefined);
        const epoch = isNew && !options?.checked ? 1_000 : lease.epoch;
        return commit({ ...lease, epoch }, writes, options);
      },
    }),
  ),
  defect(
    "keeps the epoch of the first write",
    "stamps a record with the epoch of each write",
    ({ commit, get }) => ({
      async commit(lease, writes, options) {
        const known = await Promise.all(writes.map(({ table, id }) => get(table, id)));
        const isUpdate = known.every((record) => record !== undefined);
        return commit(isUpdate ? { ...lease, epoch: 1 } : lease, writes, options);
      },
    }),
  ),
  defect(
    "does not check the lease",
    "refuses a checked commit once another owner holds the lease",
    ({ commit }) => ({
      commit: (lease, writes, options) =>
        commit(options?.checked ? { ...lease, epoch: 1_000 } : lease, writes, {
          ...options,
          checked: false,
        }),
    }),
  ),
  defect(
    "checks the owner of the lease only",
    "refuses a checked commit under an earlier lease of the same owner",
    ({ commit, leases }) => {
      let owner = "";
      return {
        leases: {
          ...leases,
          acquire(shard, asking, ttlMs, options) {
            owner = asking;
            return leases.acquire(shard, asking, ttlMs, options);
          },
        },
        async commit(lease, writes, options) {
          if (options?.checked && lease.owner !== owner) throw conflict();
          const under = options?.checked ? { ...lease, epoch: 1_000 } : lease;
          return commit(under, writes, { ...options, checked: false });
        },
      };
    },
  ),
  defect(
    "checks the lease without its expiry",
    "refuses a checked commit after the lease expired",
    ({ commit, leases }) => {
      let held: Lease | undefined;
      return {
        leases: {
          ...leases,
          async acquire(shard, owner, ttlMs, options) {
            const lease = await leases.acquire(shard, owner, ttlMs, options);
            if (lease !== undefined) held = lease;
            return lease;
          },
          async release(lease, options) {
            held = undefined;
            return leases.release(lease, options);
          },
        },
        async commit(lease, writes, options) {
          const isHeld = held?.owner === lease.owner && held.epoch === lease.epoch;
          if (options?.checked && !isHeld) throw conflict();
          return commit(lease, writes, { ...options, checked: false });
        },
      };
    },
  ),
  defect(
    "moves records between shards",
    "refuses a record of another shard",
    ({ commit, get }) => ({
      async commit(lease, writes, options) {
        const [first, ...others] = writes;
        const known = first && (await get(first.table, first.id));
        if (first === undefined || known === undefined || others.length > 0) {
          return commit(lease, writes, options);
        }
        const { shard } = known;
        const holder = shard === lease.shard ? lease : { ...lease, shard };
        return commit(holder, [{ ...first, shard }], options);
      },
    }),
  ),
  defect(
    "starts versions anew with each epoch",
    "counts versions on under a newer epoch",
    ({ commit, get }) => {
      const firsts = new Map<string, { readonly epoch: number; readonly version: number }>();
      return {
        async commit(lease, writes, options) {
          await commit(lease, writes, options);
          for (const { table, id } of writes) {
            const version = (await get(table, id))?.version ?? 0;
            const known = firsts.get(id);
            if (known?.epoch !== lease.epoch) firsts.set(id, { epoch: lease.epoch, version });
          }
        },
        async get(table, id, options) {
          const record = await get(table, id, options);
          const first = firsts.get(id)?.version ?? 1;
          return record && { ...record, version: record.version - first + 1 };
        },
      };
    },
  ),
  defect(
    "looks at the epoch instead of the version",
    "refuses the version when the epoch is right",
    changeWrites((write) => (write.expected === "absent" ? write : { ...write, expected: "any" })),
  ),
  defect(
    "makes no checked commit",
    "makes a checked commit under the live lease",
    ({ commit }) => ({
      async commit(lease, writes, options) {
        if (options?.checked) throw conflict();
        return commit(lease, writes, options);
      },
    }),
  ),
  defect(
    "compares the expiry of the lease",
    "makes a checked commit with the lease as it was before a renewal",
    ({ commit, leases }) => {
      let expiresAtMs: number | undefined;
      return {
        leases: {
          ...leases,
          async renew(lease, ttlMs, options) {
            const renewed = await leases.renew(lease, ttlMs, options);
            expiresAtMs = renewed?.expiresAtMs;
            return renewed;
          },
        },
        async commit(lease, writes, options) {
          const isOther = expiresAtMs !== undefined && expiresAtMs !== lease.expiresAtMs;
          if (options?.checked && isOther) throw conflict();
          return commit(lease, writes, options);
        },
      };
    },
  ),
]);
