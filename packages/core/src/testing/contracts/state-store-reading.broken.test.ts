import { changeWrites, defect, describeStoreDefects } from "../../../test/store-defects.ts";
import { createMemoryStore } from "../../embedded/memory-store.ts";
import { FleetError } from "../../ports/failure.ts";
import type { StateStore, Write } from "../../ports/state-store.ts";

describeStoreDefects("reading", [
  defect("loads one page", "loads every open record, however many pages they fill", (store) => ({
    async *load(shard, options) {
      let loaded = 0;
      for await (const record of store.load(shard, options)) {
        loaded += 1;
        if (loaded > 200) return;
        yield record;
      }
    },
  })),
  defect(
    "loads closed records",
    "loads open records only, and reads closed ones by id",
    ({ commit, get, load }) => {
      const ids = new Set<string>();
      return {
        commit(lease, writes, options) {
          for (const { id } of writes) ids.add(id);
          return commit(lease, writes, options);
        },
        async *load(shard, options) {
          yield* load(shard, options);
          for (const id of ids) {
            const record = await get("jobs", id);
            if (record?.open === false) yield record;
          }
        },
      };
    },
  ),
  defect("loads every shard", "loads no record of another shard", ({ load }) => ({
    async *load(_shard, options) {
      yield* load("ci/us-east-1", options);
      yield* load("ci/eu-west-1", options);
    },
  })),
  defect(
    "answers expired records",
    "answers nothing for an expired record",
    ({ get, deliveries }) => {
      const seen = new Map<string, Awaited<ReturnType<StateStore["get"]>>>();
      return {
        deliveries,
        async get(table, id, options) {
          const record = await get(table, id, options);
          if (record?.expiresAtMs !== undefined) seen.set(id, record);
          return record ?? seen.get(id);
        },
      };
    },
  ),
  {
    name: "never lets a record expire",
    caught: "leaves out an expired record when it loads",
    make: ({ clock }) => {
      const startMs = clock.now();
      return createMemoryStore({ clock: { ...clock, now: () => startMs } });
    },
  },
  defect(
    "keeps an expiry that was taken away",
    "lets a record live on when a write takes its expiry away",
    ({ commit, get }) => ({
      async commit(lease, writes, options) {
        const kept = writes.map(async (write): Promise<Write> => {
          const known = (await get(write.table, write.id))?.expiresAtMs;
          return known === undefined ? write : { expiresAtMs: known, ...write };
        });
        return commit(lease, await Promise.all(kept), options);
      },
    }),
  ),
  defect("reads in spite of cancellation", "reads nothing when the call is cancelled", (store) => ({
    get: (table, id) => store.get(table, id),
    load: (shard) => store.load(shard),
  })),
  defect(
    "fails on a shard that it does not know",
    "loads nothing from a shard that was never written",
    ({ load }) => ({
      async *load(shard, options) {
        let isKnown = false;
        for await (const record of load(shard, options)) {
          isKnown = true;
          yield record;
        }
        if (!isKnown) throw new FleetError({ kind: "not-found", message: "no such shard" });
      },
    }),
  ),
  defect(
    "hands out the stored object",
    "keeps what is stored when a reader changes its copy",
    ({ get }) => {
      const objects = new Map<string, Awaited<ReturnType<StateStore["get"]>>>();
      return {
        async get(table, id, options) {
          const record = await get(table, id, options);
          const known = objects.get(id);
          if (record !== undefined && known?.version === record.version) return known;
          const copy = structuredClone(record);
          objects.set(id, copy);
          return copy;
        },
      };
    },
  ),
  defect(
    "takes a table that does not exist for an empty one",
    "refuses to read from a table that does not exist with a RangeError",
    ({ get }) => ({
      get: (table, id, options) => get(table, id, options).catch(() => undefined),
    }),
  ),
  defect("forgets deliveries", "remembers a delivery for 3 days", ({ deliveries }) => ({
    deliveries: { ...deliveries, seen: async () => false },
  })),
  defect("has seen every delivery", "remembers a delivery for 3 days", ({ deliveries }) => ({
    deliveries: { ...deliveries, seen: async () => true },
  })),
  defect("loads one table", "loads records of every table whole", ({ load }) => ({
    async *load(shard, options) {
      for await (const record of load(shard, options)) if (record.table === "jobs") yield record;
    },
  })),
  defect(
    "empties a record that it should delete",
    "loads no deleted record",
    changeWrites((write) => ({ ...write, value: write.value === undefined ? null : write.value })),
  ),
]);
