import type { Lease, Write } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import { changeOf } from "./change.ts";
import { planCommit } from "./plan-commit.ts";
import { createRecordKeys } from "./record-keys.ts";

const lease: Lease = { shard: "ci/us-east-1", owner: "one", epoch: 7, expiresAtMs: 9_000 };

function write(id: string, rest: Partial<Write> = {}): Write {
  const { shard } = lease;
  return { table: "jobs", id, shard, open: true, expected: "absent", value: { id }, ...rest };
}

function plan(writes: readonly Write[], checked = false) {
  return planCommit({
    changes: writes.map(changeOf),
    lease,
    checked,
    nowMs: 1_000,
    stamp: { commit: "c-1", writer: "host" },
    tablePrefix: "t-",
    keys: createRecordKeys("t-", ""),
  });
}

const many = (length: number, rest: Partial<Write> = {}) =>
  Array.from({ length }, (_, index) => write(`job-${index}`, rest));

describe("the plan of a commit", () => {
  it("has the writes in their order, what they open, and the check of the lease last", () => {
    const { items, opening } = plan([write("a"), write("b", { expected: 3, value: undefined })]);
    expect(opening).toBe(undefined);
    expect(items).toMatchObject([
      { Put: { TableName: "t-jobs", Item: { id: { S: "a" }, version: { N: "1" } } } },
      { Delete: { TableName: "t-jobs", Key: { id: { S: "b" } } } },
      { Put: { TableName: "t-openings", Item: { records: { L: [{ S: "jobs/a" }] } } } },
      { ConditionCheck: { TableName: "t-leases", Key: { shard: { S: lease.shard } } } },
    ]);
  });

  it("notes no opening where nothing is opened", () => {
    const writes = [
      write("closed", { open: false }),
      write("still open", { expected: 4 }),
      write("closing", { expected: 4, open: false }),
      write("deleted", { expected: "any", value: undefined }),
    ];
    expect(plan(writes).items.length).toBe(5);
  });

  it("stores the opening first when the transaction is full", () => {
    expect(plan(many(98)).items.length).toBe(100);
    const { items, opening } = plan(many(99));
    expect(items.length).toBe(100);
    expect(items.at(-1)).toHaveProperty("ConditionCheck");
    expect(opening?.table).toBe("t-openings");
    expect(opening?.item["records"]?.L?.length).toBe(99);
    expect(plan(many(99, { expected: 2 }))).not.toHaveProperty("opening");
  });

  it("asks for the newest epoch always, and for a lease that has not expired when checked", () => {
    const checkOf = (checked: boolean) => plan([write("a")], checked).items.at(-1)?.ConditionCheck;
    expect(checkOf(false)).toMatchObject({
      ConditionExpression: "#owner = :v0 AND #epoch = :v1",
      ExpressionAttributeValues: { ":v0": { S: "one" }, ":v1": { N: "7" } },
    });
    expect(checkOf(true)).toMatchObject({
      ConditionExpression: "(#owner = :v0 AND #epoch = :v1) AND #expiresAtMs > :v2",
      ExpressionAttributeValues: { ":v2": { N: "1000" } },
    });
  });

  it("asks of each record what its write expects", () => {
    const gone = "attribute_not_exists(#id) OR #expiresAtMs <= :v0";
    const conditionOf = (rest: Partial<Write>) => {
      const [item] = plan([write("a", rest)]).items;
      return (item?.Put ?? item?.Delete)?.ConditionExpression;
    };
    const alive = "(attribute_not_exists(#expiresAtMs) OR #expiresAtMs > :v3)";
    const exact = `#version = :v0 AND #shard = :v1 AND #epoch <= :v2 AND ${alive}`;
    expect(conditionOf({ expected: "absent" })).toBe(gone);
    expect(conditionOf({ expected: "any" })).toBe(gone);
    expect(conditionOf({ expected: 2, open: false })).toBe(exact);
    expect(conditionOf({ expected: 2, value: undefined })).toBe(exact);
    // What is opened anew has to be noted, so it is not taken for granted that the record is open.
    expect(conditionOf({ expected: 2 })).toBe(`${exact} AND attribute_exists(#openShard)`);
    expect(conditionOf({ expected: "any", value: undefined })).toBe(
      "(attribute_not_exists(#id) OR #expiresAtMs <= :v0) OR (#shard = :v1 AND #epoch <= :v2)",
    );
  });

  it("asks for the item whenever a condition does not hold", () => {
    for (const { Put, Delete, ConditionCheck } of plan([write("a"), write("b")]).items) {
      if (Put?.TableName === "t-openings") continue;
      const item = Put ?? Delete ?? ConditionCheck;
      expect(item?.ReturnValuesOnConditionCheckFailure).toBe("ALL_OLD");
    }
  });

  it("refuses more than DynamoDB takes at once, and says how much it is", () => {
    const value = "x".repeat(399_000);
    expect(plan(many(10, { value })).items.length).toBe(12);
    expect(() => plan(many(11, { value }))).toThrow(
      /^A commit of 11 records has 439\d{4} bytes, DynamoDB takes 4194304$/u,
    );
  });
});
