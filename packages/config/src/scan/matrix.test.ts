import { describe, expect, it } from "vitest";
import { ExpressionFailure, type SettledValue, toValue, type Value } from "./expressions/value.ts";
import { expandMatrix } from "./matrix.ts";

function plain(value: Value): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value.kind === "list") return value.items.map(plain);
  if (value.kind === "object") {
    return Object.fromEntries(
      [...value.entries.values()].map((each) => [each.name, plain(each.value)]),
    );
  }
  return value.kind === "unknown" ? `?${value.source}` : value.key;
}

function expand(matrix: SettledValue): unknown {
  try {
    const expansion = expandMatrix(matrix);
    return expansion.kind === "unknown" ? plain(expansion) : expansion.combinations.map(plain);
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error;
    return error.message;
  }
}

const of = (data: unknown): unknown => expand(toValue(data));

describe("a matrix", () => {
  it("is the product of its rows", () => {
    expect(of({ os: ["a", "b"], cpu: [1, 2] })).toEqual([
      { os: "a", cpu: 1 },
      { os: "a", cpu: 2 },
      { os: "b", cpu: 1 },
      { os: "b", cpu: 2 },
    ]);
  });

  it("does without what is excluded, in part or as a whole, and compares as == does", () => {
    expect(of({ os: ["a", "b"], cpu: [1, 2], exclude: [{ os: "A", cpu: "2" }] })).toEqual([
      { os: "a", cpu: 1 },
      { os: "b", cpu: 1 },
      { os: "b", cpu: 2 },
    ]);
    expect(of({ os: ["a", "b"], cpu: [1, 2], exclude: [{ os: "a" }] })).toEqual([
      { os: "b", cpu: 1 },
      { os: "b", cpu: 2 },
    ]);
    expect(
      of({
        on: [
          { os: "a", v: 1 },
          { os: "b", v: 1 },
        ],
        exclude: [{ on: { os: "a" } }],
      }),
    ).toEqual([{ on: { os: "b", v: 1 } }]);
  });

  it("gets what is included where it overwrites no row, and else combinations of their own", () => {
    // The example of GitHub's documentation: what was added may be overwritten, what stood in a row may not.
    expect(
      of({
        fruit: ["apple", "pear"],
        animal: ["cat", "dog"],
        include: [
          { color: "green" },
          { color: "pink", animal: "cat" },
          { fruit: "apple", shape: "circle" },
          { fruit: "banana" },
          { fruit: "banana", animal: "cat" },
        ],
      }),
    ).toEqual([
      { fruit: "apple", animal: "cat", color: "pink", shape: "circle" },
      { fruit: "apple", animal: "dog", color: "green", shape: "circle" },
      { fruit: "pear", animal: "cat", color: "pink" },
      { fruit: "pear", animal: "dog", color: "green" },
      { fruit: "banana" },
      { fruit: "banana", animal: "cat" },
    ]);
  });

  it("is what is included alone when it has no rows, and brings back what was excluded", () => {
    expect(of({ include: [{ os: "a" }, { os: "b" }] })).toEqual([{ os: "a" }, { os: "b" }]);
    expect(of({ os: ["a"], exclude: [{ os: "a" }], include: [{ os: "a", cpu: 1 }] })).toEqual([
      { os: "a", cpu: 1 },
    ]);
  });

  it("is refused where GitHub refuses it", () => {
    expect(of([])).toBe("a matrix is a mapping of lists");
    expect(of({ os: "a" })).toBe("the row os of the matrix is no list");
    expect(of({ os: [] })).toBe("the row os of the matrix has no values");
    expect(of({ os: ["a"], exclude: [{ cpu: 1 }] })).toBe(
      "exclude names cpu, which is no row of the matrix",
    );
    expect(of({ os: ["a"], include: [{}] })).toMatch(/no mapping, or empty/);
    const numbers = Array.from({ length: 17 }, (_, index) => index);
    expect(of({ a: numbers, b: numbers })).toBe(
      "the matrix makes 289 jobs; GitHub starts at most 256",
    );
    expect(of({ a: numbers, b: numbers, c: numbers })).toMatch(/more than 4096 jobs/);
    expect(of({ a: numbers, b: numbers, exclude: [{ a: 0 }, { a: 1 }] })).toHaveLength(255);
  });

  it("is not known where its rows, or what is included, are not", () => {
    const unknown = { kind: "unknown", source: "needs.x.outputs.y" } as const;
    const withRow = (row: Value, rest: object = {}): SettledValue => {
      const matrix = toValue({ os: null, cpu: [1, 2], ...rest });
      if (typeof matrix !== "object" || matrix?.kind !== "object") throw new TypeError();
      return {
        ...matrix,
        entries: new Map([...matrix.entries, ["os", { name: "os", value: row }]]),
      };
    };
    expect(expand(unknown)).toBe("?needs.x.outputs.y");
    expect(expand(withRow(unknown))).toEqual([
      { os: "?needs.x.outputs.y", cpu: 1 },
      { os: "?needs.x.outputs.y", cpu: 2 },
    ]);
    // It may be left out, or not; it may get what is added, or that makes a job of its own.
    expect(
      expand(withRow(unknown, { exclude: [{ os: "a", cpu: 1 }], include: [{ os: "b", disk: 9 }] })),
    ).toEqual([
      { os: "?needs.x.outputs.y", cpu: 1, disk: "?needs.x.outputs.y" },
      { os: "?needs.x.outputs.y", cpu: 2, disk: "?needs.x.outputs.y" },
      { os: "b", disk: 9 },
    ]);
  });
});
