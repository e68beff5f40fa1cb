import fc from "fast-check";
import { expect, it } from "vitest";
import { suggest } from "./suggest.ts";

/** The plain way: letters to insert, delete, replace or swap with their neighbour, from every beginning to every other. */
function distance(from: string, to: string): number {
  const table = Array.from({ length: from.length + 1 }, (_, row) =>
    Array.from({ length: to.length + 1 }, (_, column) => (row === 0 ? column : row)),
  );
  const at = (row: number, column: number): number => table[row]?.[column] ?? Number.NaN;
  for (let row = 1; row <= from.length; row++) {
    for (let column = 1; column <= to.length; column++) {
      const [letter, other] = [from[row - 1], to[column - 1]];
      const ways = [at(row - 1, column) + 1, at(row, column - 1) + 1];
      ways.push(at(row - 1, column - 1) + Number(letter !== other));
      if (row > 1 && column > 1 && letter === to[column - 2] && from[row - 2] === other)
        ways.push(at(row - 2, column - 2) + 1);
      (table[row] ?? [])[column] = Math.min(...ways);
    }
  }
  return at(from.length, to.length);
}

function plain(word: string, known: readonly string[]): string | undefined {
  const all = known
    .map((one) => ({ one, steps: distance(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ steps }) => steps <= Math.max(1, Math.floor(word.length / 3)));
  return all.sort((left, right) => left.steps - right.steps)[0]?.one;
}

const letters = fc.constantFrom("a", "b", "A", "c", "-");
const short = fc.string({ unit: letters, maxLength: 12 });
const numbered = fc
  .tuple(fc.constantFrom("shape-", "pool-", "pools", ""), fc.integer({ min: 0, max: 2_000 }))
  .map(([start, count]) => `${start}${count}`);
const word = fc.oneof(short, numbered);

it("is the word that the plain way finds, of equally near ones the first", () => {
  let found = 0;
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 30 }),
      fc.array(word, { minLength: 1 }),
      (known, all) => {
        for (const one of all) {
          const meant = suggest(one, known);
          expect(meant).toBe(plain(one, known));
          found += Number(meant !== undefined);
        }
      },
    ),
    { numRuns: 2_000 },
  );
  expect(found).toBeGreaterThan(1_000);
});

it.each([
  ["scheduel", ["schedule", "shape"], "schedule"],
  ["hto", ["hot"], "hot"],
  ["RUNNER", ["runner"], "runner"],
  ["zzz", ["runner"], undefined],
  ["a".repeat(300), ["a".repeat(290), "b"], undefined],
  ["x", [], undefined],
])("answers %j", (one, known, meant) => {
  expect(suggest(one, known)).toBe(meant);
});

it("compares five hundred words with ten thousand names like them in some seconds, not in a minute", () => {
  const known = Array.from({ length: 10_000 }, (_, index) => `a-shape-of-ours-${index}`);
  const started = performance.now();
  for (let index = 0; index < 500; index++) suggest(`a-shaep-of-ours-${index}x`, known);
  expect(performance.now() - started).toBeLessThan(5_000);
});
