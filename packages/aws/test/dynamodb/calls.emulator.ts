import type { Write } from "@runs-fleet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

/** Requests and their items, by action. */
async function callsOf(act: () => Promise<unknown>): Promise<Readonly<Record<string, string>>> {
  const meter = aws.calls.meter();
  await act();
  return Object.fromEntries(
    Object.entries(meter.byAction()).map(([name, { calls, items }]) => [
      name.replace("dynamodb ", ""),
      calls === items ? String(calls) : `${calls} (${items} items)`,
    ]),
  );
}

let shards = 0;

async function controller() {
  shards += 1;
  const shard = `calls-${shards}`;
  const store = stage.store();
  const lease = await store.leases.acquire(shard, "one", 60_000);
  if (lease === undefined) throw new Error("The lease is free");
  const write = (id: string, rest: Partial<Write> = {}): Write => ({
    table: "jobs",
    id: `${shard}/${id}`,
    shard,
    open: true,
    expected: "absent",
    value: id,
    ...rest,
  });
  const many = (count: number, rest: Partial<Write> = {}) =>
    Array.from({ length: count }, (_, index) => write(`job-${index}`, rest));
  return { shard, store, lease, write, many };
}

describe("requests", () => {
  it("of a commit are one transaction: its records, the check of the lease, and what it opens", async () => {
    const { store, lease, write, many } = await controller();
    expect(await callsOf(() => store.commit(lease, many(3)))).toEqual({
      TransactWriteItems: "1 (5 items)",
    });
    const update = many(3, { expected: 1 });
    expect(await callsOf(() => store.commit(lease, update, { checked: true }))).toEqual({
      TransactWriteItems: "1 (4 items)",
    });
    const end = many(3, { expected: 2, open: false });
    expect(await callsOf(() => store.commit(lease, end))).toEqual({
      TransactWriteItems: "1 (4 items)",
    });
    const deletion = write("job-0", { expected: "any", value: undefined });
    expect(await callsOf(() => store.commit(lease, [deletion]))).toEqual({
      TransactWriteItems: "1 (2 items)",
    });
  });

  it("of a full commit that opens records are two, of one that does not, one", async () => {
    const { store, lease, many } = await controller();
    expect(await callsOf(() => store.commit(lease, many(98)))).toEqual({
      TransactWriteItems: "1 (100 items)",
    });
    const others = many(99).map((write) => ({ ...write, table: "machines" as const }));
    expect(await callsOf(() => store.commit(lease, others))).toEqual({
      PutItem: "1",
      TransactWriteItems: "1 (100 items)",
    });
    const stamps = others.map((write) => ({ ...write, expected: 1 }));
    expect(await callsOf(() => store.commit(lease, stamps))).toEqual({
      TransactWriteItems: "1 (100 items)",
    });
  });

  it("of a commit that has to learn what is there are one more", async () => {
    const { store, lease, write } = await controller();
    await store.commit(lease, [write("any"), write("closed", { open: false })]);
    const writes = [write("any", { expected: "any" }), write("closed", { expected: 1 })];
    expect(await callsOf(() => store.commit(lease, writes))).toEqual({
      TransactWriteItems: "2 (8 items)",
    });
  });

  it("of loading are a query per table, one of the openings, and a read for each 100 records", async () => {
    const { shard, store, lease, many } = await controller();
    const load = () => loadedIds(stage.store(), shard);
    expect(await callsOf(load)).toEqual({ Query: "8" });
    for (const table of ["jobs", "machines", "attempts"] as const) {
      await store.commit(
        lease,
        many(80).map((write) => ({ ...write, table })),
      );
    }
    expect(await callsOf(load)).toEqual({ Query: "8", BatchGetItem: "3 (240 items)" });
    // What was closed is no longer in the index; it is looked at while its opening is half an hour old at most.
    await store.commit(lease, many(80, { expected: 1, open: false }));
    expect(await callsOf(load)).toEqual({ Query: "8", BatchGetItem: "3 (240 items)" });
  });

  it("of those who stand by are one read, of the holder one write", async () => {
    const { shard, store, lease } = await controller();
    const standby = stage.store();
    expect(await callsOf(() => standby.leases.acquire(shard, "two", 60_000))).toEqual({
      GetItem: "1",
    });
    expect(await callsOf(() => store.leases.renew(lease, 60_000))).toEqual({ UpdateItem: "1" });
    expect(await callsOf(() => store.leases.release(lease))).toEqual({ UpdateItem: "1" });
    expect(await callsOf(() => standby.leases.acquire(shard, "two", 60_000))).toEqual({
      GetItem: "1",
      UpdateItem: "1",
    });
  });

  it("of deliveries and single records are one each", async () => {
    const { store } = await controller();
    expect(await callsOf(() => store.deliveries.seen("guid"))).toEqual({ GetItem: "1" });
    expect(await callsOf(() => store.deliveries.mark("guid"))).toEqual({ PutItem: "1" });
    expect(await callsOf(() => store.get("jobs", "x"))).toEqual({ GetItem: "1" });
  });
});
