import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isArmName, isFamilyName, isMetalName, namesFamily, sizeOf } from "./family.ts";

const family = fc.stringMatching(/^[a-z]{1,3}[1-9][a-z]{0,2}(?:-[a-z]{1,4})?$/);

describe("names of families", () => {
  it.each([
    "c7g",
    "C7G",
    "u-6tb1",
    "m7i-flex",
    "c7*",
    "c*",
    "m7i-*",
    `${"c".repeat(31)}*`,
    "c7g.2xlarge",
    "C7G.Large",
    "m7i-flex.large",
    "c7*.large",
    "c7i.metal-24xl",
  ])("are such as %s", (name) => {
    expect(isFamilyName(name, 0, name.length)).toBe(true);
    expect(isFamilyName(`family=${name}+t3`, 7, 7 + name.length)).toBe(true);
  });

  it.each([
    "",
    "*",
    "-*",
    "7*",
    "c7*g",
    "c**",
    "c7.*",
    "c--*",
    `${"c".repeat(32)}*`,
    ".large",
    "*.large",
    "c7g.",
    "c7g.2x large",
    "c7g.large.large",
    "c7g.-large",
    "c7g.large-",
    "c7g.larg*",
    `c7g.${"l".repeat(17)}`,
  ])("are not such as %s", (name) => {
    expect(isFamilyName(name, 0, name.length)).toBe(false);
  });

  it("name one family, or with a star all that begin so", () => {
    fc.assert(
      fc.property(family, family, fc.nat(8), (one, other, cut) => {
        expect(namesFamily(one, other)).toBe(one === other);
        const start = one.slice(0, cut + 1);
        expect(namesFamily(`${start}*`, one)).toBe(true);
        expect(namesFamily(`${start}*`, other)).toBe(other.startsWith(start));
      }),
    );
  });

  it("with a size name the types of that size alone", () => {
    const size = fc.constantFrom("large", "2xlarge", "12xlarge");
    fc.assert(
      fc.property(family, size, family, size, fc.nat(8), (one, small, other, large, cut) => {
        const type = `${other}.${large}`;
        expect(namesFamily(`${one}.${small}`, type)).toBe(one === other && small === large);
        const start = `${other.slice(0, cut + 1)}*`;
        expect(namesFamily(`${start}.${small}`, type)).toBe(small === large);
        // Without one they name types of any; and a type is less than its family.
        expect(namesFamily(start, type)).toBe(true);
        expect(namesFamily(one, type)).toBe(one === other);
        expect(namesFamily(type, other)).toBe(false);
        expect(sizeOf(type)).toBe(large);
        expect(sizeOf(start)).toBeUndefined();
      }),
    );
  });

  it("are of bare metal when their size says so", () => {
    expect(["c7i.metal-24xl", "c7g.metal", "c7*.metal"].every(isMetalName)).toBe(true);
    expect(["metal", "metal*", "c7g.large", "c7g"].some(isMetalName)).toBe(false);
  });

  it("name all of another name exactly when they name every family of it", () => {
    const name = fc
      .tuple(family, fc.boolean(), fc.constantFrom("", ".large", ".xlarge"))
      .map(([text, isStart, size]) => text + (isStart ? "*" : "") + size);
    const type = fc
      .tuple(family, fc.constantFrom("large", "xlarge"))
      .map((parts) => parts.join("."));
    fc.assert(
      fc.property(name, name, fc.oneof(family, type), (outer, inner, one) => {
        if (namesFamily(outer, inner) && namesFamily(inner, one)) {
          expect(namesFamily(outer, one)).toBe(true);
        }
      }),
    );
    expect(namesFamily("c7*", "c7g*")).toBe(true);
    expect(namesFamily("c7g*", "c7*")).toBe(false);
    expect(namesFamily("c7g", "c7g*")).toBe(false);
  });

  it.each([
    "a1",
    "a1*",
    "t4g",
    "c7g",
    "c7gd",
    "c7g*",
    "c7gn",
    "im4gn",
    "is4gen",
    "g5g",
    "hpc7g",
    "x2gd",
    "a1.large",
    "a1*.large",
    "c7g.2xlarge",
    "c7gd*.large",
  ])("that have only arm64 are known: %s", (name) => expect(isArmName(name)).toBe(true));

  it.each([
    "c7",
    "c7*",
    "c7a",
    "m7i-flex",
    "g4dn",
    "g6",
    "gr6",
    "g*",
    "u-6tb1",
    "p5en",
    "a10",
    "c7a.large",
    "m7i.metal-g",
  ])("that have others are none of those: %s", (name) => expect(isArmName(name)).toBe(false));
});
