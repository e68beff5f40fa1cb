import { describe, expect, it } from "vitest";
import { readYaml } from "./read-yaml.ts";

const rules = (text: string) => readYaml(text, "f").issues.map(({ rule }) => rule);

describe("what would bring a parser down", () => {
  it.each([
    ["- ".repeat(100_000), "too-deep"],
    ["? ".repeat(100_000), "too-deep"],
    ["[".repeat(100_000), "too-deep"],
    [Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"), "too-deep"],
    ["a: &a { b: *a }", "too-deep"],
    ["a: &a { <<: *a }", "too-deep"],
    ["a: &a { b: &b { <<: *a }, <<: *b }", "too-deep"],
    [
      `a: &a0 {}\n${Array.from({ length: 20_000 }, (_, at) => `b${at}: &a${at + 1} [*a${at}]\n`).join("")}`,
      "too-deep",
    ],
    ["&a ".repeat(1_000), "yaml-syntax"],
    ["a:".repeat(400_000), "yaml-syntax"],
  ])("is refused: %#", (text, rule) => {
    expect(rules(text)).toContain(rule);
  });

  it("is no name that is given again inside of what it names, nor many copies side by side", () => {
    expect(rules("a: &a { b: &a { c: 1 }, d: *a }\ne: *a\n")).toEqual([]);
    const nested = `${"[".repeat(30)}1${"]".repeat(30)}`;
    expect(rules(`a: &a ${nested}\nb: &b [*a, *a, *a]\nc: [[*b, *a], *b]\n`)).toEqual([]);
    expect(rules(`a: &a ${nested}\nb: &b [*a]\nc: ${nested.replace("1", "*b")}\n`)).toEqual([]);
    expect(rules(`a: &a ${nested}\nb: &b [[[*a]]]\nc: [[${nested.replace("1", "*b")}]]\n`)).toEqual(
      ["too-deep"],
    );
  });

  it("is no hundred thousand keys, of which one is there twice", () => {
    const keys = Array.from({ length: 100_000 }, (_, index) => `a${index}: 1`).join("\n");
    expect(rules(`${keys}\na7: 2\n`)).toEqual(["duplicate-key"]);
  });
});

describe("a field", () => {
  const text = `a: &a { b: 1, c: [x, { d: 2 }] }
e: { <<: *a, f: 3 }
g: *a
h:
`;
  const at = (path: readonly (string | number)[], isAboutKey = false) => {
    const issue = { rule: "r", severity: "error", message: "m", path, isAboutKey } as const;
    const { start, end } = readYaml(text, "f").place(issue);
    return [start.line, text.slice(start.offset, end.offset)];
  };
  it.each([
    [["a", "b"], 1, "1"],
    [["a", "c", 0], 1, "x"],
    [["a", "c", 1, "d"], 1, "2"],
    [["a", "c", 1], 1, "{ d: 2 }"],
    [["e", "b"], 1, "1"],
    [["e", "f"], 2, "3"],
    [["g", "c", 1, "d"], 1, "2"],
    [["h"], 4, "h"],
    [["e", "none"], 2, "e"],
    [["none", 3], 1, ""],
    [[], 1, ""],
  ] as const)("%j stands where it was written", (path, line, marked) => {
    expect(at(path)).toEqual([line, marked]);
  });

  it("can be its key", () => {
    expect(at(["a", "b"], true)).toEqual([1, "b"]);
  });
});
