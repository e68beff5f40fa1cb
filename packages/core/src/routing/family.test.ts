import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isArmName, isFamilyName, namesFamily } from "./family.ts";

const family = fc.stringMatching(/^[a-z]{1,3}[1-9][a-z]{0,2}(?:-[a-z]{1,4})?$/);

describe("names of families", () => {
  it.each(["c7g", "C7G", "u-6tb1", "m7i-flex", "c7*", "c*", "m7i-*", `${"c".repeat(31)}*`])(
    "are such as %s",
    (name) => {
      expect(isFamilyName(name, 0, name.length)).toBe(true);
      expect(isFamilyName(`family=${name}+t3`, 7, 7 + name.length)).toBe(true);
    },
  );

  it.each(["", "*", "-*", "7*", "c7*g", "c**", "c7*.large", "c7.*", "c--*", `${"c".repeat(32)}*`])(
    "are not such as %s",
    (name) => {
      expect(isFamilyName(name, 0, name.length)).toBe(false);
    },
  );

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

  it("name all of another name exactly when they name every family of it", () => {
    const name = fc
      .tuple(family, fc.boolean())
      .map(([text, isStart]) => text + (isStart ? "*" : ""));
    fc.assert(
      fc.property(name, name, family, (outer, inner, one) => {
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
  ])("that have only arm64 are known: %s", (name) => expect(isArmName(name)).toBe(true));

  it.each(["c7", "c7*", "c7a", "m7i-flex", "g4dn", "g6", "gr6", "g*", "u-6tb1", "p5en"])(
    "that have others are none of those: %s",
    (name) => expect(isArmName(name)).toBe(false),
  );
});
