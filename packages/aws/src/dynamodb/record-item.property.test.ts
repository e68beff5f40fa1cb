import { FleetError, type Json, type TableName } from "@runs-fleet/core";
import { tableNames } from "@runs-fleet/core/embedded/rules";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Item } from "./attribute.ts";
import { itemBytes } from "./item-bytes.ts";
import { isLive, type RecordDraft, readRecord, readRecordHead, recordItem } from "./record-item.ts";
import { createRecordKeys } from "./record-keys.ts";

const arn = "arn:aws:ec2:us-east-1:123456789012:instance/";
const keys = createRecordKeys("fleet-", arn);
const stamp = { commit: "c-1", writer: "host-1" };

const name = fc.string({ minLength: 1, maxLength: 512, unit: "binary" });
const record = fc.record(
  {
    table: fc.constantFrom<TableName[]>(...tableNames),
    id: name,
    shard: name,
    open: fc.boolean(),
    version: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    value: fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>,
    expiresAtMs: fc.maxSafeNat(),
  },
  { requiredKeys: ["table", "id", "shard", "open", "version", "value"] },
);
const epoch = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

function itemOf({ value, ...rest }: Omit<RecordDraft, "json"> & { value: Json }, under = 1): Item {
  return recordItem({ ...rest, json: JSON.stringify(value) }, under, stamp, keys);
}

function failure(read: () => unknown): FleetError {
  try {
    read();
  } catch (error) {
    if (FleetError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("It can be read");
}

const job = { table: "jobs", id: "j", shard: "s", open: true, version: 1, value: null } as const;

describe("the item of a record", () => {
  it("is read as what was written", () => {
    fc.assert(
      fc.property(record, epoch, (given, under) => {
        const item = itemOf(given, under);
        const read = readRecord(given.table, item, keys);
        // As JSON has it: without negative zeros.
        expect(read).toEqual({ ...given, value: JSON.parse(JSON.stringify(given.value)) });
        expect(readRecordHead(item, "it")).toMatchObject({ epoch: under, ...stamp });
      }),
    );
  });

  it("is in the index on the shard while it is open, and only then", () => {
    fc.assert(
      fc.property(record, (given) => {
        expect(itemOf(given)["openShard"]).toEqual(given.open ? { S: given.shard } : undefined);
      }),
    );
  });

  it("has string keys that are not empty, of at most 2,048 bytes", () => {
    fc.assert(
      fc.property(record, (given) => {
        const item = itemOf(given);
        for (const key of [item["id"], item["shard"], item["openShard"] ?? item["shard"]]) {
          const bytes = Buffer.byteLength(key?.S ?? "");
          expect(bytes).toBeGreaterThan(0);
          expect(bytes).toBeLessThanOrEqual(2_048);
        }
      }),
    );
  });

  it("is cleared away after it has expired, and within a second of it", () => {
    fc.assert(
      fc.property(record, (given) => {
        const clearedMs = Number(itemOf(given)["ttlSeconds"]?.N ?? Number.NaN) * 1_000;
        if (given.expiresAtMs === undefined) {
          expect(clearedMs).toBeNaN();
          return;
        }
        expect(clearedMs).toBeGreaterThanOrEqual(given.expiresAtMs);
        expect(clearedMs).toBeLessThan(given.expiresAtMs + 1_000);
        expect(isLive(given, given.expiresAtMs)).toBe(false);
        expect(isLive(given, given.expiresAtMs - 1)).toBe(true);
      }),
    );
  });

  it("fits into DynamoDB's 400 KiB with the largest value and the longest names", () => {
    const id = "測".repeat(512);
    const value = "x".repeat(400_000 - 2);
    const draft = { table: "jobs", id, shard: id, open: true, version: 2 ** 53 - 1 } as const;
    const item = itemOf({ ...draft, value, expiresAtMs: 2 ** 53 - 1 }, 2 ** 53 - 1);
    expect(itemBytes({ ...item, writer: { S: id } })).toBeLessThan(409_600);
  });

  it("may have attributes that a later version added", () => {
    fc.assert(
      fc.property(record, (given) => {
        const later = {
          ...itemOf(given),
          format: { N: "2" },
          region: { S: "eu" },
          more: { L: [] },
        };
        expect(readRecord(given.table, later, keys)).toEqual(
          readRecord(given.table, itemOf(given), keys),
        );
      }),
    );
  });

  it("may be from before layouts had numbers", () => {
    const { format, commit, writer, ...early } = itemOf(job);
    expect(readRecord("jobs", early, keys)).toEqual(job);
  });

  it("is refused when its layout is two versions ahead", () => {
    const item = { ...itemOf(job), format: { N: "3" } };
    expect(failure(() => readRecord("jobs", item, keys))).toMatchObject({
      kind: "config",
      message: "Record jobs/j has layout 3, this version reads up to 2: update the host",
    });
  });

  it("is damaged, not absent, when an attribute is missing or of another type", () => {
    for (const attribute of ["shard", "version", "epoch", "value"]) {
      for (const wrong of [undefined, { BOOL: true }, { N: "1.5" }, { N: "none" }]) {
        const { [attribute]: _, ...rest } = itemOf(job);
        const item = wrong === undefined ? rest : { ...rest, [attribute]: wrong };
        expect(failure(() => readRecord("jobs", item as Item, keys))).toMatchObject({
          kind: "unknown",
          details: { attribute },
        });
      }
    }
  });

  it("keeps its value out of the error when that is damaged", () => {
    const item = { ...itemOf(job), value: { S: '{"jitConfig":"top secret"' } };
    const error = failure(() => readRecord("jobs", item, keys));
    expect(error.message).toBe("Record jobs/j cannot be read: its attribute value is no JSON");
    expect(JSON.stringify([error.cause, error.details])).not.toContain("secret");
  });
});

describe("the key of an assignment", () => {
  it("is the name under which its machine may read it", () => {
    expect(keys.keyOf("assignments", "i-1")).toBe(`${arn}i-1`);
    expect(keys.keyOf("machines", "i-1")).toBe("i-1");
  });

  it("is refused when it was made under another configuration", () => {
    const item = itemOf({ ...job, table: "assignments" });
    const other = createRecordKeys("fleet-", "arn:aws:ec2:eu-west-1:");
    expect(failure(() => readRecord("assignments", item, other)).kind).toBe("config");
  });
});
