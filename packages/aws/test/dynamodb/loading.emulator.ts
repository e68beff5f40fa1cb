import { setTimeout as sleep } from "node:timers/promises";
import {
  BatchGetItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { FleetError, type Lease, type StateStore, systemClock, type Write } from "@runs-fleet/core";
import { createVirtualClock } from "@runs-fleet/core/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { blindIndex, clientBetween } from "./client-between.ts";
import { loadedIds, openStage, type StoreStage } from "./stage.ts";

let aws: TestAws;
let stage: StoreStage;
let shards = 0;
let shard = "";
beforeAll(async () => {
  aws = await openAws();
  stage = await openStage(aws);
});
afterAll(() => aws.close());

const startMs = 1_790_000_000_000;
const minuteMs = 60_000;

/** A store with the lease of a shard that nobody else uses, for hours. */
async function controller(options: Parameters<StoreStage["store"]>[0] = {}) {
  shards += 1;
  shard = `loading-${shards}`;
  const store = stage.store(options);
  const lease = await store.leases.acquire(shard, "one", 1_000 * minuteMs);
  if (lease === undefined) throw new Error("The lease is free");
  return { store, lease };
}

function write(id: string, rest: Partial<Write> = {}): Write {
  return {
    table: "jobs",
    id: `${shard}/${id}`,
    shard,
    open: true,
    expected: "absent",
    value: id,
    ...rest,
  };
}

async function fill(store: StateStore, lease: Lease, count: number): Promise<readonly string[]> {
  const writes = Array.from({ length: count }, (_, index) => write(String(index).padStart(4, "0")));
  for (let start = 0; start < count; start += 99) {
    await store.commit(lease, writes.slice(start, start + 99));
  }
  return writes.map(({ id }) => id).sort();
}

async function failure(call: Promise<unknown>): Promise<FleetError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (FleetError.isInstance(error)) return error;
  throw new Error("It does not fail as a port fails", { cause: error });
}

/** Batches of which only some keys are processed. */
function processing(client: DynamoDBClient, some: (keys: number) => number): DynamoDBClient {
  return clientBetween(client, {
    command: (command) => {
      if (!(command instanceof BatchGetItemCommand)) return command;
      const kept = cut(command.input.RequestItems ?? {}, some, "first");
      if (Object.keys(kept).length === 0) return command;
      return new BatchGetItemCommand({ RequestItems: kept }) as unknown as typeof command;
    },
    answer: (answer, command) => {
      if (!(command instanceof BatchGetItemCommand)) return answer;
      const asked = command.input.RequestItems ?? {};
      const nothing = Object.keys(cut(asked, some, "first")).length === 0;
      return {
        ...(answer as object),
        ...(nothing ? { Responses: {} } : {}),
        UnprocessedKeys: cut(asked, some, "rest"),
      };
    },
  });
}

type Requests = NonNullable<BatchGetItemCommand["input"]["RequestItems"]>;

function cut(requests: Requests, some: (keys: number) => number, part: "first" | "rest"): Requests {
  const entries = Object.entries(requests).map(([table, { Keys = [], ...rest }]) => {
    const place = some(Keys.length);
    return [table, { ...rest, Keys: part === "first" ? Keys.slice(0, place) : Keys.slice(place) }];
  });
  return Object.fromEntries(
    entries.filter(([, request]) => (request as { Keys: [] }).Keys.length > 0),
  );
}

