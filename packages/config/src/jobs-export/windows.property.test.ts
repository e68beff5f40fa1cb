import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advanced, beginScan, isSmallest, isWhole, narrowed, nextWindow } from "./windows.ts";

const spanMs = 30 * 86_400_000;

/** Reads all windows of a list of instants; answers what each showed, and the number of questions. */
function readAll(instants: readonly number[], toMs: number, pageSize: number) {
  let scan = beginScan(0, toMs);
  const shown = new Set<number>();
  let questions = 0;
  for (;;) {
    const window = nextWindow(scan, toMs);
    if (window === undefined) return { shown, questions };
    questions += 1;
    const found = [...instants.keys()].filter((index) => {
      const atMs = instants[index] ?? 0;
      return atMs >= window.fromMs && atMs <= window.toMs;
    });
    const items = found.slice(0, pageSize).map((index) => ({
      ...{ id: String(index), attempt: 1, finished: true },
    }));
    const page = { items, total: found.length, more: found.length > pageSize };
    if (isWhole(page) || isSmallest(window)) {
      for (const index of found) shown.add(index);
      scan = advanced(window, found.length, pageSize);
    } else {
      scan = narrowed(window, found.length, pageSize);
    }
  }
}

describe("windows over the list of runs", () => {
  it("show every instant, whole seconds or not, at any page size", () => {
    const instants = fc.array(
      fc.oneof(fc.integer({ min: 0, max: spanMs }), fc.integer({ min: 5_000, max: 7_000 })),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(instants, fc.integer({ min: 2, max: 100 }), (all, pageSize) => {
        expect(readAll(all, spanMs, pageSize).shown.size).toBe(all.length);
      }),
      { numRuns: 60 },
    );
  });

  it("grow again after a crowd, at any page size", () => {
    const crowd = [5_000, 5_100, 5_200, 5_300];
    for (const pageSize of [2, 3, 10, 100]) {
      expect(readAll(crowd, spanMs, pageSize).questions).toBeLessThan(80);
    }
  });

  it("ask once for a quiet month, and some two to four times per full page for a busy one", () => {
    expect(readAll([], spanMs, 100).questions).toBe(1);
    expect(readAll([1, 2, 3], spanMs, 100).questions).toBe(1);
    const even = Array.from({ length: 6_000 }, (_, index) => (index * spanMs) / 6_000);
    expect(readAll(even, spanMs, 100).questions).toBeLessThan(140);
    // Office hours: all within 9 of 24 hours.
    const office = even.map((atMs) => {
      const day = Math.floor(atMs / 86_400_000);
      return day * 86_400_000 + ((atMs - day * 86_400_000) * 9) / 24;
    });
    expect(readAll(office, spanMs, 100).questions).toBeLessThan(300);
  });
});
