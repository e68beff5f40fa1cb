import { inspect } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { FleetError, type Lease, type StateStore, type Write } from "@runs-fleet/core";
import { createVirtualClock } from "@runs-fleet/core/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { loadedIds, openStage, type StoreStage } from "./stage.ts";

let aws: TestAws;
let stage: StoreStage;
/** Tries once, and waits for longer than the busiest machine takes: only what a test spoils ends otherwise. */
let hasty: DynamoDBClient;
let shards = 0;
let shard = "";
beforeAll(async () => {
  aws = await openAws();
  stage = await openStage(aws);
  const requestHandler = {
    connectionTimeout: 25_000,
    requestTimeout: 25_000,
    throwOnRequestTimeout: true,
  };
  hasty = new DynamoDBClient(aws.clientOptions({ maxAttempts: 1, requestHandler }));
});
afterEach(() => aws.faults.clear());
afterAll(() => aws.close());

/** A store with the lease of a shard that nobody else uses. */
async function controller(options: Parameters<StoreStage["store"]>[0] = {}) {
  shards += 1;
  shard = `shard-${shards}`;
  const store = stage.store(options);
  return { store, lease: await take(store) };
}

async function take(store: StateStore, owner = "one"): Promise<Lease> {
  const lease = await store.leases.acquire(shard, owner, 60_000);
  if (lease === undefined) throw new Error("The lease is free");
  return lease;
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

/** How a call ended: `none`, or the kind of its error. */
async function ending(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "none",
    (error) => (FleetError.isInstance(error) ? error.kind : Promise.reject(error)),
  );
}

const versionOf = async (store: StateStore, id: string) =>
  (await store.get("jobs", `${shard}/${id}`))?.version;

const transactions = { service: "dynamodb", action: "TransactWriteItems" } as const;
/** A call whose client loses it at once, and that reaches the service when it is told to. */
function late(calls: object) {
  let arrive = () => {};
  const until = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  aws.faults.inject({ ...calls, fault: { kind: "late", until } });
  return async () => {
    arrive();
    await aws.calls.settled({ fault: "late" });
  };
}
const lost = { ...transactions, fault: { kind: "reset", side: "after" } } as const;

describe("a commit whose answer was lost", () => {
  it("is done when the SDK sends it again", async () => {
    const { store, lease } = await controller();
    aws.faults.inject(lost);
    expect(await ending(store.commit(lease, [write("a")]))).toBe("none");
    expect(await versionOf(store, "a")).toBe(1);
  });

  it("is known again when its owner repeats it, and happens once", async () => {
    const { store, lease } = await controller({ client: hasty });
    await store.commit(lease, [write("update"), write("closed", { open: false }), write("gone")]);
    const writes = [
      write("new"),
      write("update", { expected: 1, value: "second" }),
      write("closed", { expected: 1 }),
      write("gone", { expected: 1, value: undefined }),
      write("any", { expected: "any" }),
    ];
    // Two at least: the first answer says that a record was not open.
    aws.faults.inject({ ...lost, times: 4 });
    for (let tries = 0; tries < 4; tries += 1) {
      expect(await ending(store.commit(lease, writes))).toBe("unavailable");
    }
    expect(await ending(store.commit(lease, writes))).toBe("none");
    const versions = ["new", "update", "closed", "gone", "any"].map((id) => versionOf(store, id));
    expect(await Promise.all(versions)).toEqual([1, 2, 2, undefined, 1]);
    // Settled: the same words once more are another commit.
    expect(await ending(store.commit(lease, writes))).toBe("conflict");
  });

  it("is known again although its lease was renewed in between", async () => {
    const { store, lease } = await controller({ client: hasty });
    aws.faults.inject(lost);
    expect(await ending(store.commit(lease, [write("a")], { checked: true }))).toBe("unavailable");
    const renewed = await store.leases.renew(lease, 90_000);
    expect(await ending(store.commit(renewed ?? lease, [write("a")], { checked: true }))).toBe(
      "none",
    );
  });

  it("is known again when it only deleted", async () => {
    const { store, lease } = await controller({ client: hasty });
    await store.commit(lease, [write("a"), write("b")]);
    const deletions = ["a", "b"].map((id) => write(id, { expected: 1, value: undefined }));
    aws.faults.inject(lost);
    expect(await ending(store.commit(lease, deletions))).toBe("unavailable");
    expect(await ending(store.commit(lease, deletions))).toBe("none");
    expect(await ending(store.commit(lease, deletions))).toBe("conflict");
  });

  it("is not taken for the same one of somebody else, or with other words", async () => {
    const { store, lease } = await controller({ client: hasty });
    aws.faults.inject(lost);
    expect(await ending(store.commit(lease, [write("a")]))).toBe("unavailable");
    expect(await ending(store.commit(lease, [write("a", { value: "other" })]))).toBe("conflict");
    expect(await ending(stage.store().commit(lease, [write("a")]))).toBe("conflict");
    expect(await ending(store.commit(lease, [write("a")]))).toBe("none");
  });

  it("happens once when it arrives after its own repetition", async () => {
    const { store, lease } = await controller({ client: hasty });
    await store.commit(lease, [write("a")]);
    const update = [write("a", { expected: 1, value: "second" }), write("b")];
    const arrival = late(transactions);
    expect(await ending(store.commit(lease, update))).toBe("unavailable");
    expect(await ending(store.commit(lease, update))).toBe("none");
    await arrival();
    expect([await versionOf(store, "a"), await versionOf(store, "b")]).toEqual([2, 1]);
  });

  it("is not done when it never arrived and the lease is lost by now", async () => {
    const { store, lease } = await controller({ client: hasty });
    aws.faults.inject({ ...transactions, fault: { kind: "reset", side: "before" } });
    expect(await ending(store.commit(lease, [write("a")]))).toBe("unavailable");
    await store.leases.release(lease);
    await take(stage.store(), "two");
    expect(await ending(store.commit(lease, [write("a")]))).toBe("conflict");
    expect(await versionOf(store, "a")).toBe(undefined);
  });

  it("is stored with what it opens when the opening goes first", async () => {
    const { store, lease } = await controller({ client: hasty });
    const full = Array.from({ length: 99 }, (_, index) => write(`full-${index}`));
    aws.faults.inject({ ...lost, action: "PutItem" });
    expect(await ending(store.commit(lease, full))).toBe("unavailable");
    expect(await loadedIds(store, shard)).toEqual([]);
    aws.faults.inject(lost);
    expect(await ending(store.commit(lease, full))).toBe("unavailable");
    expect(await ending(store.commit(lease, full))).toBe("none");
    expect((await loadedIds(store, shard)).length).toBe(99);
  });
});