describe("loading", () => {
  it("asks again for what DynamoDB left unprocessed", async () => {
    const { store, lease } = await controller();
    const ids = await fill(store, lease, 30);
    const client = processing(stage.client, (keys) => Math.ceil(keys / 3));
    expect(await loadedIds(stage.store({ client }), shard)).toEqual(ids);
  });

  it("fails rather than leave out what is never processed", async () => {
    const { store, lease } = await controller();
    await fill(store, lease, 2);
    const client = processing(stage.client, () => 0);
    const error = await failure(loadedIds(stage.store({ client }), shard));
    expect(error).toMatchObject({ kind: "throttled", retryable: true });
  });

  it("finds what was opened in the last half hour without any help of the index", async () => {
    const clock = createVirtualClock(startMs);
    const { store, lease } = await controller({ clock, client: blindIndex(stage.client) });
    await store.commit(lease, [write("before")]);
    await clock.advance(29 * minuteMs);
    await store.commit(lease, [write("after")]);
    expect(await loadedIds(store, shard)).toEqual([`${shard}/after`, `${shard}/before`]);
  });

  it("reads the openings of a whole day once the index lacks what is 5 minutes old", async () => {
    const clock = createVirtualClock(startMs);
    const { store, lease } = await controller({ clock, client: blindIndex(stage.client) });
    await store.commit(lease, [write("old")]);
    await clock.advance(120 * minuteMs);
    await store.commit(lease, [write("evidence")]);
    await clock.advance(4 * minuteMs);
    expect(await loadedIds(store, shard)).toEqual([`${shard}/evidence`]);
    await clock.advance(2 * minuteMs);
    expect(await loadedIds(store, shard)).toEqual([`${shard}/evidence`, `${shard}/old`]);
  });

  it("finds a closed record that was opened again, while the index is behind", async () => {
    const { store, lease } = await controller({ client: blindIndex(stage.client) });
    await store.commit(lease, [write("a", { open: false })]);
    expect(await loadedIds(store, shard)).toEqual([]);
    await store.commit(lease, [write("a", { expected: 1 })]);
    expect(await loadedIds(store, shard)).toEqual([`${shard}/a`]);
    await store.commit(lease, [write("a", { expected: 2, open: false })]);
    await store.commit(lease, [write("a", { expected: "any" })]);
    expect(await loadedIds(store, shard)).toEqual([`${shard}/a`]);
  });

  it("finds all of many, of several tables", async () => {
    const { store, lease } = await controller();
    const ids = await fill(store, lease, 1_000);
    const machine = write("m", { table: "machines" });
    await store.commit(lease, [machine, write("p", { table: "pools" })]);
    const loaded = await loadedIds(store, shard);
    expect(loaded).toEqual([...ids, `${shard}/m`, `${shard}/p`].sort());
  }, 60_000);

  it("fails rather than leave out a record that cannot be read", async () => {
    const { store, lease } = await controller();
    await store.commit(lease, [write("sound"), write("damaged")]);
    const TableName = `${stage.tablePrefix}jobs`;
    const Item = { id: { S: `${shard}/damaged` }, shard: { S: shard }, openShard: { S: shard } };
    await stage.client.send(new PutItemCommand({ TableName, Item }));
    expect(await failure(loadedIds(store, shard))).toMatchObject({
      kind: "unknown",
      details: { attribute: "version" },
    });
    expect((await failure(store.get("jobs", `${shard}/damaged`))).kind).toBe("unknown");
    const change = store.commit(lease, [write("damaged", { expected: 1 })]);
    expect((await failure(change)).kind).toBe("unknown");
  });

  it("finds assignments under the names of their machines", async () => {
    const assignmentKeyPrefix = "arn:aws:ec2:us-east-1:123456789012:instance/";
    const client = blindIndex(stage.client);
    const { store, lease } = await controller({ assignmentKeyPrefix });
    await store.commit(lease, [write("i-1", { table: "assignments" })], { checked: true });
    for (const reader of [store, stage.store({ assignmentKeyPrefix, client })]) {
      expect(await loadedIds(reader, shard)).toEqual([`${shard}/i-1`]);
    }
    const found = await stage.client.send(
      new ScanCommand({ TableName: `${stage.tablePrefix}assignments` }),
    );
    expect(found.Items?.map(({ id }) => id?.S)).toEqual([`${assignmentKeyPrefix}${shard}/i-1`]);
    expect((await store.get("assignments", `${shard}/i-1`))?.version).toBe(1);
  });
});

describe("what has expired", () => {
  it("is absent at once, and is cleared away by DynamoDB some time later", async () => {
    const tables = await openStage(aws, { clearsAway: true });
    const store = tables.store();
    const lease = await store.leases.acquire("s", "one", minuteMs);
    if (lease === undefined) throw new Error("The lease is free");
    const expiresAtMs = systemClock.now() + 300;
    const job = { table: "jobs", shard: "s", open: true, expected: "absent", value: null } as const;
    // Open ones: DynamoDB Local never clears away what its sparse index does not have.
    await store.commit(lease, [
      { ...job, id: "expiring", expiresAtMs },
      { ...job, id: "kept" },
    ]);
    await sleep(expiresAtMs - systemClock.now());
    expect(await store.get("jobs", "expiring")).toBe(undefined);
    expect(await loadedIds(store, "s")).toEqual(["kept"]);
    const scan = new ScanCommand({ TableName: `${tables.tablePrefix}jobs` });
    const left = async () => (await tables.client.send(scan)).Items?.map(({ id }) => id?.S);
    // Moto, which plays DynamoDB where there is no Java, clears nothing away.
    if (inject("emulators").dynamodbLocal === undefined) return;
    // DynamoDB Local clears away within a second, and now and then on a busy machine never what has expired meanwhile: then
    // what expires later tells whether the attribute is the one that it goes by.
    let written = 1;
    let lastMs = expiresAtMs;
    for (let found = await left(); (found?.length ?? 0) > written; found = await left()) {
      if (systemClock.now() >= lastMs + 10_000) {
        lastMs = systemClock.now() + 300;
        await store.commit(lease, [{ ...job, id: `expiring-${written}`, expiresAtMs: lastMs }]);
        written += 1;
      }
      await sleep(200);
    }
    await sleep(Math.max(0, lastMs - systemClock.now()));
    expect(await left()).toContain("kept");
    expect(await loadedIds(store, "s")).toEqual(["kept"]);
  }, 90_000);
});
