import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BatchItem, splitBatches } from "./split-batches.ts";

interface Item extends BatchItem {
  readonly place: number;
}

function items(order: fc.Arbitrary<string | undefined>): fc.Arbitrary<readonly Item[]> {
  const bytes = fc.oneof(
    fc.integer({ min: 1, max: 2_000 }),
    fc.integer({ min: 1, max: 1_048_576 }),
    fc.constant(1_048_576),
    fc.constant(524_288),
  );
  return fc
    .array(fc.record({ bytes, order }), { maxLength: 60 })
    .map((list) => list.map((item, place) => ({ ...item, place })));
}

const unordered = items(fc.constant(undefined));
const few = items(fc.constantFrom("a", "b", "c"));
const mixed = items(fc.option(fc.constantFrom("a", "b", "c", "d", "e", "f"), { nil: undefined }));

const sum = (batch: readonly Item[]) => batch.reduce((bytes, item) => bytes + item.bytes, 0);

describe("the batches of messages", () => {
  it("have every message once", () => {
    fc.assert(
      fc.property(mixed, (list) => {
        const places = splitBatches(list)
          .flat()
          .map(({ place }) => place);
        expect(places.sort((a, b) => a - b)).toEqual(list.map(({ place }) => place));
      }),
    );
  });

  it("have 1 to 10 messages, and at most a mebibyte", () => {
    fc.assert(
      fc.property(mixed, (list) => {
        for (const batch of splitBatches(list)) {
          expect(batch.length).toBeGreaterThanOrEqual(1);
          expect(batch.length).toBeLessThanOrEqual(10);
          expect(sum(batch)).toBeLessThanOrEqual(1_048_576);
        }
      }),
    );
  });

  it("keep messages of one order apart, each in a later batch than the one before it", () => {
    fc.assert(
      fc.property(fc.oneof(few, mixed), (list) => {
        const last = new Map<string, readonly [batch: number, place: number]>();
        for (const [index, batch] of splitBatches(list).entries()) {
          for (const { order, place } of batch) {
            if (order === undefined) continue;
            const [beforeBatch, beforePlace] = last.get(order) ?? [-1, -1];
            expect(index).toBeGreaterThan(beforeBatch);
            expect(place).toBeGreaterThan(beforePlace);
            last.set(order, [index, place]);
          }
        }
      }),
    );
  });

  it("leave messages without an order as they came, in no more batches than needed", () => {
    fc.assert(
      fc.property(unordered, (list) => {
        const batches = splitBatches(list);
        const places = batches.flat().map(({ place }) => place);
        expect(places).toEqual(list.map(({ place }) => place));
        for (const [index, batch] of batches.entries()) {
          const [first] = batches[index + 1] ?? [];
          const hasRoom = batch.length < 10 && sum(batch) + (first?.bytes ?? 0) <= 1_048_576;
          if (first !== undefined) expect(hasRoom).toBe(false);
        }
      }),
    );
  });

  it("fill up with messages of different orders", () => {
    const list = Array.from({ length: 40 }, (_, place) => ({
      bytes: 100,
      order: `order-${place % 10}`,
      place,
    }));
    expect(splitBatches(list).map(({ length }) => length)).toEqual([10, 10, 10, 10]);
  });
});
