import type { TableName } from "@runs-fleet/core";
import { tableNames } from "@runs-fleet/core/embedded/rules";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openingItem, openingsFrom, openingsKeptMs, readOpening } from "./opening-item.ts";

const record = fc.record({
  table: fc.constantFrom<TableName[]>(...tableNames),
  id: fc.string({ minLength: 1, maxLength: 40, unit: "binary" }),
});
const opening = fc.record({
  atMs: fc.nat({ max: 2 ** 52 }),
  records: fc.array(record, { minLength: 1, maxLength: 99 }),
});

describe("an opening", () => {
  it("is read as what was written", () => {
    fc.assert(
      fc.property(opening, (given) => {
        const item = openingItem("ci/us-east-1", given, "c-1", "host");
        expect(readOpening(item, "ci/us-east-1")).toEqual(given);
      }),
    );
  });

  it("is found from its own instant on, and not after it", () => {
    fc.assert(
      fc.property(
        opening,
        fc.integer({ min: -10, max: 2 ** 52 }),
        fc.uuid(),
        (given, sinceMs, id) => {
          const { at } = openingItem("s", given, id, "host");
          expect(at.S >= openingsFrom(sinceMs)).toBe(given.atMs >= sinceMs);
        },
      ),
    );
  });

  it("is kept for a day", () => {
    const { ttlSeconds } = openingItem("s", { atMs: 1_500, records: [] }, "c-1", "host");
    expect(ttlSeconds.N).toBe(String(2 + openingsKeptMs / 1_000));
  });

  it("leaves out records of a kind that a later version has", () => {
    const item = openingItem("s", { atMs: 1, records: [{ table: "jobs", id: "a/b" }] }, "c", "h");
    const later = {
      ...item,
      records: { L: [{ S: "quotas/x" }, ...item.records.L, { S: "jobs" }] },
    };
    expect(readOpening(later, "s").records).toEqual([{ table: "jobs", id: "a/b" }]);
  });
});
