import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { createDynamodbStore, type DynamodbStoreOptions } from "./store.ts";

/** Nothing here may reach DynamoDB. */
const client = {
  send: () => Promise.reject(new Error("A call was sent")),
} as unknown as DynamoDBClient;
const options: DynamodbStoreOptions = { client, tablePrefix: "t-", owner: "host" };
const lease = { shard: "s", owner: "one", epoch: 1, expiresAtMs: 5 };

describe("the store in DynamoDB", () => {
  it.each([
    [{ client: {} as DynamoDBClient }, TypeError],
    [{ client: undefined as unknown as DynamoDBClient }, TypeError],
    [{ tablePrefix: "" }, TypeError],
    [{ tablePrefix: "a/b" }, TypeError],
    [{ owner: "" }, RangeError],
    [{ owner: 7 as unknown as string }, TypeError],
    [{ assignmentKeyPrefix: "x".repeat(513) }, TypeError],
    [{ holdMs: -1 }, RangeError],
    [{ holdMs: 15_001 }, RangeError],
    [{ holdMs: Number.NaN }, RangeError],
  ])("refuses options that cannot work: %j", (wrong, expected) => {
    expect(() => createDynamodbStore({ ...options, ...wrong })).toThrow(expected);
  });

  it("asks its controller to let changes wait, because each transaction is paid for", () => {
    expect(createDynamodbStore(options).holdMs).toBe(10_000);
    expect(createDynamodbStore({ ...options, holdMs: 0 }).holdMs).toBe(0);
  });

  it("refuses keys that DynamoDB would not keep as they are", async () => {
    const store = createDynamodbStore(options);
    const half = "\uD83D";
    const write = { table: "jobs", id: half, shard: "s", open: true, expected: "any" } as const;
    await expect(store.get("jobs", half)).rejects.toThrow(RangeError);
    await expect(store.commit(lease, [{ ...write, value: null }])).rejects.toThrow(RangeError);
    await expect(store.leases.acquire("s", half, 1)).rejects.toThrow(RangeError);
    await expect(store.deliveries.mark(half)).rejects.toThrow(RangeError);
    await expect(store.load(half)[Symbol.asyncIterator]().next()).rejects.toThrow(RangeError);
  });
});
