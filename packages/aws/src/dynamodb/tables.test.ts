import { describe, expect, it } from "vitest";
import { dynamodbTables } from "./tables.ts";

const tables = dynamodbTables("runs-fleet-ci-");

describe("the tables", () => {
  it("are one for each kind of record, and three for what the store keeps beside them", () => {
    expect(tables.map(({ name }) => name)).toEqual(
      [
        ...["jobs", "attempts", "machines", "pools", "configurations", "assignments", "decisions"],
        ...["leases", "openings", "deliveries"],
      ].map((kind) => `runs-fleet-ci-${kind}`),
    );
  });

  it("have the sparse index on the shard where records are", () => {
    const indexed = tables.filter(({ index }) => index !== undefined);
    expect(indexed.map(({ kind }) => kind)).toEqual(tables.slice(0, 7).map(({ kind }) => kind));
    for (const { key, index } of indexed) {
      expect(key).toEqual({ partition: "id" });
      expect(index).toEqual({ name: "open", key: { partition: "openShard" } });
    }
  });

  it("are cleared away by the time to live, except for leases, whose epochs must only grow", () => {
    const kept = tables.filter(({ ttlAttribute }) => ttlAttribute === undefined);
    expect(kept.map(({ kind }) => kind)).toEqual(["leases"]);
    expect(new Set(tables.map(({ ttlAttribute }) => ttlAttribute))).toEqual(
      new Set(["ttlSeconds", undefined]),
    );
  });

  it("can be restored, except for assignments, which hold credentials", () => {
    const unrestorable = tables.filter(({ pointInTimeRecovery }) => !pointInTimeRecovery);
    expect(unrestorable.map(({ kind }) => kind)).toEqual(["assignments"]);
  });

  it("have names that DynamoDB takes", () => {
    expect(dynamodbTables("x".repeat(241)).every(({ name }) => name.length <= 255)).toBe(true);
    for (const prefix of ["", "x".repeat(242), "a b", "a/b", "ä", 7, undefined]) {
      expect(() => dynamodbTables(prefix as string)).toThrow(TypeError);
    }
  });
});
