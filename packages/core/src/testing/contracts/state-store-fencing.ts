import { failureOf } from "./stage.ts";
import { jobWrite, longLeaseMs, peek, take, takeOver } from "./state-store-records.ts";
import type { StateStoreSuite } from "./state-store-suite.ts";

/** An older epoch changes nothing that a newer one wrote; a checked commit needs the lease itself. */
export function describeFencing({ api, check }: StateStoreSuite): void {
  const { expect } = api;

  check("refuses an older epoch on a record of a newer one", async (store) => {
    const { older, newer } = await takeOver(store);
    await store.commit(newer, [jobWrite("job", { value: "newer" })]);
    for (const expected of [1, "any"] as const) {
      for (const value of ["stale", undefined]) {
        const write = jobWrite("job", { expected, value });
        expect(await failureOf(store.commit(older, [write]))).toBe("conflict");
      }
    }
    expect(await peek(store, "job")).toEqual({ version: 1, value: "newer" });
  });

  check("refuses a whole commit when one record has a newer epoch", async (store) => {
    const { older, newer } = await takeOver(store);
    await store.commit(newer, [jobWrite("job", { value: "newer" })]);
    const writes = [jobWrite("other"), jobWrite("job", { expected: "any", value: "stale" })];
    expect(await failureOf(store.commit(older, writes))).toBe("conflict");
    expect(await peek(store, "other")).toBe(undefined);
  });

  check("refuses to create a record under an older epoch", async (store) => {
    const { older, newer } = await takeOver(store, [jobWrite("gone")]);
    await store.commit(newer, [jobWrite("gone", { expected: 1, value: undefined })]);
    for (const id of ["job", "gone"]) {
      for (const expected of ["absent", "any"] as const) {
        expect(await failureOf(store.commit(older, [jobWrite(id, { expected })]))).toBe("conflict");
      }
      expect(await peek(store, id)).toBe(undefined);
    }
    await store.commit(newer, [jobWrite("job", { value: "newer" })]);
    expect(await peek(store, "job")).toEqual({ version: 1, value: "newer" });
  });

  check("stamps a record with the epoch of each write", async (store) => {
    const { older, newer } = await takeOver(store, [jobWrite("job", { value: "older" })]);
    await store.commit(newer, [jobWrite("job", { expected: 1, value: "older" })]);
    const write = jobWrite("job", { expected: 2, value: "stale" });
    expect(await failureOf(store.commit(older, [write]))).toBe("conflict");
    expect(await peek(store, "job")).toEqual({ version: 2, value: "older" });
  });

  check("counts versions on under a newer epoch", async (store) => {
    const { newer } = await takeOver(store, [jobWrite("job")]);
    await store.commit(newer, [jobWrite("job", { expected: 1, value: "newer" })]);
    expect(await peek(store, "job")).toEqual({ version: 2, value: "newer" });
  });

  check("refuses the version when the epoch is right", async (store) => {
    const { newer } = await takeOver(store, [jobWrite("job", { value: "older" })]);
    const write = jobWrite("job", { expected: 2, value: "lost update" });
    expect(await failureOf(store.commit(newer, [write]))).toBe("conflict");
    expect(await peek(store, "job")).toEqual({ version: 1, value: "older" });
  });

  check("refuses a record of another shard", async (store) => {
    const here = await take(store);
    const there = await take(store, "one", longLeaseMs, "ci/eu-west-1");
    const foreign = { shard: "ci/eu-west-1", value: "foreign" };
    await store.commit(there, [jobWrite("job", foreign)]);
    for (const expected of ["any", 1] as const) {
      const write = jobWrite("job", { expected, value: "taken" });
      expect(await failureOf(store.commit(here, [write]))).toBe("conflict");
    }
    expect(await peek(store, "job")).toEqual({ version: 1, value: "foreign" });
  });

  check("makes a checked commit under the live lease", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("job", { value: "bought" })], { checked: true });
    expect(await peek(store, "job")).toEqual({ version: 1, value: "bought" });
  });

  check("makes a checked commit with the lease as it was before a renewal", async (store) => {
    const lease = await take(store, "one", 15_000);
    await store.leases.renew(lease, longLeaseMs);
    expect(await failureOf(store.commit(lease, [jobWrite("job")], { checked: true }))).toBe("none");
  });

  check("refuses a checked commit once another owner holds the lease", async (store) => {
    const { older } = await takeOver(store);
    const ended = store.commit(older, [jobWrite("job")], { checked: true });
    expect(await failureOf(ended)).toBe("conflict");
    expect(await peek(store, "job")).toBe(undefined);
  });

  check("refuses a checked commit under an earlier lease of the same owner", async (store) => {
    const first = await take(store, "one");
    await store.leases.release(first);
    await take(store, "one");
    const ended = store.commit(first, [jobWrite("job")], { checked: true });
    expect(await failureOf(ended)).toBe("conflict");
    expect(await peek(store, "job")).toBe(undefined);
  });

  check("refuses a checked commit after the lease expired", async (store, stage) => {
    const lease = await take(store, "one", 15_000);
    await stage.pass(15_001);
    const ended = store.commit(lease, [jobWrite("job")], { checked: true });
    expect(await failureOf(ended)).toBe("conflict");
    expect(await peek(store, "job")).toBe(undefined);
  });

  check("refuses a checked commit after the lease was released", async (store) => {
    const lease = await take(store);
    await store.leases.release(lease);
    const ended = store.commit(lease, [jobWrite("job")], { checked: true });
    expect(await failureOf(ended)).toBe("conflict");
    expect(await peek(store, "job")).toBe(undefined);
  });
}