describe("a lease whose answer was lost", () => {
  const leaseCalls = { service: "dynamodb", action: "UpdateItem" } as const;

  it("is still the owner's, with the same epoch", async () => {
    shards += 1;
    shard = `shard-${shards}`;
    aws.faults.inject({ ...leaseCalls, fault: { kind: "reset", side: "after" } });
    const patient = stage.store();
    expect(await take(patient)).toMatchObject({ owner: "one", epoch: 1 });
    expect(await patient.leases.acquire(shard, "two", 60_000)).toBe(undefined);
  });

  it("is not shortened by a renewal that arrives after a later one", async () => {
    const clock = createVirtualClock(1_790_000_000_000);
    const { store, lease } = await controller({ client: hasty, clock });
    const arrival = late(leaseCalls);
    expect(await ending(store.leases.renew(lease, 60_000))).toBe("unavailable");
    await clock.advance(5_000);
    const renewed = await store.leases.renew(lease, 60_000);
    await arrival();
    await clock.advance(59_000);
    expect(renewed?.expiresAtMs).toBe(1_790_000_065_000);
    expect(await store.leases.acquire(shard, "two", 60_000)).toBe(undefined);
  });

  it("is told as it is when its own later renewal came first", async () => {
    const clock = createVirtualClock(1_790_000_000_000);
    const { store, lease } = await controller({ clock });
    const behind = createVirtualClock(1_789_999_999_000);
    const renewed = await store.leases.renew(lease, 60_000);
    expect(await stage.store({ clock: behind }).leases.renew(lease, 60_000)).toEqual(renewed);
  });

  it("stays given up when a renewal arrives late", async () => {
    const { store, lease } = await controller({ client: hasty });
    const arrival = late(leaseCalls);
    expect(await ending(store.leases.renew(lease, 60_000))).toBe("unavailable");
    await store.leases.release(lease);
    await arrival();
    expect((await take(stage.store(), "two")).epoch).toBe(2);
  });
});

describe("a controller that was paused", () => {
  it("creates nothing after its successor has the lease, checked or not", async () => {
    const { store: older, lease } = await controller();
    await older.leases.release(lease);
    const newer = stage.store();
    await take(newer, "two");
    for (const checked of [true, false]) {
      expect(await ending(older.commit(lease, [write("late")], { checked }))).toBe("conflict");
    }
    expect(await loadedIds(newer, shard)).toEqual([]);
  });

  it("creates nothing by what it sent before and what arrives after", async () => {
    const { store: older, lease } = await controller({ client: hasty });
    const arrival = late(transactions);
    expect(await ending(older.commit(lease, [write("late")]))).toBe("unavailable");
    await older.leases.release(lease);
    const newer = stage.store();
    await take(newer, "two");
    expect(await loadedIds(newer, shard)).toEqual([]);
    await arrival();
    expect(await loadedIds(newer, shard)).toEqual([]);
  });
});

describe("an error", () => {
  it("holds nothing of the records that it is about", async () => {
    const { store, lease } = await controller();
    const secret = { jitConfig: "c2VjcmV0" };
    const assignment = write("m", { table: "assignments", value: secret });
    await store.commit(lease, [assignment], { checked: true });
    const errors = await Promise.all(
      [assignment, { ...assignment, expected: 7 }].map((again) =>
        store.commit(lease, [again], { checked: true }).catch((error: unknown) => error),
      ),
    );
    // One that the table of failures judges, with an item in it.
    const reason = {
      Code: "ConditionalCheckFailed",
      Item: { value: { S: JSON.stringify(secret) } },
    };
    aws.faults.inject({
      ...transactions,
      fault: {
        kind: "error",
        side: "before",
        code: "TransactionCanceledException",
        members: {
          CancellationReasons: [{ Code: "ThrottlingError" }, { ...reason, Code: "None" }],
        },
      },
    });
    errors.push(await store.commit(lease, [write("b")]).catch((error: unknown) => error));
    expect(errors.map((error) => (error as FleetError).kind)).toEqual([
      "conflict",
      "conflict",
      "throttled",
    ]);
    for (const error of errors) {
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret.jitConfig);
    }
  });
});
