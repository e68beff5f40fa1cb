import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AliasPattern, matchAliasPattern, parseAliasPattern } from "./alias-pattern.ts";

function pattern(source: string): AliasPattern {
  const parsed = parseAliasPattern(source);
  if (!parsed.ok) throw new Error(parsed.issues.map(({ message }) => message).join());
  return parsed.value;
}

function match(source: string, label: string): readonly string[] | undefined {
  return matchAliasPattern(pattern(source), label)?.map(([from, to]) => label.slice(from, to));
}

/** A label that counts how often it is looked at. */
function counted(text: string): { length: number; charCodeAt(at: number): number; looks: number } {
  return {
    length: text.length,
    looks: 0,
    charCodeAt(at) {
      this.looks += 1;
      return text.charCodeAt(at);
    },
  };
}

describe("a pattern of an alias", () => {
  it.each([
    ["gpu", "gpu", []],
    ["GPU", "gpu", []],
    ["gpu", "gpu2", undefined],
    ["gpu", "my-gpu", undefined],
    ["ci-(\\d+)x-arm64", "ci-16x-arm64", ["16"]],
    ["ci-(\\d+)x-arm64", "ci-x-arm64", undefined],
    ["ci-(\\d+)x-arm64", "ci-16x-arm64-spot", undefined],
    ["([a-z]+)-(\\d+)", "linux-8", ["linux", "8"]],
    ["([a-z]+)-(\\d+)", "linux2-8", undefined],
    ["([a-z0-9-]+)-(\\d+)", "a-b-1-22", ["a-b-1", "22"]],
    ["([a-z0-9-]+)([a-z]+)", "abc", ["ab", "c"]],
    ["(\\d+)(\\d+)", "123", ["12", "3"]],
    ["(\\d+)(\\d+)", "1", undefined],
    ["ubuntu-22.04", "ubuntu-22.04", []],
    ["ubuntu-22.04", "ubuntu-22x04", undefined],
    ["ubuntu-22\\.04", "ubuntu-22.04", []],
    ["c\\+\\+", "c++", []],
    ["", "", undefined],
  ])("%s reads %s as %j", (source, label, captures) => {
    expect(source === "" ? undefined : match(source, label)).toEqual(captures);
  });

  it.each([
    "",
    "x".repeat(257),
    "^ci$",
    "ci$",
    "ci-.*",
    "ci-\\d+",
    "ci-(a|b)",
    "ci-([0-9]+)",
    "(ci)",
    "[ab]",
    "a{2}",
    "a?",
    "a+",
    "ends-with-\\",
    "(\\d+)".repeat(10),
  ])("refuses %s and says why", (source) => {
    expect(parseAliasPattern(source)).toMatchObject({
      ok: false,
      issues: [{ code: "invalid-pattern", severity: "error", path: [] }],
    });
  });

  it("says what to write instead of anchors", () => {
    expect(parseAliasPattern("^ci")).toMatchObject({ issues: [{ suggestion: "ci" }] });
    expect(parseAliasPattern("ci$")).toMatchObject({ issues: [{ suggestion: "ci" }] });
  });

  it("agrees with the regular expression it looks like", () => {
    const part = fc.constantFrom("(\\d+)", "([a-z]+)", "([a-z0-9-]+)", "a", "1", "-", "ab", "1-");
    const label = fc.string({ unit: fc.constantFrom("a", "b", "1", "2", "-"), maxLength: 12 });
    const property = fc.property(
      fc.array(part, { minLength: 1, maxLength: 5 }),
      label,
      (parts, text) => {
        const source = parts.join("");
        const expected = new RegExp(`^${source}$`).exec(text);
        expect(match(source, text)).toEqual(expected === null ? undefined : expected.slice(1));
      },
    );
    fc.assert(property, { numRuns: 3_000 });
  });

  it("never throws, whatever the pattern and the label", () => {
    const property = fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }),
      (source, label) => {
        const parsed = parseAliasPattern(source);
        if (parsed.ok) matchAliasPattern(parsed.value, label);
      },
    );
    fc.assert(property);
  });

  it.each([
    ["([a-z0-9-]+)([a-z0-9-]+)([a-z0-9-]+)([a-z0-9-]+)([a-z0-9-]+)!", "a"],
    ["([a-z]+)a([a-z]+)a([a-z]+)a([a-z0-9-]+)1", "a"],
    ["(\\d+)1(\\d+)1(\\d+)1(\\d+)x", "1"],
    ["([a-z0-9-]+)aaaaaaaaaaaaaaaa([a-z0-9-]+)!", "a"],
  ])(
    "looks at a hostile label a number of times in proportion to its length: %s",
    (source, sign) => {
      const looks = (length: number) => {
        const label = counted(sign.repeat(length));
        expect(matchAliasPattern(pattern(source), label)).toBeUndefined();
        return label.looks;
      };
      // A quadratic matcher would look 16 times as often.
      expect(looks(256)).toBeLessThanOrEqual(4.5 * looks(64));
      const withMatch = source.replace(/[!x1]$/, sign);
      const label = counted(sign.repeat(256));
      expect(matchAliasPattern(pattern(withMatch), label)).toBeDefined();
      expect(label.looks).toBeLessThan(256 * (source.length + 20));
    },
  );
});
