import type { Json } from "../../ports/json.ts";
import type { TableName } from "../../ports/state-store.ts";
import { abortedSignal, failureOf } from "./stage.ts";
import { jobWrite, longLeaseMs, peek, shard, take } from "./state-store-records.ts";
import type { StateStoreSuite } from "./state-store-suite.ts";

/** Everything that JSON can say, in one value. */
const anything: Json = {
  text: 'naïve "quotes" \\ 測試 🚀 \u0001',
  empty: "",
  nothing: null,
  yes: true,
  no: false,
  numbers: [0, -1, 1.5, 1e-7, 1_790_000_000_123, Number.MAX_SAFE_INTEGER],
  nested: { list: [[], {}, [{ deep: [null, ""] }]], constructor: "x" },
};

/** Conditional writes, all or nothing. */
export function describeCommits({ api, check, traits }: StateStoreSuite): void {
  const { expect } = api;

  check("stores a record and gives it back whole", async (store, { clock }) => {
    const lease = await take(store);
    const expiresAtMs = clock.now() + longLeaseMs;
    const write = jobWrite("whole", { value: anything, open: false, expiresAtMs });
    await store.commit(lease, [write]);
    const expected = { table: "jobs", id: "whole", shard, open: false, version: 1, expiresAtMs };
    expect(await store.get("jobs", "whole")).toEqual({ ...expected, value: anything });
  });

  check("counts versions from 1", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("job")]);
    await store.commit(lease, [jobWrite("job", { expected: 1, value: "second" })]);
    await store.commit(lease, [jobWrite("job", { expected: "any", value: "third" })]);
    expect(await peek(store, "job")).toEqual({ version: 3, value: "third" });
  });

  check("refuses a version that is not the record's", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("job")]);
    await store.commit(lease, [jobWrite("job", { expected: 1, value: "second" })]);
    for (const expected of [1, 3]) {
      const write = jobWrite("job", { expected, value: "lost update" });
      expect(await failureOf(store.commit(lease, [write]))).toBe("conflict");
    }
    expect(await peek(store, "job")).toEqual({ version: 2, value: "second" });
  });

  check("refuses to create a record that is there", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("job", { value: "first" })]);
    const again = jobWrite("job", { value: "second" });
    expect(await failureOf(store.commit(lease, [again]))).toBe("conflict");
    expect(await peek(store, "job")).toEqual({ version: 1, value: "first" });
  });

  check("refuses a version of a record that is absent", async (store) => {
    const lease = await take(store);
    const write = jobWrite("job", { expected: 1 });
    expect(await failureOf(store.commit(lease, [write]))).toBe("conflict");
    expect(await peek(store, "job")).toBe(undefined);
  });

  check("writes whatever is there when any version will do", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("job", { expected: "any", value: "first" })]);
    await store.commit(lease, [jobWrite("job", { expected: "any", value: "second" })]);
    expect(await peek(store, "job")).toEqual({ version: 2, value: "second" });
  });

  check("writes all or nothing, wherever the conflict is", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("there", { value: "first" })]);
    const fresh = [jobWrite("new-1"), jobWrite("new-2")];
    const update = jobWrite("there", { expected: 1, value: "second" });
    const bad = jobWrite("absent", { expected: 7 });
    for (const writes of [
      [bad, ...fresh, update],
      [...fresh, update, bad],
    ]) {
      expect(await failureOf(store.commit(lease, writes))).toBe("conflict");
      const found = await Promise.all(["new-1", "new-2", "there"].map((id) => peek(store, id)));
      expect(found).toEqual([undefined, undefined, { version: 1, value: "first" }]);
    }
  });

  check("deletes a record, which can then be created at version 1", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("job")]);
    await store.commit(lease, [jobWrite("job", { expected: 1, value: "second" })]);
    await store.commit(lease, [jobWrite("job", { expected: 2, value: undefined })]);
    expect(await peek(store, "job")).toBe(undefined);
    await store.commit(lease, [jobWrite("job", { value: "again" })]);
    expect(await peek(store, "job")).toEqual({ version: 1, value: "again" });
  });

  check("refuses to delete a record of another version", async (store) => {
    const lease = await take(store);
    await store.commit(lease, [jobWrite("job", { value: "kept" })]);
    const write = jobWrite("job", { expected: 2, value: undefined });
    expect(await failureOf(store.commit(lease, [write]))).toBe("conflict");
    expect(await peek(store, "job")).toEqual({ version: 1, value: "kept" });
  });

  check("keeps records of one id in two tables apart", async (store) => {
    const lease = await take(store);
    const machine = { ...jobWrite("same", { value: "machine" }), table: "machines" } as const;
    await store.commit(lease, [jobWrite("same", { value: "job" }), machine]);
    expect((await store.get("jobs", "same"))?.value).toBe("job");
    expect((await store.get("machines", "same"))?.value).toBe("machine");
    expect(await store.get("pools", "same")).toBe(undefined);
  });

  check("keeps ids apart that differ in case only", async (store) => {
    const lease = await take(store);
    const ids = ["job/a:1#x", "job/A:1#x"];
    await store.commit(
      lease,
      ids.map((id) => jobWrite(id, { value: id })),
    );
    expect(await Promise.all(ids.map((id) => peek(store, id)))).toEqual(
      ids.map((value) => ({ version: 1, value })),
    );
  });

  check("takes 99 writes and an id of 512 characters", async (store) => {
    const lease = await take(store);
    const ids = Array.from({ length: 99 }, (_, index) => String(index).padStart(512, "x"));
    await store.commit(
      lease,
      ids.map((id) => jobWrite(id, { value: "stored" })),
      { checked: true },
    );
    const found = await Promise.all(ids.map((id) => peek(store, id)));
    expect(found.filter((record) => record?.value === "stored").length).toBe(99);
  });

  check("refuses what is no commit with a RangeError", async (store) => {
    const lease = await take(store);
    const many = Array.from({ length: 100 }, (_, index) => jobWrite(`job-${index}`));
    const wrong = {
      none: [],
      "a hundred": many,
      "one record twice": [jobWrite("job"), jobWrite("job", { expected: "any" })],
      "an empty id": [jobWrite("")],
      "a long id": [jobWrite("x".repeat(513))],
      "an unknown table": [jobWrite("job", { table: "jobz" as TableName })],
      "another shard": [jobWrite("job", { shard: "ci/eu-west-1" })],
      "a large value": [jobWrite("job", { value: "x".repeat(409_601) })],
    };
    for (const [name, writes] of Object.entries(wrong)) {
      expect([name, await failureOf(store.commit(lease, writes))]).toEqual([name, "RangeError"]);
    }
    expect(await peek(store, "job")).toBe(undefined);
  });

  check("refuses what is no JSON value with a TypeError", async (store) => {
    const lease = await take(store);
    const wrong: Record<string, unknown> = {
      "not a number": Number.NaN,
      "an infinite number": [Number.POSITIVE_INFINITY],
      "a function": { run: () => undefined },
      "an undefined member": { member: undefined },
      "an instance of a class": { at: new Map() },
    };
    for (const [name, value] of Object.entries(wrong)) {
      const write = jobWrite("job", { value: value as Json });
      expect([name, await failureOf(store.commit(lease, [write]))]).toEqual([name, "TypeError"]);
    }
    expect(await peek(store, "job")).toBe(undefined);
  });

  check("stores a value of 300,000 characters", async (store) => {
    const lease = await take(store);
    const value = "0123456789".repeat(30_000);
    await store.commit(lease, [jobWrite("large", { value })]);
    expect((await peek(store, "large"))?.value).toBe(value);
  });

  check("keeps what was written when the writer changes its object", async (store) => {
    const lease = await take(store);
    const value = { state: "queued", labels: ["a"] };
    const writing = store.commit(lease, [jobWrite("job", { value })]);
    value.state = "changed";
    value.labels.push("b");
    await writing;
    value.state = "changed again";
    expect((await peek(store, "job"))?.value).toEqual({ state: "queued", labels: ["a"] });
  });

  check("writes nothing when the call is cancelled", async (store) => {
    const lease = await take(store);
    const { signal, reason } = abortedSignal();
    expect(await failureOf(store.commit(lease, [jobWrite("job")], { signal }))).toBe(reason);
    expect(await peek(store, "job")).toBe(undefined);
  });

  if (traits.concurrent) {
    check("lets one of many commits of the same version win", async (store) => {
      const lease = await take(store);
      await store.commit(lease, [jobWrite("job")]);
      const contenders = Array.from({ length: 16 }, (_, index) => index);
      const ends = await Promise.all(
        contenders.map((value) =>
          failureOf(
            store.commit(lease, [
              jobWrite("job", { expected: 1, value }),
              jobWrite(`side-${value}`, { value }),
            ]),
          ),
        ),
      );
      const winners = contenders.filter((value) => ends[value] === "none");
      expect(winners.length).toBe(1);
      expect(ends.filter((end) => end === "conflict").length).toBe(15);
      expect(await peek(store, "job")).toEqual({ version: 2, value: winners[0] });
      const sides = await Promise.all(contenders.map((value) => peek(store, `side-${value}`)));
      expect(sides.filter((side) => side !== undefined).map(({ value }) => value)).toEqual(winners);
    });
  }
}
