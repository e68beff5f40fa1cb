import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExpressionFailure, toValue, type Value } from "./expressions/value.ts";
import { expandMatrix } from "./matrix.ts";

type Row = Readonly<Record<string, string | number>>;
interface Plain {
  readonly rows: Readonly<Record<string, readonly (string | number)[]>>;
  readonly include: readonly Row[];
  readonly exclude: readonly Row[];
}

const same = (one: unknown, other: unknown): boolean =>
  String(one).toLowerCase() === String(other).toLowerCase();

/**
 * The rules as GitHub's documentation writes them down, read sentence by sentence and without thought for speed: the jobs of a
 * matrix as texts, each a list of `key=value`.
 */
function reading({ rows, include, exclude }: Plain): readonly string[] {
  const names = Object.keys(rows);
  const sizes = names.map((name) => rows[name]?.length ?? 0);
  const product = names.length === 0 ? 0 : sizes.reduce((one, other) => one * other, 1);
  const jobs: { original: Row; added: Record<string, string | number> }[] = [];
  for (let number = 0; number < product; number += 1) {
    let rest = number;
    const original: Record<string, string | number> = {};
    for (const name of names.toReversed()) {
      const items = rows[name] ?? [];
      original[name] = items[rest % items.length] ?? "";
      rest = Math.floor(rest / items.length);
    }
    // "An excluded configuration only has to be a partial match for it to be excluded."
    const isExcluded = exclude.some((entry) =>
      Object.entries(entry).every(([key, value]) => same(original[key], value)),
    );
    if (!isExcluded) jobs.push({ original, added: {} });
  }
  const own: Row[] = [];
  // "All include combinations are processed after exclude."
  for (const entry of include) {
    // "... will be added to each of the matrix combinations if none of the key:value pairs overwrite any of the original values."
    const targets = jobs.filter(({ original }) =>
      Object.entries(entry).every(
        ([key, value]) => !(key in original) || same(original[key], value),
      ),
    );
    for (const { original, added } of targets) {
      for (const [key, value] of Object.entries(entry)) if (!(key in original)) added[key] = value;
    }
    // "If the object cannot be added to any of the matrix combinations, a new matrix combination will be created instead."
    if (targets.length === 0) own.push(entry);
  }
  return [...jobs.map(({ original, added }) => ({ ...added, ...original })), ...own]
    .map(asText)
    .sort();
}

function asText(job: object): string {
  return Object.entries(job)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(" ");
}

const value = fc.constantFrom<string | number>("a", "b", "A", "c", 1, 2);
const rowName = fc.constantFrom("os", "cpu", "arch");
const matrix = fc
  .record({
    rows: fc.dictionary(
      rowName,
      fc.uniqueArray(fc.constantFrom<string | number>("a", "b", "c", 1, 2), {
        minLength: 1,
        maxLength: 4,
      }),
      {
        maxKeys: 3,
        noNullPrototype: true,
      },
    ),
    include: fc.array(
      fc.dictionary(fc.constantFrom("os", "cpu", "arch", "disk", "spot"), value, {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      }),
      { maxLength: 5 },
    ),
    exclude: fc.array(
      fc.dictionary(rowName, value, { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
      { maxLength: 4 },
    ),
  })
  .map(
    ({ rows, include, exclude }): Plain => ({
      rows,
      include,
      // An exclude that names no row is refused; that is another test's matter.
      exclude: exclude.filter((entry) => Object.keys(entry).every((key) => key in rows)),
    }),
  );

describe("a matrix", () => {
  it("makes the jobs that a direct reading of GitHub's rules makes", () => {
    let withInclude = 0;
    fc.assert(
      fc.property(matrix, ({ rows, include, exclude }) => {
        const expansion = expandMatrix(toValue({ ...rows, include, exclude }));
        if (expansion.kind === "unknown") throw new Error("everything is known here");
        const jobs = expansion.combinations.map(({ entries }) =>
          asText(
            Object.fromEntries([...entries.values()].map((entry) => [entry.name, entry.value])),
          ),
        );
        if (include.length > 0 && jobs.length > include.length) withInclude += 1;
        expect([...jobs].sort()).toEqual(reading({ rows, include, exclude }));
      }),
      { numRuns: 3_000 },
    );
    expect(withInclude).toBeGreaterThan(100);
  });

  it("loses no job where something is not known: with any value for it, its jobs are among those that were found", () => {
    fc.assert(
      fc.property(matrix, fc.constantFrom("a", "b", "c"), ({ rows, include, exclude }, actual) => {
        const [first] = Object.keys(rows);
        if (first === undefined) return;
        const jobsWith = (row: Value): readonly (readonly (readonly [string, Value])[])[] => {
          const whole = toValue({ ...rows, include, exclude });
          if (typeof whole !== "object" || whole?.kind !== "object") throw new TypeError();
          const entries = new Map(whole.entries).set(first, { name: first, value: row });
          const expansion = expandMatrix({ ...whole, entries });
          if (expansion.kind === "unknown") throw new Error("its rows are known");
          return expansion.combinations.map((each) =>
            [...each.entries.values()].map((entry): [string, Value] => [entry.name, entry.value]),
          );
        };
        const known = jobsWith({ kind: "list", items: [actual] });
        const found = jobsWith({ kind: "unknown", source: "?" }).map((job) => new Map(job));
        for (const job of known) {
          const isFound = found.some((candidate) =>
            job.every(([name, each]) => {
              const other = candidate.get(name);
              return (typeof other === "object" && other !== null) || other === each;
            }),
          );
          expect(isFound, JSON.stringify(job)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("never throws anything but what is wrong with it", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.jsonValue(),
        fc.jsonValue(),
        (rows, include, exclude) => {
          const whole =
            typeof rows === "object" && rows !== null ? { ...rows, include, exclude } : rows;
          try {
            const expansion = expandMatrix(toValue(whole));
            if (expansion.kind === "combinations")
              expect(expansion.combinations.length).toBeLessThanOrEqual(256);
          } catch (error) {
            expect(error).toBeInstanceOf(ExpressionFailure);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
