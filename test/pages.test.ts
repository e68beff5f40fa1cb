import { describe, expect, it } from "vitest";
import { deadLinks, excerpt, refresh } from "../scripts/readme.mjs";

const files: Readonly<Record<string, string>> = {
  "examples/a.ts": [
    'import { x } from "x";',
    "function f() {",
    "  // #region inner",
    "  const y = x();",
    "  if (y) {",
    "    stop();",
    "  }",
    "  // #endregion inner",
    "}",
    "",
  ].join("\n"),
};
const read = (path: string) => files[path];
const page = (code: string, marker = "<!-- code: examples/a.ts#inner -->\n") =>
  `# Title\n\n${marker}\`\`\`ts\n${code}\`\`\`\n\nMore.\n`;
const inner = "const y = x();\nif (y) {\n  stop();\n}\n";

describe("code in pages", () => {
  it("is a whole file or one of its regions, without the indent of its place", () => {
    expect(excerpt("examples/a.ts", read)).toBe(files["examples/a.ts"]);
    expect(excerpt("examples/a.ts#inner", read)).toBe(inner);
    expect(excerpt("examples/a.ts#outer", read)).toBeUndefined();
    expect(excerpt("examples/b.ts", read)).toBeUndefined();
  });

  it("is left alone when it equals its source, and replaced when it does not", () => {
    expect(refresh("README.md", page(inner), read)).toEqual({ text: page(inner), faults: [] });
    expect(refresh("README.md", page("old();\n"), read)).toEqual({ text: page(inner), faults: [] });
  });

  it("survives code that looks like a replacement pattern", () => {
    const dollars = "const price = `$&$1$$`;\n";
    const marked = page("old();\n", "<!-- code: d.ts -->\n");
    expect(refresh("README.md", marked, () => dollars).text).toContain(dollars);
  });

  it("is refused in a README when it comes from nowhere", () => {
    expect(refresh("packages/core/README.md", page(inner, ""), read).faults).toHaveLength(1);
    expect(refresh("README.md", page(inner, "<!-- code: gone.ts -->\n"), read).faults).toEqual([
      "README.md: gone.ts does not exist",
    ]);
    expect(refresh("docs/design.md", page(inner, ""), read).faults).toEqual([]);
  });
});

describe("links in pages", () => {
  it("lead to files of the repository or out of it", () => {
    const text =
      "[a](./b.md#part) [c](https://example.com) [d](#here) [e](../gone.md) `[f](none.md)`";
    expect(deadLinks("docs/a.md", text, (path) => path === "docs/b.md")).toEqual([
      "docs/a.md: ../gone.md leads nowhere",
    ]);
  });
});
