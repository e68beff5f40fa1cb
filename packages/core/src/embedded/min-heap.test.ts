import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMinHeap } from "./min-heap.ts";

describe("the heap", () => {
  it("gives out the smallest item, whatever was put in and taken out before", () => {
    const step = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constant("pop" as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = createMinHeap<number>((left, right) => left < right);
        const model: number[] = [];
        for (const item of steps) {
          if (item === "pop") {
            model.sort((left, right) => left - right);
            expect(heap.peek()).toBe(model[0]);
            expect(heap.pop()).toBe(model.shift());
          } else {
            heap.push(item);
            model.push(item);
          }
          expect(heap.size()).toBe(model.length);
        }
      }),
    );
  });
});
