import type { StateStore, TableName } from "../../ports/state-store.ts";
import { abortedSignal, collect, failureOf } from "./stage.ts";
import { jobWrite, longLeaseMs, shard, take } from "./state-store-records.ts";
import type { StateStoreSuite } from "./state-store-suite.ts";

async function loadedIds(store: StateStore, of = shard): Promise<string[]> {
  return (await collect(store.load(of))).map(({ id }) => id).sort();
}

/** Reads are complete, and what has expired is not there. */
export function describeReading({ api, check }: StateStoreSuite): void {
  const { expect } = api;

  check("loads nothing from a shard that was never written", async (store) => {
    expect(await loadedIds(store)).toEqual([]);
    expect(await store.get("jobs", "absent")).toBe(undefined);
  });

  check("refuses to read from a table that does not exist with a RangeError", async (store) => {
    for (const table of ["jobz", "", "toString"] as readonly string[] as readonly TableName[]) {
      expect([table, await failureOf(store.get(table, "job"))]).toEqual([table, "RangeError"]);
    }
    expect(await failureOf(store.get("decisions", "job"))).toBe("none");
  });

  check("loads every open record, however many pages they fill", async (store) => {
    const lease = await take(store);
    // 1.3 MB: services that answer at most 1 MB at a time need a second page.
    const value = "x".repeat(5_000);
    const ids = Array.from({ length: 264 }, (_, index) => `job-${String(index).padStart(3, "0")}`);
    for (let start = 0; start < ids.length; start += 66) {
      await store.commit(
        lease,
        ids.slice(start, start + 66).map((id) => jobWrite(id, { value })),
      );
    }
    expect(await loadedIds(store)).toEqual(ids);
  });

  check("loads records of every table whole", async (store) => {
    const lease = await take(store);
    const tables = ["jobs", "attempts", "machines", "pools"] as const;
    for (const table of tables) {
      await store.commit(lease, [{ ...jobWrite(`one-of-${table}`), table }]);
    }
    const loaded = await collect(store.load(shard));
    expect(loaded.map(({ table }) => table).sort()).toEqual([...tables].sort());
    for (const record of loaded) {
      const { table, id } = record;
      expect(record).toEqual({ table, id, shard, open: true, version: 1, value: { id } });
      expect(await store.get(table, id)).toEqual(record);
    }
  });

  check("loads open records only, and reads closed ones by id", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [
      jobWrite("open"),
      jobWrite("closed", { open: false }),
      jobWrite("closing"),
      jobWrite("opening", { open: false }),
    ]);
    await store.commit(lease, [
      jobWrite("closing", { expected: 1, open: false }),
      jobWrite("opening", { expected: 1 }),
    ]);
    expect(await loadedIds(store)).toEqual(["open", "opening"]);
    expect((await store.get("jobs", "closed"))?.open).toBe(false);
    expect((await store.get("jobs", "closing"))?.open).toBe(false);
  });

  check("loads no record of another shard", async (store) => {
    const here = await take(store);
    const there = await take(store, "one", longLeaseMs, "ci/eu-west-1");
    await store.commit(here, [jobWrite("here")]);
    await store.commit(there, [jobWrite("there", { shard: "ci/eu-west-1" })]);
    expect(await loadedIds(store)).toEqual(["here"]);
    expect(await loadedIds(store, "ci/eu-west-1")).toEqual(["there"]);
  });

  check("loads no deleted record", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("kept"), jobWrite("deleted")]);
    await store.commit(lease, [jobWrite("deleted", { expected: 1, value: undefined })]);
    expect(await loadedIds(store)).toEqual(["kept"]);
  });

  check("leaves out an expired record when it loads", async (store, { clock, pass }) => {
    const lease = await take(store);
    const expiresAtMs = clock.now() + 10_000;
    await store.commit(lease, [jobWrite("kept"), jobWrite("expiring", { expiresAtMs })]);
    await pass(9_999);
    expect(await loadedIds(store)).toEqual(["expiring", "kept"]);
    await pass(2);
    expect(await loadedIds(store)).toEqual(["kept"]);
  });

  check("answers nothing for an expired record", async (store, { clock, pass }) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("job", { expiresAtMs: clock.now() + 10_000 })]);
    expect((await store.get("jobs", "job"))?.expiresAtMs).toBe(clock.now() + 10_000);
    await pass(10_001);
    expect(await store.get("jobs", "job")).toBe(undefined);
  });

  check("creates an expired record anew, at version 1", async (store, { clock, pass }) => {
    const lease = await take(store);
    const expiresAtMs = clock.now() + 10_000;
    await store.commit(lease, [jobWrite("job", { expiresAtMs })]);
    await store.commit(lease, [jobWrite("job", { expected: 1, expiresAtMs })]);
    await pass(10_001);
    const update = jobWrite("job", { expected: 2, value: "revived" });
    expect(await failureOf(store.commit(lease, [update]))).toBe("conflict");
    await store.commit(lease, [jobWrite("job", { value: "new" })]);
    const record = { table: "jobs", id: "job", shard, open: true, version: 1, value: "new" };
    expect(await store.get("jobs", "job")).toEqual(record);
    expect(await loadedIds(store)).toEqual(["job"]);
  });

  check("lets a record live on when a write takes its expiry away", async (store, stage) => {
    const lease = await take(store);
    const expiresAtMs = stage.clock.now() + 10_000;
    await store.commit(lease, [jobWrite("job", { expiresAtMs })]);
    await store.commit(lease, [jobWrite("job", { expected: 1 })]);
    await stage.pass(10_001);
    expect((await store.get("jobs", "job"))?.version).toBe(2);
  });

  check("keeps what is stored when a reader changes its copy", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("job", { value: { labels: ["a"] } })]);
    const value = (await store.get("jobs", "job"))?.value ?? {};
    try {
      (value as { labels: string[] }).labels.push("b");
    } catch {
      // A frozen copy is as good as a copy of one's own.
    }
    expect((await store.get("jobs", "job"))?.value).toEqual({ labels: ["a"] });
  });

  check("reads nothing when the call is cancelled", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("job")]);
    const { signal, reason } = abortedSignal();
    expect(await failureOf(store.get("jobs", "job", { signal }))).toBe(reason);
    expect(await failureOf(collect(store.load(shard, { signal })))).toBe(reason);
  });

  check("remembers a delivery for 3 days", async ({ deliveries }, { pass }) => {
    expect(await deliveries.seen("guid-1")).toBe(false);
    await deliveries.mark("guid-1");
    await deliveries.mark("guid-1");
    expect(await deliveries.seen("guid-1")).toBe(true);
    expect(await deliveries.seen("guid-2")).toBe(false);
    await pass(3 * 86_400_000 - 1_000);
    expect(await deliveries.seen("guid-1")).toBe(true);
  });
}
