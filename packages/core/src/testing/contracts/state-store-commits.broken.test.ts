import {
  changeWrites,
  conflict,
  defect,
  describeStoreDefects,
} from "../../../test/store-defects.ts";
import type { Write } from "../../ports/state-store.ts";

describeStoreDefects("commits", [
  defect(
    "ignores the version",
    "refuses a version that is not the record's",
    changeWrites((write) => (write.expected === "absent" ? write : { ...write, expected: "any" })),
  ),
  defect(
    "ignores the version of an absent record",
    "refuses a version of a record that is absent",
    ({ commit, get }) => ({
      async commit(lease, writes, options) {
        const eased = writes.map(async (write): Promise<Write> => {
          const isThere = (await get(write.table, write.id)) !== undefined;
          return typeof write.expected === "number" && !isThere
            ? { ...write, expected: "absent" }
            : write;
        });
        return commit(lease, await Promise.all(eased), options);
      },
    }),
  ),
  defect(
    "creates what is there",
    "refuses to create a record that is there",
    changeWrites((write) => (write.expected === "absent" ? { ...write, expected: "any" } : write)),
  ),
  defect("has one version only", "counts versions from 1", ({ get }) => ({
    async get(table, id, options) {
      const record = await get(table, id, options);
      return record && { ...record, version: 1 };
    },
  })),
  defect(
    "writes one record after another",
    "writes all or nothing, wherever the conflict is",
    ({ commit }) => ({
      async commit(lease, writes, options) {
        if (writes.length === 0) return commit(lease, writes, options);
        for (const write of writes) await commit(lease, [write], options);
      },
    }),
  ),
  defect(
    "looks before it writes",
    "lets one of many commits of the same version win",
    ({ commit, get }) => ({
      async commit(lease, writes, options) {
        for (const { table, id, expected } of writes) {
          const version = (await get(table, id))?.version;
          if (typeof expected === "number" && version !== expected) throw conflict();
        }
        await Promise.resolve();
        const eased = writes.map((write): Write => ({ ...write, expected: "any" }));
        return commit(lease, eased, options);
      },
    }),
  ),
  defect(
    "keeps a deleted record",
    "deletes a record, which can then be created at version 1",
    changeWrites((write) => ({ ...write, value: write.value === undefined ? null : write.value })),
  ),
  defect(
    "counts versions on after a deletion",
    "deletes a record, which can then be created at version 1",
    ({ commit, get }) => {
      const deleted = new Map<string, number>();
      return {
        async commit(lease, writes, options) {
          for (const { id, value, table } of writes) {
            if (value !== undefined) continue;
            deleted.set(id, (await get(table, id))?.version ?? 0);
          }
          return commit(lease, writes, options);
        },
        async get(table, id, options) {
          const record = await get(table, id, options);
          return record && { ...record, version: record.version + (deleted.get(id) ?? 0) };
        },
      };
    },
  ),
  defect(
    "has one table for all records",
    "keeps records of one id in two tables apart",
    ({ commit, get }) => ({
      async commit(lease, writes, options) {
        const merged = new Map(writes.map((write) => [write.id, { ...write, table: "jobs" }]));
        return commit(lease, [...merged.values()] as Write[], options);
      },
      get: (_table, id, options) => get("jobs", id, options),
    }),
  ),
  defect(
    "folds the case of ids",
    "keeps ids apart that differ in case only",
    ({ commit, get }) => ({
      commit: async (lease, writes, options) => {
        for (const write of writes) {
          const folded: Write = { ...write, id: write.id.toLowerCase(), expected: "any" };
          await commit(lease, [folded], options);
        }
      },
      get: (table, id, options) => get(table, id.toLowerCase(), options),
    }),
  ),
  defect("splits a large commit", "refuses what is no commit with a RangeError", ({ commit }) => ({
    async commit(lease, writes, options) {
      if (writes.length < 100) return commit(lease, writes, options);
      await commit(lease, writes.slice(0, 50), options);
      await commit(lease, writes.slice(50), options);
    },
  })),
  defect(
    "has a table for what it does not know",
    "refuses what is no commit with a RangeError",
    changeWrites((write) =>
      (write.table as string) === "jobz" ? { ...write, table: "decisions" } : write,
    ),
  ),
  defect(
    "writes values through JSON without a look",
    "refuses what is no JSON value with a TypeError",
    changeWrites((write) =>
      write.value === undefined
        ? write
        : { ...write, value: JSON.parse(JSON.stringify(write.value) ?? "null") },
    ),
  ),
  defect(
    "reads values late",
    "keeps what was written when the writer changes its object",
    ({ commit }) => ({
      async commit(lease, writes, options) {
        await Promise.resolve();
        return commit(lease, writes, options);
      },
    }),
  ),
  defect("ignores cancellation", "writes nothing when the call is cancelled", ({ commit }) => ({
    commit: (lease, writes, { checked = false } = {}) => commit(lease, writes, { checked }),
  })),
  defect("loses control characters", "stores a record and gives it back whole", ({ get }) => ({
    async get(table, id, options) {
      const record = await get(table, id, options);
      const text = JSON.stringify(record?.value ?? null).replace("\\u0001", "");
      return record && { ...record, value: JSON.parse(text) };
    },
  })),
  defect(
    "refuses values of more than 64 KB",
    "stores a value of 300,000 characters",
    ({ commit }) => ({
      async commit(lease, writes, options) {
        if (JSON.stringify(writes).length > 65_536) throw new RangeError("too large");
        return commit(lease, writes, options);
      },
    }),
  ),
  defect("refuses long ids", "takes 99 writes and an id of 512 characters", ({ commit }) => ({
    async commit(lease, writes, options) {
      if (writes.some(({ id }) => id.length > 255)) throw new RangeError("too long");
      return commit(lease, writes, options);
    },
  })),
]);
