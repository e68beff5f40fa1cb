import fc from "fast-check";
import { expect, it } from "vitest";
import { nearest } from "./suggest.ts";

/** The plain way: edits from every beginning to every other. */
function edits(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)),
  );
  const at = (i: number, j: number): number => table[i]?.[j] ?? Number.NaN;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const ways = [
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + Number(a[i - 1] !== b[j - 1]),
      ];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        ways.push(at(i - 2, j - 2) + 1);
      (table[i] ?? [])[j] = Math.min(...ways);
    }
  }
  return at(a.length, b.length);
}

function plain(word: string, candidates: readonly string[]): string | undefined {
  if (word === "") return undefined;
  const limit = word.length <= 4 ? 1 : 2;
  const near = candidates
    .map((candidate) => ({ candidate, steps: edits(word, candidate) }))
    .filter(({ candidate, steps }) => steps <= limit && steps < candidate.length)
    .sort((left, right) => left.steps - right.steps)[0];
  const longer = candidates.filter((candidate) => candidate.startsWith(word));
  return near?.candidate ?? (word.length >= 3 && longer.length === 1 ? longer[0] : undefined);
}

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 9 }),
  fc.integer({ min: 0, max: 999 }).map((count) => `pool-${count}`),
);

it("finds what counting every edit finds", () => {
  let found = 0;
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 12 }), (one, candidates) => {
      const meant = nearest(one, candidates);
      expect(meant).toBe(plain(one, candidates));
      found += Number(meant !== undefined);
    }),
    { numRuns: 5_000 },
  );
  expect(found).toBeGreaterThan(1_000);
});
