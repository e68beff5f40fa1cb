import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyJson } from "./copy-json.ts";

const plenty = 1_000_000;

function isDeepFrozen(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeepFrozen);
}

describe("the copy of a JSON value", () => {
  it("equals what JSON would make of it, and is frozen throughout", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const copy = copyJson(value, plenty);
        expect(copy).toEqual(JSON.parse(JSON.stringify(value)));
        expect(isDeepFrozen(copy)).toBe(true);
      }),
    );
  });

  it("keeps a member called __proto__ a member", () => {
    const copy = copyJson(JSON.parse('{"__proto__":{"admin":true}}'), plenty);
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"admin":true}}');
    expect((copy as { admin?: boolean }).admin).toBe(undefined);
  });

  it("takes exactly as many bytes as it is allowed", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bytes = Buffer.byteLength(JSON.stringify(value));
        expect(() => copyJson(value, bytes)).not.toThrow();
        expect(() => copyJson(value, bytes - 1)).toThrow(RangeError);
      }),
    );
  });

  it("refuses what is no JSON, wherever it is", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const sparse: unknown[] = [1];
    sparse[2] = 3;
    const wrong = [
      undefined,
      { a: undefined },
      [undefined],
      sparse,
      Number.NaN,
      -Infinity,
      1n,
      Symbol("x"),
      () => undefined,
      new Date(0),
      new Map(),
      cycle,
    ];
    for (const value of wrong) expect(() => copyJson(value, plenty)).toThrow(TypeError);
  });
});
